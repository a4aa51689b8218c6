// gemm.cpp (bench): speed of the matrix product, one line a shape: `lexigrad_NN_256x768x768_t2 102.4 GFLOP/s`.
//
// NN, NT and TN say which operand lies transposed; the shape is m x n x k. A serial line is a product that
// attention makes, on one thread. A line with `turns` has several sets of operands, used in turn, so that none is in a
// cache when its turn comes: a product that is repeated hides what waiting for memory costs. At one thread the steps of
// tests/tensor/gemm_steps.cpp, which the first chapter explains, stand beside.
#include <deque>

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "tensor/create.hpp"
#include "tensor/gemm.hpp"
#include "tensor/gemm_steps.hpp"
#include "tensor/kernels/kernels.hpp"

using namespace lexigrad;

namespace {

struct Case {
  Index m, n, k;
  bool serial = false;
};

constexpr Case cases[] = {
    {8, 8, 8},          {64, 64, 32},       {64, 64, 64},       {256, 256, 64},
    {256, 256, 256},                                                                 // the peers' shapes
    {512, 512, 512},    {1024, 1024, 1024}, {2048, 2048, 2048},                      //
    {256, 768, 768},    {256, 3072, 768},   {256, 768, 3072},                        // blocks of GPT-2
    {1024, 768, 768},   {1024, 3072, 768},                                           //
    {256, 50257, 768},  {1024, 50257, 768}, {4096, 8192, 128},                       // logits of a tied head
    {256, 768, 50257},  {4096, 128, 8192},                                           // gradient of the hidden states
    {50257, 768, 256},  {8192, 128, 4096},                                           // gradient of the table
    {2048, 2000, 64},   {2048, 8000, 128},  {2048, 13000, 64},  {2048, 13000, 128},  // smaller heads
    {2048, 128, 13000}, {2048, 64, 2000},   {13000, 128, 2048}, {2000, 64, 2048},    //
    {2048, 192, 64},    {2048, 64, 192},    {64, 192, 2048},  // q, k, v of a small model and their gradients
    {1, 768, 768},      {4, 50257, 768},    {2048, 4, 768},   // skinny
    {32, 32, 16, true}, {32, 16, 32, true}, {64, 64, 64, true}, {256, 64, 256, true},
};

struct Turns {
  Index m, n, k;
  std::size_t sets;
};

constexpr Turns in_turn[] = {
    // A small batch against the weights of layer after layer.
    {1, 768, 768, 12},
    {1, 3072, 768, 12},
    {1, 768, 3072, 12},
    {4, 3072, 768, 12},
    {8, 768, 768, 12},
    {16, 3072, 768, 12},
    {16, 768, 3072, 12},
    {64, 3072, 768, 12},
    // The layers of a small GPT and their gradients.
    {2048, 384, 384, 6},
    {2048, 1536, 384, 6},
    {2048, 384, 1536, 6},
    {384, 384, 2048, 6},
    {1536, 384, 2048, 6},
};

Tensor numbers(Index count) {
  Rng rng(1);
  return uniform({count}, rng, -0.5, 0.5);
}

// Median of 9 samples of about 20 ms each, as the peers' program takes it.
void rate(bench::Bench& bench, const std::string& name, double flops, const std::function<void()>& product) {
  const double seconds = bench.median(product, {.seconds = 0.5, .sample = 0.02, .least = 5, .most = 9});
  bench.print(name, 1e-9 * flops / seconds, "GFLOP/s");
  bench.share_of_peak(flops, seconds);
  if (thread_count() == 1 && seconds > 1e-4) bench.share_of_peak_between(flops, product);
}

// One set of operands and where their product goes: tensors, as in any use of the library (a std::vector begins within
// a cache line, and a large one lies on small pages).
struct Operands {
  Tensor a, b, c;
  MatrixRef left, right;

  Operands(Index m, Index n, Index k, const char* form) : a(numbers(m * k)), b(numbers(k * n)), c(zeros({m * n})) {
    left = form[0] == 'N' ? MatrixRef{a.data(), k, 1} : MatrixRef{a.data(), 1, m};
    right = form[1] == 'N' ? MatrixRef{b.data(), n, 1} : MatrixRef{b.data(), 1, k};
  }
};

void run(bench::Bench& bench, Index m, Index n, Index k, const char* form, const char* kind, std::size_t count) {
  const std::string name = fmt::format("{}_{}x{}x{}{}", form, m, n, k, kind);
  if (!bench.wants({name})) return;
  std::deque<Operands> sets;
  while (sets.size() < count) sets.emplace_back(m, n, k, form);
  std::size_t turn = 0;
  const int times = m * n * k <= 512 ? 100 : 1;  // calling a std::function takes as long as a tenth of the smallest
  rate(bench, name, 2.0 * times * static_cast<double>(m * n * k), [&] {
    Operands& set = sets[turn++ % count];
    for (int i = 0; i < times; ++i) gemm(m, n, k, set.left, set.right, set.c.mutable_data(), n, {});
  });
}

void run_steps(bench::Bench& bench, Index size) {
  const Tensor a = numbers(size * size), b = numbers(size * size);
  Tensor c = zeros({a.size()}), memory = zeros({gemm_steps::packed_memory});
  for (const gemm_steps::Step& step : gemm_steps::steps_of(kernels().isa)) {
    const std::string name = fmt::format("step_{0}_{1}x{1}x{1}", step.name, size);
    if (!bench.wants({name})) continue;
    rate(bench, name, 2.0 * static_cast<double>(size * size * size), [&] {
      step.product({size, size, size, a.data(), b.data(), c.mutable_data()}, memory.mutable_data());
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Speed of the matrix product.", {1, 2});
  bench.for_threads([&] {
    if (thread_count() == 1) {
      for (const Index size : {512, 1000, 1024}) run_steps(bench, size);
    }
    const char* const forms[] = {"NN", "NT", "TN"};
    for (const auto& [m, n, k, serial] : cases) {
      if (serial && thread_count() > 1) continue;
      for (const char* form : forms) run(bench, m, n, k, form, serial ? "_serial" : "", 1);
    }
    for (const auto& [m, n, k, sets] : in_turn) {
      for (const char* form : forms) run(bench, m, n, k, form, "_turns", sets);
    }
  });
}
