// main.cpp of tour: the program of the README, and an op and a module of one's own. Nothing but lexigrad is needed, and
// output.hpp for what goes wrong with the screen.
//
// The README shows parts of this file and of its output; a test holds them together.
#include <fmt/core.h>

#include "nn/lexigrad.hpp"
#include "output.hpp"

using namespace lexigrad;

// An operation is a struct: members are what it remembers, forward fills them, backward reads them.
struct Silu {  // y = x · σ(x)
  static constexpr std::string_view name = "silu";
  Saved x, gate;
  Tensor forward(const Tensor& in) {
    Tensor s = sigmoid(in);
    x = in;
    gate = s;
    return in * s;
  }
  Tensor backward(const Tensor& dy) const { return dy * gate * (1.0 + x * (1.0 - gate)); }
};
Variable silu(const Variable& x) { return apply(Silu{}, x); }

// A module is a struct that lists its members once.
struct TinyLm {
  static constexpr std::string_view kind = "TinyLm";
  Embedding wte;  // one row for each token
  Linear mix;
  TiedHead head;  // shares wte's table; counted and stepped once
  TinyLm(Index vocab, Index dim, Rng& rng) : wte(vocab, dim, rng), mix(dim, dim, rng), head(wte) {}
  Variable operator()(const Ids& ids) const {  // [..] → [.., dim]
    Variable h = wte(ids);
    return h + silu(mix(h));
  }
  Variable loss(const Ids& ids, const Ids& next) const { return head.cross_entropy((*this)(ids), next); }
  static void members(auto& self, auto&& visit) {
    visit("wte", self.wte);
    visit("mix", self.mix);
    visit("head", self.head);
  }
};

int body() {
  Rng rng(1);
  TinyLm model(10, 8, rng);  // ten tokens, eight numbers each
  AdamW opt(named_parameters(model), {.lr = 0.03});
  const Ids text{1, 2, 3, 4, 5, 6, 7, 8}, next{2, 3, 4, 5, 6, 7, 8, 9};
  for (int step = 0; step <= 60; ++step) {
    opt.zero_grad();
    const Variable loss = model.loss(text, next);
    loss.backward();
    clip_grad_norm(opt, 1.0);
    opt.step();
    if (step % 20 == 0) fmt::print("step {:>2}  loss {:.3f}\n", step, loss.item());
  }
  fmt::print("after 4 comes {}\n", argmax(model.head(model(Ids{4})).value()));
  fmt::print("{}\n", model);
  return 0;
}

int main(int argc, char** argv) { return cli::run_plain(argc, argv, "tour", body); }
