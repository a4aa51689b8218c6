// parallel.cpp: the one file that knows OpenMP. Without it the same code runs on one thread.
#include "tensor/parallel.hpp"

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
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (Index chunk = 0; chunk < chunks; ++chunk) guarded(chunk);
#endif
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
