// sizes.cpp: part 5: the tables of GPT-2 and GPT-3: numbers, bytes, their share of the model, and how one is drawn.
#include <cmath>

#include <fmt/format.h>

#include "first_embedding/sections.hpp"
#include "nn/transformer.hpp"
#include "tensor/error.hpp"
#include "tensor/format.hpp"

namespace lexigrad::first_embedding {
namespace {

// Numbers in a Transformer: two tables, in each block four matrices (3 D² + D² + 4 D² + 4 D²) with their biases and two
// norms, and the last norm. The head is the table again and adds nothing.
Index numbers_in(const TransformerOptions& o) {
  const Index d = o.dim, block = 12 * d * d + (3 + 1 + 4 + 1) * d + 2 * 2 * d;
  return o.vocab * d + o.context * d + o.layers * block + 2 * d;
}

// GPT-3 is never built here, so the formula is held against a model that is.
void check_formula() {
  Rng rng(0);
  const TransformerOptions small{.vocab = 50, .context = 8, .dim = 12, .layers = 3, .heads = 2};
  Transformer model(small, rng);
  if (parameter_count(model) != numbers_in(small)) throw Error("the formula for a model's size is wrong");
}

std::string bytes(Index numbers) {
  const double size = static_cast<double>(numbers) * 4.0;
  return size < 1e9 ? fmt::format("{:.1f} MB", size / 1e6) : fmt::format("{:.2f} GB", size / 1e9);
}

void show_model(const char* name, const TransformerOptions& o) {
  const Index table = o.vocab * o.dim, all = numbers_in(o);
  fmt::print("  {:<11} {} x {} = {} numbers, {} ({} bytes) in float32\n", name, o.vocab, o.dim, thousands(table),
             bytes(table), thousands(table * 4));
  fmt::print("  {:<11} {:.{}f} % of the model's {}; a head of its own would add as much again\n", "",
             100.0 * static_cast<double>(table) / static_cast<double>(all), table * 100 < all ? 2 : 1, thousands(all));
}

}  // namespace

void show_sizes(const Rng& from) {
  heading(5, "Real tables");
  check_formula();
  const TransformerOptions gpt2 = {};  // the defaults are GPT-2 small's
  show_model("GPT-2 small", gpt2);
  show_model("GPT-3", {.vocab = 50257, .context = 2048, .dim = 12288, .layers = 96, .heads = 96});

  Rng rng = from;
  const Embedding table(gpt2.vocab, gpt2.dim, rng);
  const Tensor& x = table.weight.value();
  double sum = 0.0;
  for (Index i = 0; i < x.size(); ++i) sum += static_cast<double>(x.data()[i]);
  const double count = static_cast<double>(x.size()), mean = sum / count;
  const double std = std::sqrt(sum_squares(x) / count - mean * mean);
  fmt::print("A table {} drawn as GPT-2 draws it: mean {:.5f}, standard deviation {:.5f}\n", table.weight.shape(),
             std::round(mean * 1e5) / 1e5 + 0.0, std);  // + 0.0: never "-0.00000"
  fmt::print("All of this starts as noise. Training is what gives the rows their meaning.\n");
}

}  // namespace lexigrad::first_embedding
