// bpe_merge.hpp: the merging of one piece: which neighbours may become one token, and in which order they do.
//
// Knows ids only, neither bytes nor files. Short pieces are searched again after each merge, which is fastest for
// words; long ones keep their pairs in a heap, in time n log n: a million letters without a blank are no matter. Read
// next: bpe.cpp.
#pragma once
#include <cstdint>
#include <vector>

#include "tensor/ids.hpp"
#include "text/hashing.hpp"

namespace lexigrad::text {

/// Pairs of ids that may be merged: an open-addressing hash table, two or three in four slots of it empty.
class MergeTable {
 public:
  using Id = std::uint32_t;
  static constexpr Id none = 0xFFFFFFFF;  ///< no id, no rank

  /// What is known of a pair: lower ranks are merged first.
  struct Found {
    Id rank = none;  ///< none: the pair is not merged
    Id id = none;    ///< of the token that the two become
  };

  explicit MergeTable(std::size_t pairs = 0);  ///< with room for so many
  /// False, and nothing done, when the pair is there already. Throws StateError when there is no room.
  bool add(Id left, Id right, Id rank, Id id);
  Index size() const { return size_; }

  Found find(Id left, Id right) const {
    const std::uint64_t key = key_of(left, right);
    for (std::size_t slot = slot_of(key);; slot = (slot + 1) & mask_) {
      if (slots_[slot].key == key) return slots_[slot].found;
      if (slots_[slot].key == empty) return {};
    }
  }

  /// All pairs, in order of rank (then of left and right).
  struct Pair {
    Id left, right;
    Found found;
  };
  std::vector<Pair> pairs() const;

 private:
  struct Slot {
    std::uint64_t key = empty;
    Found found;
  };
  static constexpr std::uint64_t empty = ~std::uint64_t{0};  // the pair of none and none

  static std::uint64_t key_of(Id left, Id right) { return std::uint64_t{left} << 32 | right; }
  std::size_t slot_of(std::uint64_t key) const { return static_cast<std::size_t>(spread(key)) & mask_; }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  Index size_ = 0;
};

/// Merges the tokens ids[from] … ids[size - 1] until no neighbours can be merged: always the pair of the lowest rank,
/// of those the leftmost. Throws ValueError for more than 2³² - 2 tokens.
void merge_all(const MergeTable& table, std::vector<MergeTable::Id>& ids, std::size_t from);

}  // namespace lexigrad::text
