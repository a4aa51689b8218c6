// word_index.hpp: a set of words, numbered in the order in which they came. All bytes lie in one string, and the hash
// table holds numbers only: millions of words cost little more than their letters. Read next: vocabulary.hpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/real.hpp"

namespace lexigrad::word2vec {

class WordIndex {
 public:
  /// The number of a word, which holds no byte 0; a new one gets size().
  Index add(std::string_view word);
  /// The number of a word, -1 when it is not here.
  Index find(std::string_view word) const;
  /// The numbers of words, as find() gives them. The table is asked for several words ahead of each.
  void find(const std::vector<std::string_view>& words, std::vector<Index>& numbers) const;
  /// The word of a number in [0, size()); valid until the next add().
  std::string_view word(Index number) const;
  Index size() const { return static_cast<Index>(ends_.size()); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t next = 0;     // number + 1, or 0 where nothing is
    std::uint64_t begin = 0;    // of its bytes
    std::uint64_t letters = 0;  // the first eight: most words are known by them
  };

  std::size_t slot_of(std::string_view word, std::uint32_t hash) const;
  void grow();

  std::string bytes_;                // all words, each with a 0 behind it
  std::vector<std::uint64_t> ends_;  // where each ends
  std::vector<Slot> slots_;          // open addressing, linear
};

}  // namespace lexigrad::word2vec
