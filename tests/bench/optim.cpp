// optim.cpp: a step of each optimizer, and clipping, on as many numbers as the table of GPT-2 has (50257 x 768).
//
// Bytes counted: SGD reads parameter and gradient and writes the parameter (3), momentum reads and writes one memory
// more (5), Adam two (7); clipping reads the gradient for its norm, and reads and writes it to scale it (3).
#include <memory>

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "nn/clip.hpp"
#include "nn/optim.hpp"
#include "tensor/create.hpp"

using namespace lexigrad;

namespace {

struct Table {
  static constexpr std::string_view kind = "Table";
  Parameter weight;
  explicit Table(Rng& rng) : weight(normal({50257, 768}, rng)) { weight.gradient() = normal(weight.shape(), rng); }
  static void members(auto& self, auto&& visit) { visit("weight", self.weight); }
};

void rate(bench::Bench& bench, const std::string& name, double buffers, const std::function<void()>& call) {
  if (!bench.wants({name, name + "_GBps"})) return;
  const double bytes = 4.0 * 38597376 * buffers;
  const double seconds = bench.median(call, {.seconds = 3.0, .least = 3});
  bench.print(name, 1e3 * seconds, "ms");
  bench.print(name + "_GBps", 1e-9 * bytes / seconds, "GB/s");
  bench.share_of_bandwidth(bytes, seconds, bytes);
}

void run(bench::Bench& bench) {
  Rng rng(1);
  const Table table(rng);
  const NamedParameters parameters = named_parameters(table);
  {
    Sgd sgd(named_parameters(table), {.lr = 0.1});
    rate(bench, "optim_sgd_38.6M", 3, [&] { sgd.step(); });
  }
  {
    Sgd momentum(named_parameters(table), {.lr = 0.1, .momentum = 0.9});
    rate(bench, "optim_sgd_momentum_38.6M", 5, [&] { momentum.step(); });
  }
  {
    Adam adam(named_parameters(table));
    rate(bench, "optim_adam_38.6M", 7, [&] { adam.step(); });
  }
  {
    AdamW adamw(named_parameters(table));
    rate(bench, "optim_adamw_38.6M", 7, [&] { adamw.step(); });
  }
  double norm = 1e6;  // each call clips to a little less than the norm before
  rate(bench, "clip_grad_norm_38.6M", 3, [&] { norm = 0.999 * clip_grad_norm(parameters, norm); });
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "A step of each optimizer, and clipping, on 38.6 million numbers.");
  bench.for_threads([&] { run(bench); });
}
