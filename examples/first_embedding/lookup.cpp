// lookup.cpp: parts 1 to 3: a lookup, labels, and which rows a training step moves.
#include <cstring>

#include <fmt/format.h>

#include "first_embedding/sections.hpp"
#include "nn/embedding.hpp"
#include "nn/linear.hpp"
#include "nn/optim.hpp"
#include "nn/tied_head.hpp"
#include "tensor/format.hpp"

namespace lexigrad::first_embedding {
namespace {

bool same_row(const Tensor& a, Index row_a, const Tensor& b, Index row_b) {
  const Index width = a.shape().last();
  const std::size_t bytes = static_cast<std::size_t>(width) * sizeof(real);
  return std::memcmp(a.data() + row_a * width, b.data() + row_b * width, bytes) == 0;
}

Index rows_that_differ(const Tensor& before, const Tensor& after) {
  Index count = 0;
  for (Index row = 0; row < before.dim(0); ++row) count += same_row(before, row, after, row) ? 0 : 1;
  return count;
}

// A table and a head of its own: logits = x · Wᵀ
struct Untied {
  static constexpr std::string_view kind = "Untied";
  Embedding table;
  Linear head;
  Untied(Index vocab, Index dim, Rng& rng) : table(vocab, dim, rng), head(dim, vocab, rng, {.bias = false}) {}
  Variable loss(const Ids& ids, const Ids& next) const { return cross_entropy(head(table(ids)), next); }
  static void members(auto& self, auto&& visit) {
    visit("table", self.table);
    visit("head", self.head);
  }
};

// A table that is its own head: logits = x · tableᵀ
struct Tied {
  static constexpr std::string_view kind = "Tied";
  Embedding table;
  TiedHead head;
  Tied(Index vocab, Index dim, Rng& rng) : table(vocab, dim, rng), head(table) {}
  Variable loss(const Ids& ids, const Ids& next) const { return head.cross_entropy(table(ids), next); }
  static void members(auto& self, auto&& visit) {
    visit("table", self.table);
    visit("head", self.head);
  }
};

struct Step {
  Index moved = 0;  // rows of the table that are not what they were
  bool rows_gradient = false;
};

template <class Model>
Step one_step(Model model, const Ids& ids, const Ids& next) {
  const Tensor before = model.table.weight.value().clone();
  Sgd sgd(named_parameters(model), {.lr = 1.0});
  model.loss(ids, next).backward();
  Step step;
  step.rows_gradient = model.table.weight.grad().is_rows();
  sgd.step();
  step.moved = rows_that_differ(before, model.table.weight.value());
  return step;
}

}  // namespace

void show_lookup(const Rng& from) {
  Rng rng = from;
  heading(1, "A lookup");
  const Embedding table(1000, 4, rng, {.std = 1});
  const Ids ids{{12, 45, 678}};
  const Tensor vectors = table(ids).value();
  fmt::print("table {}: one row of 4 numbers for each of 1000 tokens, drawn from N(0, 1)\n", table.weight.shape());
  fmt::print("ids {} = {} -> vectors {}\n", ids.shape(), ids, vectors.shape());
  Index same = 0;
  for (Index i = 0; i < ids.size(); ++i) {
    fmt::print("  row {:>3}  {}\n", ids[i], vectors.reshape({-1, 4}).rows(i, 1).reshape({4}));
    same += same_row(vectors, i, table.weight.value(), ids[i]) ? 1 : 0;
  }
  fmt::print("{} of {} equal their rows of the table bit for bit: no arithmetic, the id only says which row\n", same,
             ids.size());
}

void show_labels() {
  heading(2, "An id is a label");
  struct Token {
    const char* text;
    Index id;
  };
  const Token the{"the", 1169}, blank_cat{" cat", 3797}, cat{"cat", 9246}, dog{"dog", 9703}, upset{" upset", 9247},
      economy{" Economy", 18493};
  fmt::print("GPT-2's ids:");
  for (const Token& token : {the, blank_cat, cat, dog}) fmt::print("  \"{}\" {}", token.text, token.id);
  fmt::print("\n  dog - cat = {}, cat - \" cat\" = {}, cat - the = {}: none of it means anything\n", dog.id - cat.id,
             cat.id - blank_cat.id, cat.id - the.id);
  fmt::print("  {} + {} = {}: \"{}\" + \"{}\" would be \"{}\", the label of some other token\n", cat.id, upset.id,
             cat.id + upset.id, cat.text, upset.text, cat.id + upset.id == economy.id ? economy.text : "?");
  fmt::print("Ids are given out while a tokenizer is made; what a token means has to be learned, in its row.\n");
}

void show_one_step(const Rng& rng) {
  heading(3, "One step of training");
  const Ids ids{{12, 45, 678}}, next{{45, 678, 9}};
  Rng a = rng, b = rng;  // the same table for both
  const Step untied = one_step(Untied(1000, 4, a), ids, next);
  const Step tied = one_step(Tied(1000, 4, b), ids, next);
  fmt::print("ids {}, next tokens {}, plain gradient descent on a table [1000, 4]:\n", ids, next);
  fmt::print("  head of its own   rows moved: {:>4} of 1000   (gradient: {})\n", untied.moved,
             untied.rows_gradient ? "rows, only those looked up" : "the whole table");
  fmt::print("  tied head         rows moved: {:>4} of 1000   (gradient: {})\n", tied.moved,
             tied.rows_gradient ? "rows, only those looked up" : "the whole table");
  fmt::print(
      "A lookup touches the rows it used. A tied head compares with every row, and its softmax pushes\n"
      "each away from the hidden vector by its chance, so all of them move.\n");
}

}  // namespace lexigrad::first_embedding
