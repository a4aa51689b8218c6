// word_index.cpp: the hash table.
#include "word2vec/word_index.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace lexigrad::word2vec {
namespace {

static_assert(std::endian::native == std::endian::little, "letters are put together as they lie in memory");

// The first eight letters as one number; fewer are followed by zeros. Short words are read as two pieces that overlap.
std::uint64_t letters_of(std::string_view word) {
  const char* p = word.data();
  const std::size_t size = word.size();
  const auto piece = [p]<class Number>(Number number, std::size_t at) {
    std::memcpy(&number, p + at, sizeof(Number));
    return std::uint64_t{number} << 8 * at;
  };
  if (size >= 8) return piece(std::uint64_t{}, 0);
  if (size >= 4) return piece(std::uint32_t{}, 0) | piece(std::uint32_t{}, size - 4);
  if (size >= 2) return piece(std::uint16_t{}, 0) | piece(std::uint16_t{}, size - 2);
  return size == 1 ? piece(std::uint8_t{}, 0) : 0;
}

// Eight letters at a time, each multiplied through the whole word (Fibonacci hashing); the upper half is well mixed.
std::uint32_t hash_of(std::string_view word) {
  constexpr std::uint64_t factor = 0x9E3779B97F4A7C15;
  std::uint64_t hash = word.size() * factor;
  for (std::size_t at = 0; at < word.size(); at += 8) {
    hash = (hash ^ letters_of(word.substr(at))) * factor;
    hash ^= hash >> 32;
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
  const std::uint64_t letters = letters_of(word);
  const auto is_word = [&](const Slot& s) {
    if (s.hash != hash || s.letters != letters) return false;
    if (word.size() < sizeof(letters)) return true;  // the zeros behind them are equal, too
    const char* bytes = bytes_.data() + s.begin;     // no longer than `word` before a 0 ends it
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
    slot = {hash, static_cast<std::uint32_t>(ends_.size()), begin, letters_of(word)};
  }
  return Index{slot.next} - 1;
}

}  // namespace lexigrad::word2vec
