// kernels.cpp: functions of one tensor, in GB/s of what they must read and write, on [2048, 768] (6 MiB, in the last
// cache) and [32768, 1024] (128 MiB, in memory); and the kernels of short rows in the first cache, in ns a row.
//
// Each call returns a new tensor; its buffer comes from those that were freed before. Functions that compute much (exp,
// tanh, GELU) stay below the bandwidth for that. Of short rows what counts is how a sum or a row ends.
#include <fmt/core.h>

#include "autograd/functions.hpp"
#include "bench/bench.hpp"
#include "tensor/create.hpp"
#include "tensor/kernels/kernels.hpp"

using namespace lexigrad;

namespace {

// `buffers` are the tensors of this size that a call reads and writes.
void rate(bench::Bench& bench, const std::string& name, double buffers, double bytes,
          const std::function<void()>& call) {
  if (!bench.wants({name, name + "_ms"})) return;
  const double seconds = bench.median(call, {.seconds = 1.0});
  bench.print(name, 1e-9 * buffers * bytes / seconds, "GB/s");
  bench.print(name + "_ms", 1e3 * seconds, "ms");
  bench.share_of_bandwidth(buffers * bytes, seconds, buffers * bytes);
}

void run(bench::Bench& bench, Index height, Index width) {
  Rng rng(1);
  const Tensor x = normal({height, width}, rng), y = normal({height, width}, rng);
  const Tensor gamma = ones({width}), beta = zeros({width});
  const double bytes = static_cast<double>(x.size()) * sizeof(real);
  const struct {
    const char* name;
    double buffers;
    std::function<void()> call;
  } forward[] = {
      {"add", 3, [&] { add(x, y); }},
      {"mul", 3, [&] { mul(x, y); }},
      {"exp", 2, [&] { exp(x); }},
      {"tanh", 2, [&] { tanh(x); }},
      {"relu", 2, [&] { relu(x); }},
      {"gelu", 2, [&] { gelu(x, Gelu::erf); }},
      {"gelu_tanh", 2, [&] { gelu(x, Gelu::tanh); }},
      {"softmax", 2, [&] { softmax(x); }},
      {"log_softmax", 2, [&] { log_softmax(x); }},
      {"layernorm", 2, [&] { layer_norm(x, gamma, beta, 1e-5); }},
      {"sum", 1, [&] { sum(x); }},
      {"sum_rows", 1, [&] { sum(x, 0); }},
  };
  const std::string size = fmt::format("{}x{}", height, width);
  for (const auto& f : forward) rate(bench, fmt::format("k_{}_fwd_{}", f.name, size), f.buffers, bytes, f.call);

  const Variable input(x, true), scale(gamma, true), shift(beta, true);
  const std::pair<const char*, std::function<Variable()>> backward[] = {
      {"gelu", [&] { return gelu(input, Gelu::erf); }},
      {"softmax", [&] { return softmax(input); }},
      {"layernorm", [&] { return layer_norm(input, scale, shift); }},
  };
  for (const auto& [name, function] : backward) {
    const Variable z = function();
    rate(bench, fmt::format("k_{}_bwd_{}", name, size), 3, bytes, [&, input = input]() mutable {
      input.zero_grad();
      z.backward(y, {.keep_graph = true});
    });
  }
  rate(bench, fmt::format("k_transpose_{}", size), 2, bytes, [&] { transpose(x); });
}

// Rows of `width` numbers, as many in turn as a first cache holds with their results: 32 KiB.
void run_rows(bench::Bench& bench, Index width) {
  const Index rows = 4096 / width;
  Rng rng(1);
  const Tensor in = normal({rows, width}, rng);
  Tensor out = zeros({rows, width});
  const Kernels& kernel = kernels();
  const std::pair<const char*, std::function<void(const real*, real*)>> row_kernels[] = {
      {"max", [&](const real* x, real* y) { *y = kernel.max(x, width); }},
      {"dot", [&](const real* x, real* y) { *y = kernel.dot(x, x, width); }},
      {"exp_sum", [&](const real* x, real* y) { *y = kernel.exp_sum(x, 4, y, width); }},
  };
  for (const auto& [name, row] : row_kernels) {
    const std::string full_name = fmt::format("k_row_{}_{}", name, width);
    if (!bench.wants({full_name})) continue;
    const double seconds = bench.median(
        [&, row = row] {
          for (Index r = 0; r < rows; ++r) row(in.data() + r * width, out.mutable_data() + r * width);
        },
        {.seconds = 0.3, .sample = 1e-3});
    bench.print(full_name, 1e9 * seconds / static_cast<double>(rows), "ns");
  }
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Functions of one tensor, in GB/s of what is read and written.");
  bench.for_threads([&] {
    run(bench, 2048, 768);
    run(bench, 32768, 1024);
    for (const Index width : {64, 120, 768}) run_rows(bench, width);
  });
}
