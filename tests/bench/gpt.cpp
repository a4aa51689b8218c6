// gpt.cpp: a GPT-2 of three sizes: forward, forward and backward, a step of training, the optimizer alone; memory.
//
// `gpt_6x384_T256_B8_v65`: layers x width, T tokens in each of B sequences, v the vocabulary. The floating-point
// operations counted for the share of the peak are those of the products that a causal model needs.
#include <fmt/core.h>

#include "autograd/mode.hpp"
#include "bench/bench.hpp"
#include "nn/optim.hpp"
#include "nn/transformer.hpp"

using namespace lexigrad;

namespace {

struct Case {
  Index layers, dim, heads, length, batch, vocab;
};

// Of a forward pass; forward and backward together take three times as many.
double flops(const Case& c) {
  const Index tokens = c.batch * c.length;
  const Index weights = 12 * c.layers * c.dim * c.dim + c.vocab * c.dim;
  return 2.0 * static_cast<double>(tokens * weights + c.layers * tokens * c.length * c.dim);
}

void run(bench::Bench& bench, const Case& c) {
  const std::string name = fmt::format("gpt_{}x{}_T{}_B{}_v{}", c.layers, c.dim, c.length, c.batch, c.vocab);
  if (!bench.wants(
          {name + "_params", name + "_fwd", name + "_fwdbwd", name + "_step_adamw", name + "_opt", name + "_rss"})) {
    return;
  }
  Rng rng(1);
  const Transformer model({.vocab = c.vocab, .context = c.length, .dim = c.dim, .layers = c.layers, .heads = c.heads},
                          rng);
  AdamW optimizer(named_parameters(model), {.lr = 1e-4, .decay_vectors = true});
  const Ids ids = bench::random_ids({c.batch, c.length}, c.vocab, rng);
  const Ids next = bench::random_ids({c.batch, c.length}, c.vocab, rng);
  Index parameters = 0;
  for (const NamedParameter& p : optimizer.parameters()) parameters += p.parameter.size();
  bench.print(name + "_params", 1e-6 * static_cast<double>(parameters), "M");

  const auto train = [&] {
    optimizer.zero_grad();
    model.loss(ids, next).backward();
  };
  const double forward = bench.time(name + "_fwd",
                                    [&] {
                                      const NoGrad quiet;
                                      model.loss(ids, next);
                                    },
                                    {.seconds = 5.0});
  bench.share_of_peak(flops(c), forward);
  bench.share_of_peak(3.0 * flops(c), bench.time(name + "_fwdbwd", train, {.seconds = 8.0}));
  const double step = bench.time(name + "_step_adamw",
                                 [&] {
                                   train();
                                   optimizer.step();
                                 },
                                 {.seconds = 12.0});
  bench.share_of_peak(3.0 * flops(c), step);
  if (bench.wants({name + "_opt"})) {
    train();  // the gradients that are stepped
    const double bytes = 7.0 * static_cast<double>(parameters) * sizeof(real);
    bench.share_of_bandwidth(bytes, bench.time(name + "_opt", [&] { optimizer.step(); }, {.seconds = 3.0, .least = 3}),
                             bytes);
  }
  bench.print_peak_memory(name + "_rss");
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "GPT-2 of three sizes: passes, a step of training, memory.");
  bench.note("GELU in GPT-2's tanh form, where the peers' model has erf; attention is one fused operation");
  for (const Case& c : {Case{6, 384, 6, 256, 8, 65}, Case{12, 768, 12, 64, 4, 50257}, Case{4, 128, 4, 64, 12, 65}}) {
    bench.in_own_processes([&] { run(bench, c); });
  }
}
