// tied_step.cpp: one training step of a tied head on a table of real size: time and peak memory.
//
//   tied_step --vocab 50257 --dim 768 --tokens 1024
//
// A step: look the ids up, loss and both gradients through the tied head in blocks, SGD on the table. Prints lines
// `name value unit`. The table and its gradient are what must be in memory; the logits of all tokens never are.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <sys/resource.h>
#include <CLI/CLI.hpp>

#include "nn/optim.hpp"
#include "nn/tied_head.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad {
namespace {

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024.0 / 1e6;
}

struct Tied {
  static constexpr std::string_view kind = "Tied";
  Embedding wte;
  TiedHead head;
  Tied(Index vocab, Index dim, Rng& rng) : wte(vocab, dim, rng), head(wte) {}
  static void members(auto& self, auto&& visit) {
    visit("wte", self.wte);
    visit("head", self.head);
  }
};

int run(Index vocab, Index dim, Index tokens, int repeats) {
  Rng rng(1);
  Tied model(vocab, dim, rng);
  Sgd optimizer(named_parameters(model), {.lr = 0.1});
  std::vector<Index> ids, next;
  for (Index i = 0; i < tokens; ++i) {
    ids.push_back(rng.below(vocab));
    next.push_back(rng.below(vocab));
  }
  const Ids inputs(ids), targets(next);
  std::vector<double> milliseconds;
  double loss_value = 0.0;
  for (int i = 0; i < repeats + 1; ++i) {  // the first one is for warming up
    const auto start = std::chrono::steady_clock::now();
    optimizer.zero_grad();
    const Variable loss = model.head.cross_entropy(model.wte(inputs), targets);
    loss.backward();
    optimizer.step();
    loss_value = static_cast<double>(loss.item());
    if (i > 0) {
      milliseconds.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  const double median = milliseconds[milliseconds.size() / 2];
  const std::string name = fmt::format("lexigrad_tied_{}x{}_n{}_sgd_step_t{}", vocab, dim, tokens, thread_count());
  const double flops = 6.0 * static_cast<double>(vocab) * static_cast<double>(dim) * static_cast<double>(tokens);
  fmt::print("{} {:.1f} ms\n", name, median);
  fmt::print("{}_rate {:.1f} GFLOP/s\n", name, flops / median / 1e6);
  fmt::print("{}_peak {:.0f} MB\n", name, peak_megabytes());
  fmt::print("# table and gradient are {:.0f} MB; all logits would be {:.0f} MB; loss of the last step {:.4f}\n",
             2e-6 * sizeof(real) * static_cast<double>(vocab * dim),
             1e-6 * sizeof(real) * static_cast<double>(vocab * tokens), loss_value);
  return 0;
}

}  // namespace
}  // namespace lexigrad

int main(int argc, char** argv) {
  CLI::App app("One training step of a tied head on a table of real size: time and peak memory.", "tied_step");
  lexigrad::Index vocab = 50257, dim = 768, tokens = 1024;
  int repeats = 3;
  app.add_option("--vocab", vocab, "Rows of the table")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--dim", dim, "Columns of the table")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--tokens", tokens, "Tokens in the step")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--repeats", repeats, "Timed steps; the median is printed")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  return lexigrad::run(vocab, dim, tokens, repeats);
}
