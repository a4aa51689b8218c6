// limits.cpp: what the machine can do at most: multiply-adds in registers, bandwidth of each level, starting threads,
// and how far apart two cores are.
//
// Sizes are those of one array; read has one, scale (c = 2 a) and update (c = c + b / 2) two, triad (c = a + b / 2)
// three, and so has stream, a triad whose stores leave the caches alone. Bandwidths count what the loop names. A cache
// reads a line before it is written over, which comes on top in scale and triad; update has read it anyway, so its rate
// is the limit that other figures are held against.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <thread>
#if defined(__linux__)
#include <sched.h>
#endif

#include <fmt/core.h>

#include "bench/bench.hpp"

using namespace lexigrad;

namespace {

// How many cores this process may use, of those that a thread can be bound to.
int bindable_cores() {
#if defined(__linux__)
  cpu_set_t allowed;
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
#else
  return 0;
#endif
}

// Binds the calling thread to the n-th of those cores.
void bind_to_core([[maybe_unused]] int n) {
#if defined(__linux__)
  cpu_set_t allowed, one;
  sched_getaffinity(0, sizeof allowed, &allowed);
  CPU_ZERO(&one);
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &allowed) && n-- == 0) CPU_SET(core, &one);
  }
  sched_setaffinity(0, sizeof one, &one);
#endif
}

// Nanoseconds for a word to get from one core to another: two bound threads hand it to and fro; the best of five times.
double measure_core_to_core() {
  constexpr int times = 5, rounds = 50'000;
  double best = std::numeric_limits<double>::infinity();
  for (int time = 0; time < times; ++time) {
    alignas(64) std::atomic<int> turn = 1;  // the other thread's: the clock starts when it is there
    const auto hand_over = [&](int me) {
      while (turn.load(std::memory_order_acquire) != me) {
      }
      turn.store(1 - me, std::memory_order_release);
    };
    const auto run = [&](int me) {
      bind_to_core(me);
      hand_over(me);
      const auto start = std::chrono::steady_clock::now();
      for (int i = 0; i < rounds; ++i) hand_over(me);
      const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
      if (me == 0) best = std::min(best, taken.count() / (2.0 * rounds));
    };
    std::thread one(run, 0), other(run, 1);
    one.join();
    other.join();
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Limits of the machine.", {1, 2});
  constexpr Index kilo = 1024, mega = 1024 * kilo;
  const auto size_name = [](Index bytes) {
    return bytes < mega ? fmt::format("{}KB", bytes / kilo) : fmt::format("{}MB", bytes / mega);
  };
  bench.for_threads([&] {
    if (bench.wants({"fma"})) bench.print("fma", bench::measure_fma(bench), "GFLOP/s");
    const std::pair<bench::Traffic, const char*> kinds[] = {{bench::Traffic::read, "read"},
                                                            {bench::Traffic::scale, "scale"},
                                                            {bench::Traffic::triad, "triad"},
                                                            {bench::Traffic::stream, "stream"},
                                                            {bench::Traffic::update, "update"}};
    for (const Index bytes : {8 * kilo, 128 * kilo, 1 * mega, 8 * mega, 24 * mega, 512 * mega}) {
      for (const auto& [kind, word] : kinds) {
        const std::string name = fmt::format("{}_{}", word, size_name(bytes));
        if (bench.wants({name})) bench.print(name, bench::measure_traffic(bench, kind, bytes), "GB/s");
      }
    }
    bench.time(
        "omp_fork_join", [] { parallel_for(thread_count(), 1, [](Index, Index) {}); }, {.seconds = 0.3, .sample = 1e-2},
        "us");
    // Two threads on one core would wait for each other's slices.
    if (thread_count() > 1 && bindable_cores() > 1 && bench.wants({"core_to_core"})) {
      bench.print("core_to_core", measure_core_to_core(), "ns");
    }
  });
}
