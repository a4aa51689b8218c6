// gather.hpp: positions grouped by id: how rows of equal ids are added without two threads meeting at one row; and how
// rows are asked for ahead of their use.
//
// Internal to tensor/. Read next: gather.cpp.
#pragma once
#include <functional>

#include "tensor/ids.hpp"
#include "tensor/storage.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Positions of ids, ids ascending, positions of equal ids in order: group g is order[starts[g]] … order[starts[g + 1]
/// - 1], all with the id ids[g].
struct Groups {
  BlockVector<Index> order, starts, ids;
  Index count() const { return static_cast<Index>(ids.size()); }
  Index first(Index group) const { return starts[static_cast<std::size_t>(group)]; }
  Index id(Index group) const { return ids[static_cast<std::size_t>(group)]; }
  Index position(Index i) const { return order[static_cast<std::size_t>(i)]; }
};

/// By a stable radix sort: no more than a few passes over the ids.
Groups group_by_id(const Ids& ids);

/// Asks for a row that is needed soon: rows lie anywhere, and what the CPU fetches by itself ends with each of them.
inline void fetch_row(const real* row, Index width) {
  constexpr Index line = 64 / sizeof(real);
  for (Index i = 0; i < width; i += line) __builtin_prefetch(row + i);
  __asm__ volatile("");  // no instruction, but GCC leaves out calls of functions that do nothing but fetch
}

/// In parallel, body(group, sum) for each group with the sum of its rows, added in order; rows [R, width]. A row that
/// is alone is handed over where it lies.
void each_row_sum(const Groups& groups, const real* rows, Index width,
                  const std::function<void(Index group, const real* sum)>& body);

}  // namespace lexigrad::inline LEXIGRAD_NS
