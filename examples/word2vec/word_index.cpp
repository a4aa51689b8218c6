// word_index.cpp: the hash table.
#include "word2vec/word_index.hpp"

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
  const std::uint64_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(bytes_).substr(begin, ends_[i] - begin);
}

// The slot that holds the word, or the empty one where it would go.
std::size_t WordIndex::slot_of(std::string_view word, std::uint32_t hash) const {
  std::size_t slot = hash & (slots_.size() - 1);
  while (slots_[slot] != 0) {
    const std::uint32_t number = slots_[slot] - 1;
    if (hashes_[number] == hash && this->word(number) == word) break;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

void WordIndex::grow() {
  slots_.assign(slots_.empty() ? 1024 : slots_.size() * 2, 0);
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    std::size_t slot = hashes_[i] & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

Index WordIndex::find(std::string_view word) const {
  return slots_.empty() ? -1 : Index{slots_[slot_of(word, hash_of(word))]} - 1;
}

Index WordIndex::add(std::string_view word) {
  if (2 * (hashes_.size() + 1) > slots_.size()) grow();
  const std::uint32_t hash = hash_of(word);
  const std::size_t slot = slot_of(word, hash);
  if (slots_[slot] == 0) {
    bytes_ += word;
    ends_.push_back(bytes_.size());
    hashes_.push_back(hash);
    slots_[slot] = static_cast<std::uint32_t>(hashes_.size());
  }
  return Index{slots_[slot]} - 1;
}

}  // namespace lexigrad::word2vec
