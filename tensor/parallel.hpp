// parallel.hpp: loops over several threads, the same bits with any number of them.
//
// Work is cut into fixed chunks that depend on its size only; threads take chunks in any order, and whatever is
// summed is summed per chunk and then over the chunks in their order. parallel.cpp is the only file that knows
// OpenMP. Regions never nest: a parallel loop inside a chunk runs serially.
// Read next: ops.hpp.
#pragma once
#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "tensor/storage.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// How many threads a parallel loop may use now (OMP_NUM_THREADS, or the innermost ThreadScope).
int thread_count();

/// A variable has another value until the scope ends.
template <class T>
class Restored {
 public:
  Restored(T& place, T value) : place_(place), before_(std::exchange(place, value)) {}
  ~Restored() { place_ = before_; }
  Restored(const Restored&) = delete;

 private:
  T& place_;
  T before_;
};

/// Limits the threads of parallel loops begun by this thread, until the scope ends.
struct ThreadScope : Restored<int> {
  explicit ThreadScope(int threads);  ///< fewer than 1 counts as 1
};

/// Calls run(chunk) for every chunk in [0, chunks), on several threads. An exception does not stop the other
/// chunks; that of the lowest chunk is thrown when all are done.
void run_chunks(Index chunks, const std::function<void(Index chunk)>& run);

/// body(begin, end) over [0, count) in chunks of `grain` (the last one shorter). One chunk: runs at once, no threads.
template <class Body>
void parallel_for(Index count, Index grain, Body&& body) {
  if (count <= 0) return;
  grain = std::max<Index>(grain, 1);
  if (count <= grain) return void(body(Index{0}, count));
  const auto run = [&](Index chunk) { body(chunk * grain, std::min((chunk + 1) * grain, count)); };
  run_chunks((count + grain - 1) / grain, std::ref(run));  // a reference: no memory is taken for a copy
}

/// body(i) for each i in [0, count), in chunks of `grain`.
template <class Body>
void parallel_for_each(Index count, Index grain, Body&& body) {
  parallel_for(count, grain, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) body(i);
  });
}

/// Sum over chunks of partial(begin, end), in 64-bit, added in chunk order: the same bits with any thread count.
template <class Partial>
double parallel_sum(Index count, Index grain, Partial&& partial) {
  if (count <= 0) return 0.0;
  grain = std::max<Index>(grain, 1);
  BlockVector<double> sums(static_cast<std::size_t>((count + grain - 1) / grain));
  parallel_for(count, grain, [&](Index begin, Index end) {
    sums[static_cast<std::size_t>(begin / grain)] = static_cast<double>(partial(begin, end));
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

/// Chunk of a loop over rows of `width` numbers each, so that a chunk is worth about `work` numbers.
inline Index row_grain(Index width, Index work = 16384) { return std::max<Index>(1, work / std::max<Index>(width, 1)); }

}  // namespace lexigrad::inline LEXIGRAD_NS
