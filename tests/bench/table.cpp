// table.cpp: one training step of a table that is read only (no tied head) and as wide as a large model's: 50257 rows
// of 12288 numbers, 2.5 GB.
//
// A lookup's gradient is rows, and SGD steps those rows: nothing of the table's size is made or walked, so the step
// costs what 1024 rows cost. Needs memory for one table; where that is not to be had, the case is left out.
#include <fstream>

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "nn/embedding.hpp"
#include "nn/optim.hpp"
#include "tensor/create.hpp"

using namespace lexigrad;

namespace {

constexpr Index vocab = 50257, dim = 12288, tokens = 1024;
constexpr double table_bytes = 1.0 * vocab * dim * sizeof(real);

double available_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  double kilobytes = 0;
  while (file >> word) {
    if (word == "MemAvailable:" && file >> kilobytes) return 1024.0 * kilobytes;
  }
  return 0.0;
}

void run(bench::Bench& bench) {
  const std::string name = fmt::format("table_{}x{}_n{}_sgd", vocab, dim, tokens);
  if (!bench.wants({name + "_step", name + "_rss"})) return;
  Rng rng(1);
  const Embedding table(full({vocab, dim}, 0.01));
  const Ids ids = bench::random_ids({tokens}, vocab, rng);
  const Tensor dy = normal({tokens, dim}, rng);
  Sgd optimizer(named_parameters(table), {.lr = 0.1});
  const double seconds = bench.time(name + "_step", [&] {
    optimizer.zero_grad();
    table(ids).backward(dy);
    optimizer.step();
  });
  bench.print_peak_memory(name + "_rss");
  const double rows = static_cast<double>(tokens * dim) * sizeof(real);
  bench.note(
      fmt::format("the table is {:.0f} MiB; the rows looked up {:.0f} MiB", table_bytes / 1048576, rows / 1048576));
  // The lookup reads and writes rows; the step reads the gradient, reads and writes the table's.
  bench.share_of_bandwidth(5.0 * rows, seconds, 5.0 * rows);
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "One training step of a table of 2.5 GB by its rows: time and peak memory.");
  if (available_bytes() < 1.5 * table_bytes && bench.filter().find("table") == std::string::npos) {
    bench.note("left out: less than 3.7 GB of memory are free (the filter `table` runs it all the same)");
    return 0;
  }
  bench.in_own_processes([&] { run(bench); });
}
