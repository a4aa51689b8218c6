// limits.cpp: what the machine can do at most: multiply-adds in registers, bandwidth of each level, starting threads.
//
// Sizes are those of one array; read has one, scale (c = 2 a) and update (c = c + b / 2) two, triad (c = a + b / 2)
// three. Bandwidths count what the loop names. A cache reads a line before it is written over, which comes on top in
// scale and triad; update has read it anyway, so its rate is the limit that other figures are held against.
#include <fmt/core.h>

#include "bench/bench.hpp"

using namespace lexigrad;

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
  });
}
