// piece_counts.hpp: the different pieces of a text and how often each occurs, in the order in which they came first.
// Read next: bpe_training.cpp, which learns from them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/ids.hpp"

namespace lexigrad::text {

/// An open-addressing hash table from pieces to counts; the bytes of all pieces lie in one string.
class PieceCounts {
 public:
  PieceCounts() : slots_(1024, 0) {}

  void add(std::string_view piece, Index count = 1);
  /// All of another table, in its order.
  void add(const PieceCounts& other);

  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_.size(); }  ///< of all pieces
  std::string_view piece(std::size_t i) const {
    return std::string_view(bytes_).substr(entries_[i].begin, entries_[i].size);
  }
  Index count(std::size_t i) const { return entries_[i].count; }

 private:
  struct Entry {
    std::size_t begin = 0, size = 0;
    std::uint64_t hash = 0;
    Index count = 0;
  };
  void grow();

  std::string bytes_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // 1 + the place of an entry, or 0; a power of two, at most half full
};

}  // namespace lexigrad::text
