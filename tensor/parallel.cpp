// parallel.cpp: the one file that knows OpenMP. Without it the same code runs on one thread.
#include "tensor/parallel.hpp"

#include <array>
#include <atomic>
#include <chrono>
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

using Clock = std::chrono::steady_clock;

// A region of OpenMP ends when all of its threads have come, and one whose core is busy with something else comes
// milliseconds late, however little there was to do. Who has lost time by that twice in a row begins every loop alone,
// for as long as was lost, until 16 times as much has passed. So small loops lose about an eighth, and long ones keep
// their threads. Once proves nothing: a thread that had nothing to do for some 0.3 ms is asleep, and comes 0.1 ms late
// just because loops have gone on alone.
struct Lateness {
  Clock::duration lost{};
  Clock::time_point until{};
  bool before = false;  // the region before lost time too
};
thread_local Lateness lateness;

}  // namespace

int thread_count() {
#ifdef _OPENMP
  if (!omp_in_parallel()) return thread_limit > 0 ? thread_limit : omp_get_max_threads();
#endif
  return 1;
}

ThreadScope::ThreadScope(int threads) : Restored(thread_limit, std::max(threads, 1)) {}

void run_chunks(Index chunks, const std::function<void(Index chunk)>& run) {
  std::mutex mutex;
  std::exception_ptr error;
  Index error_chunk = std::numeric_limits<Index>::max();
  const auto guarded = [&](Index chunk) noexcept {
    try {
      run(chunk);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (chunk < error_chunk) {
        error_chunk = chunk;
        error = std::current_exception();
      }
    }
  };
  const int threads = static_cast<int>(std::min<Index>(thread_count(), chunks));
  Index first = 0;
  Clock::time_point start = Clock::now();
  {
    const ThreadScope alone(1);  // loops in these chunks are serial, as in those of the region
    const Clock::time_point end = std::min(start + lateness.lost, lateness.until);
    while (first < chunks && (threads <= 1 || chunks - first == 1 || start < end)) {
      guarded(first++);
      if (threads > 1) start = Clock::now();
    }
  }
  if (const Index left = chunks - first; left > 0) {
#ifdef _OPENMP
    // Affinity scheduling (Markatos & LeBlanc 1994): each thread begins with a range of its own, the same one in every
    // loop of as many chunks, so it finds in its caches what it wrote last time; who is done helps the others.
    std::array<Range, most_ranges> ranges;
    const int count = std::min(threads, most_ranges);
    const auto range_begin = [&](int r) { return first + left * r / count; };
    for (int r = 0; r < count; ++r) ranges[static_cast<std::size_t>(r)].next = range_begin(r);
    std::atomic<Clock::rep> work = 0;  // ticks of all threads
#pragma omp parallel num_threads(threads)
    {
      const Clock::time_point begin = Clock::now();
      const int own = omp_get_thread_num();
      for (int step = 0; step < count; ++step) {
        const int r = (own + step) % count;
        const Index end = range_begin(r + 1);
        std::atomic<Index>& next = ranges[static_cast<std::size_t>(r)].next;
        for (Index chunk; (chunk = next.fetch_add(1, std::memory_order_relaxed)) < end;) guarded(chunk);
      }
      work.fetch_add((Clock::now() - begin).count(), std::memory_order_relaxed);
    }
    const Clock::time_point now = Clock::now();
    const Clock::duration lost = now - start - Clock::duration(work.load());  // against one thread with all the work
    const bool before = std::exchange(lateness.before, lost > Clock::duration::zero());
    if (before && lateness.before) lateness = {lost, now + 16 * lost};
#endif
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
