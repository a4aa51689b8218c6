// tied.cpp: one training step of a table that is also the output head, at real sizes: time and peak memory.
//
// A step: forget the gradients, look the ids up, loss and both gradients through the tied head in blocks, one step of
// the optimizer on the table. The table, its gradient and the optimizer's memory must be held; all logits never are.
#include <memory>

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "nn/optim.hpp"
#include "nn/tied_head.hpp"

using namespace lexigrad;

namespace {

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

struct Case {
  Index vocab, dim, tokens;
};

void run(bench::Bench& bench, const Case& c, const std::string& kind) {
  const auto [vocab, dim, tokens] = c;
  const std::string name = fmt::format("tied_{}x{}_n{}_{}", vocab, dim, tokens, kind);
  if (!bench.wants({name + "_step", name + "_rss"})) return;
  Rng rng(1);
  const Tied model(vocab, dim, rng);
  const std::unique_ptr<Optimizer> optimizer =
      kind == "sgd" ? std::unique_ptr<Optimizer>(std::make_unique<Sgd>(named_parameters(model), SgdOptions{.lr = 0.1}))
                    : std::make_unique<AdamW>(named_parameters(model), AdamWOptions{.lr = 1e-3});
  const Ids ids = bench::random_ids({tokens}, vocab, rng), next = bench::random_ids({tokens}, vocab, rng);
  const double seconds = bench.median(
      [&] {
        optimizer->zero_grad();
        model.head.cross_entropy(model.wte(ids), next).backward();
        optimizer->step();
      },
      {.seconds = 6.0});
  bench.print(name + "_step", 1e3 * seconds, "ms");
  bench.print_peak_memory(name + "_rss");
  bench.share_of_peak(6.0 * static_cast<double>(vocab * dim * tokens), seconds);
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "One training step of a tied table: time, and peak memory of each case.");
  bench.in_own_processes([&] { bench.print_peak_memory("import_rss"); });
  for (const Case& c : {Case{50257, 768, 256}, Case{50257, 768, 1024}, Case{8192, 128, 4096}}) {
    for (const char* kind : {"sgd", "adamw"}) {
      bench.in_own_processes([&] { run(bench, c, kind); });
    }
  }
}
