// gemm.cpp (bench): speed of the matrix product, one line a shape: `lexigrad_NN_256x768x768_t2 102.4 GFLOP/s`.
//
// NN, NT and TN say which operand lies transposed; the shape is m x n x k. A serial line is a product that
// attention makes, on one thread. At one thread the steps of tests/tensor/gemm_steps.cpp, which the first chapter
// explains, stand beside.
#include <fmt/core.h>

#include "bench/bench.hpp"
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

std::vector<real> numbers(Index count) {
  std::vector<real> x(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<real>(i * 2654435761u % 1000) / 1000 - real(0.5);
  return x;
}

// Median of 9 samples of about 20 ms each, as the peers' program takes it.
void rate(bench::Bench& bench, const std::string& name, double flops, const std::function<void()>& product) {
  const double seconds = bench.median(product, {.seconds = 0.5, .sample = 0.02, .least = 5, .most = 9});
  bench.print(name, 1e-9 * flops / seconds, "GFLOP/s");
  bench.share_of_peak(flops, seconds);
}

void run(bench::Bench& bench, const Case& shape, const char* form) {
  const Index m = shape.m, n = shape.n, k = shape.k;
  const std::string name = fmt::format("{}_{}x{}x{}{}", form, m, n, k, shape.serial ? "_serial" : "");
  if (!bench.wants({name}) || (shape.serial && thread_count() > 1)) return;
  const std::vector<real> a = numbers(m * k), b = numbers(k * n);
  std::vector<real> c(static_cast<std::size_t>(m * n));
  const MatrixRef left = form[0] == 'N' ? MatrixRef{a.data(), k, 1} : MatrixRef{a.data(), 1, m};
  const MatrixRef right = form[1] == 'N' ? MatrixRef{b.data(), n, 1} : MatrixRef{b.data(), 1, k};
  const int times = m * n * k <= 512 ? 100 : 1;  // calling a std::function takes as long as a tenth of the smallest
  rate(bench, name, 2.0 * times * static_cast<double>(m * n * k), [&] {
    for (int i = 0; i < times; ++i) gemm(m, n, k, left, right, c.data(), n, {});
  });
}

void run_steps(bench::Bench& bench, Index size) {
  const std::vector<real> a = numbers(size * size), b = numbers(size * size);
  std::vector<real> c(a.size()), memory(static_cast<std::size_t>(gemm_steps::packed_memory));
  for (const gemm_steps::Step& step : gemm_steps::steps_of(kernels().isa)) {
    const std::string name = fmt::format("step_{0}_{1}x{1}x{1}", step.name, size);
    if (!bench.wants({name})) continue;
    rate(bench, name, 2.0 * static_cast<double>(size * size * size), [&] {
      step.product({size, size, size, a.data(), b.data(), c.data()}, memory.data());
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
    for (const Case& shape : cases) {
      for (const char* form : {"NN", "NT", "TN"}) run(bench, shape, form);
    }
  });
}
