// word_index.cpp: the hash table.
#include "word2vec/word_index.hpp"

#include <array>
#include <cstring>

namespace lexigrad::word2vec {
namespace {

// Eight letters at a time, each multiplied through the whole word (Fibonacci hashing); the upper half is well mixed.
std::uint32_t hash_of(std::string_view word) {
  constexpr std::uint64_t factor = 0x9E3779B97F4A7C15;
  std::uint64_t hash = word.size() * factor;
  while (!word.empty()) {
    std::uint64_t letters = 0;
    const std::size_t count = word.size() < sizeof(letters) ? word.size() : sizeof(letters);
    std::memcpy(&letters, word.data(), count);
    hash = (hash ^ letters) * factor;
    hash ^= hash >> 32;
    word.remove_prefix(count);
  }
  return static_cast<std::uint32_t>(hash * factor >> 32);
}

}  // namespace

std::string_view WordIndex::word(Index number) const {
  const auto i = static_cast<std::size_t>(number);
  const std::uint64_t begin = i == 0 ? 0 : ends_[i - 1] + 1;
  return std::string_view(bytes_).substr(begin, ends_[i] - begin);
}

// The slot that holds the word, or the empty one where it would go.
std::size_t WordIndex::slot_of(std::string_view word, std::uint32_t hash) const {
  const auto is_word = [&](const Slot& s) {
    if (s.hash != hash) return false;
    const char* bytes = bytes_.data() + s.begin;  // no longer than `word` before a 0 ends it
    return std::strncmp(bytes, word.data(), word.size()) == 0 && bytes[word.size()] == '\0';
  };
  std::size_t slot = hash & (slots_.size() - 1);
  while (slots_[slot].next != 0 && !is_word(slots_[slot])) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

void WordIndex::grow() {
  std::vector<Slot> before(slots_.empty() ? 1024 : slots_.size() * 2);
  before.swap(slots_);
  for (const Slot& old : before) {
    if (old.next == 0) continue;
    std::size_t slot = old.hash & (slots_.size() - 1);
    while (slots_[slot].next != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = old;
  }
}

Index WordIndex::find(std::string_view word) const {
  return slots_.empty() ? -1 : Index{slots_[slot_of(word, hash_of(word))].next} - 1;
}

void WordIndex::find(const std::vector<std::string_view>& words, std::vector<Index>& numbers) const {
  constexpr std::size_t ahead = 8;
  std::array<std::uint32_t, ahead> hashes{};
  numbers.assign(words.size(), -1);
  for (std::size_t i = 0; i < words.size() + ahead && !slots_.empty(); ++i) {
    if (i >= ahead) {
      numbers[i - ahead] = Index{slots_[slot_of(words[i - ahead], hashes[i % ahead])].next} - 1;
    }
    if (i >= words.size()) continue;
    hashes[i % ahead] = hash_of(words[i]);
    __builtin_prefetch(&slots_[hashes[i % ahead] & (slots_.size() - 1)]);
  }
}

Index WordIndex::add(std::string_view word) {
  if (2 * (ends_.size() + 1) > slots_.size()) grow();
  const std::uint32_t hash = hash_of(word);
  Slot& slot = slots_[slot_of(word, hash)];
  if (slot.next == 0) {
    const std::uint64_t begin = bytes_.size();
    bytes_ += word;
    ends_.push_back(bytes_.size());
    bytes_ += '\0';
    slot = {hash, static_cast<std::uint32_t>(ends_.size()), begin};
  }
  return Index{slot.next} - 1;
}

}  // namespace lexigrad::word2vec
