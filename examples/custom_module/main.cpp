// main.cpp of custom_module: a module of one's own, in one struct, among the library's: how it is written, put into a
// model, printed, trained, saved and loaded.
//
// The module is a gated feed-forward layer, SwiGLU (Shazeer, "GLU variants improve transformer", 2020): one half says
// what, the other how much of it. The model learns the words of one sentence by heart. Read next: nn/module.hpp.
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "nn/lexigrad.hpp"
#include "output.hpp"

using namespace lexigrad;

struct Gated {  // [.., d] → [.., d]: down(silu(gate(x)) · up(x))
  static constexpr std::string_view kind = "Gated";
  Linear gate, up, down;
  Gated(Index d, Index hidden, Rng& rng) : gate(d, hidden, rng), up(d, hidden, rng), down(hidden, d, rng) {}
  Variable operator()(const Variable& x) const {
    const Variable g = gate(x);
    return down(g * sigmoid(g) * up(x));
  }
  static void members(auto& self, auto&& visit) {
    visit("gate", self.gate);
    visit("up", self.up);
    visit("down", self.down);
  }
};

struct TinyLm {
  static constexpr std::string_view kind = "TinyLm";
  Embedding wte;              // one row for each word
  std::vector<Gated> blocks;  // a list of modules is a member like any other
  TiedHead head;              // shares wte's table; counted, stepped and saved once
  TinyLm(Index vocab, Index d, int layers, Rng& rng) : wte(vocab, d, rng, {.std = 0.5}), head(wte) {
    for (int i = 0; i < layers; ++i) blocks.emplace_back(d, 2 * d, rng);
  }
  Variable operator()(const Ids& ids) const {  // [..] → [.., d]
    Variable h = wte(ids);
    for (const Gated& block : blocks) h = h + block(h);
    return h;
  }
  Variable loss(const Ids& ids, const Ids& next) const { return head.cross_entropy((*this)(ids), next); }
  static void members(auto& self, auto&& visit) {
    visit("wte", self.wte);
    visit("blocks", self.blocks);
    visit("head", self.head);
  }
};

const std::vector<const char*> words{"every", "row", "of", "the", "table", "finds", "its", "place"};

// What the model says, word by word, beginning with the first one.
std::string recited(const TinyLm& model) {
  const NoGrad quiet;
  std::string text = words[0];
  Ids word{0};
  for (Index said = 1; said < std::ssize(words); ++said) {
    word = Ids{argmax(model.head(model(word)).value())};
    text += fmt::format(" {}", words.at(static_cast<std::size_t>(word[0])));
  }
  return text;
}

int body() {
  Rng rng(1);
  TinyLm model(std::ssize(words), 8, 2, rng);
  fmt::print("{}\n\nbefore: {}\n", model, recited(model));

  AdamW opt(named_parameters(model), {.lr = 0.03});
  const Ids text{0, 1, 2, 3, 4, 5, 6}, next{1, 2, 3, 4, 5, 6, 7};
  for (int step = 0; step < 60; ++step) {
    opt.zero_grad();
    const Variable loss = model.loss(text, next);
    loss.backward();
    clip_grad_norm(opt, 1.0);
    opt.step();
  }
  fmt::print("after:  {}\n", recited(model));

  // A file knows parameters by name. To load is to make the same structure and to fill it.
  const std::string file = (std::filesystem::temp_directory_path() / "custom_module.safetensors").string();
  save(file, model);
  TinyLm loaded(std::ssize(words), 8, 2, rng);
  load(file, loaded);
  std::filesystem::remove(file);
  fmt::print("loaded: {}\n", recited(loaded));
  const bool same = recited(loaded) == recited(model);
  return same && recited(model) == "every row of the table finds its place" ? 0 : 1;
}

int main(int argc, char** argv) { return cli::run_plain(argc, argv, "custom_module", body); }
