// small.cpp: what an operation costs beside its arithmetic: 8 x 8 tensors and a network of 212 numbers, in us.
#include <fmt/core.h>

#include "autograd/mode.hpp"
#include "bench/bench.hpp"
#include "nn/linear.hpp"
#include "nn/optim.hpp"
#include "tensor/create.hpp"

using namespace lexigrad;

namespace {

struct Mlp {
  static constexpr std::string_view kind = "Mlp";
  Linear up, down;
  explicit Mlp(Rng& rng) : up(8, 16, rng, {.std = 1.0}), down(16, 4, rng, {.std = 1.0}) {}
  Variable operator()(const Variable& x) const { return down(tanh(up(x))); }
  static void members(auto& self, auto&& visit) {
    visit("up", self.up);
    visit("down", self.down);
  }
};

struct Operation {
  const char* name;
  Variable (*run)(const Variable& a, const Variable& b);
};
constexpr Operation operations[] = {
    {"add", [](const Variable& a, const Variable& b) { return a + b; }},
    {"mul", [](const Variable& a, const Variable& b) { return a * b; }},
    {"matmul", [](const Variable& a, const Variable& b) { return matmul(a, b); }},
};

constexpr bench::Sampling often = {.seconds = 1.0, .sample = 5e-3, .least = 9};

void run(bench::Bench& bench) {
  Rng rng(1);
  const Tensor x = normal({8, 8}, rng), y = normal({8, 8}, rng), dz = normal({8, 8}, rng);
  const Variable a(x, true), b(y, true);
  for (const Operation& op : operations) {
    const std::string name = fmt::format("small_{}_", op.name);
    {
      const NoGrad quiet;
      bench.time(
          name + "fwd_8x8", [&] { op.run(x, y); }, often, "us");
    }
    bench.time(
        name + "fwdbwd_8x8", [&] { op.run(a, b).backward(dz); }, often, "us");
    const std::string chain = name + "chain100_fwdbwd_8x8_per_op";
    if (!bench.wants({chain})) continue;
    const bool scaled = std::string_view(op.name) == "matmul";  // else the numbers would grow without bound
    const double seconds = bench.median(
        [&] {
          Variable z = a;
          for (int i = 0; i < 100; ++i) z = scaled ? op.run(z, b) * 0.3 : op.run(z, b);
          z.backward(dz);
        },
        often);
    bench.print(chain, 1e6 * seconds / (scaled ? 200 : 100), "us");
  }
  const Mlp model(rng);
  Sgd optimizer(named_parameters(model), {.lr = 1e-3});
  const Ids classes = bench::random_ids({8}, 4, rng);
  bench.time(
      "small_mlp_8-16-4_sgd_step",
      [&] {
        optimizer.zero_grad();
        cross_entropy(model(x), classes).backward();
        optimizer.step();
      },
      often, "us");
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Small tensors: what an operation costs beside its arithmetic.");
  bench.note("the chain of matmul is 100 products and 100 scalings, counted as 200 operations");
  bench.for_threads([&] { run(bench); });
}
