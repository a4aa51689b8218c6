// main.cpp: a program of somebody who builds on lexigrad: an operation and a module of their own among the library's
// modules; trained, printed, copied, saved and loaded. Exit code 1 and a line for each thing that is not as it should
// be.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "nn/lexigrad.hpp"
#include "rms_norm.hpp"

using namespace lexigrad;

static_assert(sizeof(real) == 4, "the dependency lexigrad makes real a float");

namespace mine {

struct CountingLm {
  static constexpr std::string_view kind = "CountingLm";
  Embedding wte;
  Parameter gain;
  Linear mix;
  TiedHead head;  // shares wte's table

  CountingLm(Index vocab, Index dim, Rng& rng)
      : wte(vocab, dim, rng, {.std = 0.5}), gain(ones({dim})), mix(dim, dim, rng), head(wte) {}
  Variable operator()(const Ids& ids) const {  // [..] → [.., dim]
    const Variable h = wte(ids);
    return h + gelu(mix(rms_norm(h, gain)));
  }
  Variable loss(const Ids& ids, const Ids& next) const { return head.cross_entropy((*this)(ids), next); }
  static void members(auto& self, auto&& visit) {
    visit("wte", self.wte);
    visit("gain", self.gain);
    visit("mix", self.mix);
    visit("head", self.head);
  }
};

}  // namespace mine

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  fmt::print(stderr, "not so: {}\n", what);
  ++failures;
}

double loss_of(const mine::CountingLm& model, const Ids& ids, const Ids& next) {
  const NoGrad quiet;
  return static_cast<double>(model.loss(ids, next).item());
}

}  // namespace

int main() {
  Rng rng(3);
  const Ids ids{{0, 1, 2, 3}, {4, 5, 6, 7}}, next{{1, 2, 3, 4}, {5, 6, 7, 8}};
  mine::CountingLm model(9, 8, rng);
  const double before = loss_of(model, ids, next);

  AdamW opt(named_parameters(model), {.lr = 0.03});
  for (int step = 0; step < 30; ++step) {
    opt.zero_grad();
    const Variable loss = model.loss(ids, next);
    loss.backward();
    clip_grad_norm(opt, 1.0);
    opt.step();
  }
  const double after = loss_of(model, ids, next);
  fmt::print("loss {:.3f} → {:.3f}\n", before, after);
  expect(std::isfinite(after) && after < 0.5 * before, "thirty steps halve the loss");
  expect(model.gain.value()(0) != real{1}, "the module's own parameter has moved");

  const std::string tree = fmt::format("{}", model);
  fmt::print("{}\n", tree);
  expect(tree.starts_with("CountingLm\n"), "the tree begins with the module's kind");
  expect(tree.find("head.weight → wte.weight") != std::string::npos, "the tree says that the head is tied");
  expect(parameter_count(model) == 9 * 8 + 8 + 8 * 8 + 8, "a tied table is counted once");

  mine::CountingLm copy(9, 8, rng), loaded(9, 8, rng);
  expect(loss_of(copy, ids, next) != after, "another model begins elsewhere");
  copy_values(model, copy);
  expect(loss_of(copy, ids, next) == after, "a copy has the same loss, to the bit");

  const std::filesystem::path file = "counting.safetensors";
  save(file.string(), model);
  load(file.string(), loaded);
  std::filesystem::remove(file);
  expect(loss_of(loaded, ids, next) == after, "what was saved and loaded has the same loss, to the bit");

  try {
    model(Ids{9});
    expect(false, "an id outside the vocabulary is an error");
  } catch (const IndexError& error) {
    expect(std::string(error.what()).starts_with("[embedding] "), "the error names the operation");
  }
  return failures == 0 ? 0 : 1;
}
