// parallel.cpp: the one file that knows OpenMP. Without it the same code runs on one thread.
#include "tensor/parallel.hpp"

#include <array>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

thread_local int thread_limit = 0;  // 0: no ThreadScope is open

constexpr int most_ranges = 64;  // of one loop; with more threads some share one

struct alignas(64) Range {  // a cache line for each
  std::atomic<Index> next;  // chunk
};

}  // namespace

int thread_count() {
#ifdef _OPENMP
  if (omp_in_parallel()) return 1;
  return thread_limit > 0 ? thread_limit : omp_get_max_threads();
#else
  return 1;
#endif
}

ThreadScope::ThreadScope(int threads) : previous_(thread_limit) { thread_limit = std::max(threads, 1); }
ThreadScope::~ThreadScope() { thread_limit = previous_; }

void run_chunks(Index chunks, void* context, void (*run)(void* context, Index chunk)) {
  std::mutex mutex;
  std::exception_ptr error;
  Index error_chunk = std::numeric_limits<Index>::max();
  const auto guarded = [&](Index chunk) noexcept {
    try {
      run(context, chunk);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (chunk < error_chunk) {
        error_chunk = chunk;
        error = std::current_exception();
      }
    }
  };
  const int threads = static_cast<int>(std::min<Index>(thread_count(), chunks));
  if (threads <= 1) {
    for (Index chunk = 0; chunk < chunks; ++chunk) guarded(chunk);
  } else {
#ifdef _OPENMP
    // Affinity scheduling (Markatos & LeBlanc 1994): each thread begins with a range of its own, the same one in every
    // loop of as many chunks, so it finds in its caches what it wrote last time; who is done helps the others.
    std::array<Range, most_ranges> ranges;
    const int count = std::min(threads, most_ranges);
    for (int r = 0; r < count; ++r) ranges[static_cast<std::size_t>(r)].next = chunks * r / count;
#pragma omp parallel num_threads(threads)
    {
      const int own = omp_get_thread_num();
      for (int step = 0; step < count; ++step) {
        const int r = (own + step) % count;
        const Index end = chunks * (r + 1) / count;
        std::atomic<Index>& next = ranges[static_cast<std::size_t>(r)].next;
        for (Index chunk; (chunk = next.fetch_add(1, std::memory_order_relaxed)) < end;) guarded(chunk);
      }
    }
#endif
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
