// attention.cpp (bench): causal attention in one piece, forward and backward, for the shapes of three models:
// `lexigrad_attention_B8_T256_H6_W64_fwd_t2 1.4 ms`, B sequences of T positions, H heads of W numbers.
//
// Only work that a causal model needs is counted: two products of T (T + 1) / 2 · W multiply-adds a head forward, five
// backward. Several sets of tensors are used in turn, as the layers of a model are.
#include <vector>

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "tensor/create.hpp"
#include "tensor/ops.hpp"

using namespace lexigrad;

namespace {

struct Case {
  Index batch, length, heads, width;
};

void run(bench::Bench& bench, const Case& c) {
  const Index batch = c.batch, length = c.length, heads = c.heads, width = c.width;
  const std::string name = fmt::format("attention_B{}_T{}_H{}_W{}", batch, length, heads, width);
  if (!bench.wants({name + "_fwd", name + "_bwd"})) return;
  constexpr std::size_t layers = 6;
  Rng rng(1);
  std::vector<Tensor> qkv, dy;
  std::vector<AttentionResult> results;
  for (std::size_t i = 0; i < layers; ++i) {
    qkv.push_back(normal({batch, length, 3 * heads * width}, rng));
    dy.push_back(normal({batch, length, heads * width}, rng));
    results.push_back(attention(qkv[i], heads, true));
  }
  std::size_t layer = 0;
  const auto next = [&] { return layer = (layer + 1) % layers; };
  const double products = static_cast<double>(batch * heads * length * (length + 1) * width);  // two of them, in FLOP
  const auto measure = [&](const std::string& pass, double flops, const std::function<void()>& call) {
    bench.share_of_peak(flops, bench.time(name + pass, call, {.seconds = 1.0}));
  };
  measure("_fwd", 2 * products, [&] {
    const std::size_t i = next();
    results[i] = attention(qkv[i], heads, true);
  });
  measure("_bwd", 5 * products, [&] {
    const std::size_t i = next();
    attention_backward(qkv[i], results[i].logsumexp, dy[i], heads, true);
  });
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Causal attention, forward and backward.", {1, 2});
  bench.for_threads([&] {
    for (const Case& c : {Case{8, 256, 6, 64}, Case{4, 64, 12, 64}, Case{1, 1024, 12, 64}}) run(bench, c);
  });
}
