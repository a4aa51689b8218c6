// bpe_merge.cpp: two ways to the same tokens, by the length of the piece.
#include "text/bpe_merge.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <queue>
#include <tuple>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::text {
namespace {

using Id = MergeTable::Id;
using Found = MergeTable::Found;
constexpr Id none = MergeTable::none;
constexpr std::size_t short_piece = 64;  // from here on the heap is faster

// pair[i] is what is known of ids[i] and its right neighbour. Returns how many tokens are left.
std::size_t merge_short(const MergeTable& table, Id* ids, std::size_t size) {
  std::array<Found, short_piece> pair;
  for (std::size_t i = 0; i + 1 < size; ++i) pair[i] = table.find(ids[i], ids[i + 1]);
  while (size > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < size; ++i) {
      if (pair[i].rank < pair[best].rank) best = i;
    }
    if (pair[best].rank == none) break;
    ids[best] = pair[best].id;
    std::copy(ids + best + 2, ids + size, ids + best + 1);
    std::copy(pair.begin() + best + 1, pair.begin() + size - 1, pair.begin() + best);
    --size;
    if (best > 0) pair[best - 1] = table.find(ids[best - 1], ids[best]);
    if (best + 1 < size) pair[best] = table.find(ids[best], ids[best + 1]);
  }
  return size;
}

// The tokens of a long piece as a linked list, and a heap of (rank, place) of their pairs. An entry of the heap is out
// of date when the pair that begins at its place has another rank by now, and is then left out.
class LongPiece {
 public:
  LongPiece(const MergeTable& table, Id* ids, std::size_t size)
      : table_(table), ids_(ids), before_(size), after_(size), rank_(size, none) {
    std::vector<std::uint64_t> entries;
    for (std::size_t i = 0; i < size; ++i) {
      before_[i] = static_cast<Id>(i) - 1;  // none for the first
      after_[i] = i + 1 < size ? static_cast<Id>(i + 1) : none;
      if (after_[i] == none) break;
      rank_[i] = table.find(ids[i], ids[i + 1]).rank;
      if (rank_[i] != none) entries.push_back(entry(i));
    }
    heap_ = Heap(std::greater<>(), std::move(entries));
  }

  std::size_t merge() {
    while (!heap_.empty()) {
      const std::uint64_t top = heap_.top();
      heap_.pop();
      const Id place = static_cast<Id>(top);
      if (rank_[place] == top >> 32) merge_at(place);
    }
    std::size_t size = 0;
    for (Id at = 0; at != none; at = after_[at]) ids_[size++] = ids_[at];
    return size;
  }

 private:
  using Heap = std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>>;

  std::uint64_t entry(std::size_t place) const { return std::uint64_t{rank_[place]} << 32 | place; }

  void merge_at(Id place) {
    const Id gone = after_[place];
    ids_[place] = table_.find(ids_[place], ids_[gone]).id;
    rank_[gone] = none;
    after_[place] = after_[gone];
    if (after_[place] != none) before_[after_[place]] = place;
    look_at(place);
    if (before_[place] != none) look_at(before_[place]);
  }

  void look_at(Id place) {
    const Id next = after_[place];
    rank_[place] = next == none ? none : table_.find(ids_[place], ids_[next]).rank;
    if (rank_[place] != none) heap_.push(entry(place));
  }

  const MergeTable& table_;
  Id* ids_;
  std::vector<Id> before_, after_, rank_;
  Heap heap_;
};

}  // namespace

MergeTable::MergeTable(std::size_t pairs) : slots_(std::bit_ceil(2 * pairs + 2)), mask_(slots_.size() - 1) {}

bool MergeTable::add(Id left, Id right, Id rank, Id id) {
  if (static_cast<std::size_t>(size_) + 1 >= slots_.size()) throw StateError("merge table", "there is no room");
  const std::uint64_t key = key_of(left, right);
  std::size_t slot = slot_of(key);
  for (; slots_[slot].key != empty; slot = (slot + 1) & mask_) {
    if (slots_[slot].key == key) return false;
  }
  slots_[slot] = {key, {rank, id}};
  ++size_;
  return true;
}

std::vector<MergeTable::Pair> MergeTable::pairs() const {
  std::vector<Pair> result;
  for (const Slot& slot : slots_) {
    if (slot.key == empty) continue;
    result.push_back({static_cast<Id>(slot.key >> 32), static_cast<Id>(slot.key), slot.found});
  }
  std::sort(result.begin(), result.end(), [](const Pair& a, const Pair& b) {
    return std::tie(a.found.rank, a.left, a.right) < std::tie(b.found.rank, b.left, b.right);
  });
  return result;
}

void merge_all(const MergeTable& table, std::vector<Id>& ids, std::size_t from) {
  const std::size_t size = ids.size() - from;
  if (size >= none) throw ValueError("encode", fmt::format("a piece of {} bytes is longer than 4 GiB", size));
  Id* begin = ids.data() + from;
  ids.resize(from + (size <= short_piece ? merge_short(table, begin, size) : LongPiece(table, begin, size).merge()));
}

}  // namespace lexigrad::text
