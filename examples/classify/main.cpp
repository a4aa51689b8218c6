// main.cpp of classify: a pretrained table under a small classifier, frozen or trainable: what kind of thing is a word?
//
//   ids → rows of the table [n, D] → linear head → logits [n, kinds] → cross-entropy
//
// Half of the words are learned, the other half is held out: of those the head has only what their rows say. Noise says
// nothing; vectors that were trained on text put kitten beside cat, whoever drew the line. Read next: nn/embedding.hpp.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <sstream>
#include <tuple>
#include <utility>
#include <vector>

#include "cli.hpp"
#include "data/embedded.hpp"
#include "nn/lexigrad.hpp"
#include "vectors/formats.hpp"

namespace lexigrad::classify {
namespace {

// Kinds of words, and the lists of data/lists.txt that they are made of.
const std::vector<std::pair<std::string, std::vector<std::string>>> kinds = {
    {"man", {"male"}},
    {"woman", {"female"}},
    {"animal", {"pet", "farm_animal", "wild_animal"}},
    {"transport", {"vehicle", "other_transport"}},
    {"food or drink", {"food", "drink"}},
    {"place or house", {"place", "house"}},
    {"thing", {"thing"}},
    {"nature", {"nature"}},
    {"feeling", {"good_feeling", "bad_feeling"}},
    {"number", {"number"}},
    {"colour", {"colour"}},
    {"size", {"big", "small"}},
    {"time", {"time"}}};

struct Examples {
  std::vector<std::string> words;
  std::vector<Index> kind;  // of each word: its place in `kinds`
  Tensor rows;              // [words, D], of length 1 each

  Index size() const { return std::ssize(words); }
  Ids all() const {
    std::vector<Index> places(words.size());
    std::iota(places.begin(), places.end(), Index{0});
    return Ids(std::move(places));
  }
};

struct Classifier {
  static constexpr std::string_view kind = "Classifier";
  Embedding words;
  Linear head;
  Classifier(Tensor table, bool frozen, Rng& rng)
      : words(std::move(table), {.frozen = frozen}), head(words.embedding_dim(), std::ssize(kinds), rng) {}
  Variable operator()(const Ids& ids) const { return head(words(ids)); }  // [n] → [n, kinds]
  static void members(auto& self, auto&& visit) {
    visit("words", self.words);
    visit("head", self.head);
  }
};

struct Options {
  std::string vectors;
  Index splits = 10, steps = 200;
  double lr = 0.03;
  std::uint64_t seed = 1;
};

std::map<std::string, std::vector<std::string>> read_lists() {
  std::map<std::string, std::vector<std::string>> lists;
  std::istringstream lines{std::string(data::lists())};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || colon == std::string::npos) continue;
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) lists[line.substr(0, colon)].push_back(word);
  }
  return lists;
}

// The words of the lists that the table has.
Examples find_words(const vectors::WordTable& table) {
  const auto lists = read_lists();
  Examples examples;
  std::vector<double> rows;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    for (const std::string& list : kinds[k].second) {
      for (const Index row : table.known(lists.at(list))) {
        if (!table.has_direction(row)) continue;
        examples.words.push_back(table.words[static_cast<std::size_t>(row)]);
        examples.kind.push_back(static_cast<Index>(k));
        const std::vector<double> direction = table.unit_row(row);
        rows.insert(rows.end(), direction.begin(), direction.end());
      }
    }
  }
  if (const auto enough = 4 * std::ssize(kinds); examples.size() < enough) {
    throw ValueError(
        "classify",
        fmt::format("the table has {} of the words to be sorted (king, cat, bread ...); expected {} or more",
                    examples.size(), enough));
  }
  examples.rows = tensor({examples.size(), table.dim()}, rows);
  return examples;
}

struct Halves {
  Ids learned, held_out;  // places in Examples
};

Halves halves(Index count, Rng rng) {
  const std::vector<Index> order = rng.shuffled(count);
  const auto middle = order.begin() + count / 2;
  return {Ids(std::vector<Index>(order.begin(), middle)), Ids(std::vector<Index>(middle, order.end()))};
}

Ids kinds_of(const Examples& examples, const Ids& words) {
  std::vector<Index> result;
  for (const Index word : words.values()) result.push_back(examples.kind[static_cast<std::size_t>(word)]);
  return Ids(std::move(result));
}

Classifier learn(const Examples& examples, const Tensor& rows, bool frozen, const Ids& words, const Options& options,
                 Rng rng) {
  Classifier model(rows.clone(), frozen, rng);
  AdamW opt(named_parameters(model), {.lr = options.lr});
  const Ids right = kinds_of(examples, words);
  for (Index step = 0; step < options.steps; ++step) {
    opt.zero_grad();
    cross_entropy(model(words), right).backward();
    opt.step();
  }
  const NoGrad quiet;
  if (!all_finite(model(examples.all()).value())) {
    throw NonFiniteError("classify",
                         fmt::format("the scores are not finite: training has diverged at --lr {}; expected "
                                     "a lower one",
                                     options.lr));
  }
  return model;
}

// The share of the words whose likeliest kind is theirs.
double accuracy(const Classifier& model, const Examples& examples, const Ids& words) {
  const NoGrad quiet;
  const Ids said = argmax(model(words).value(), -1), right = kinds_of(examples, words);
  Index hits = 0;
  for (Index i = 0; i < said.size(); ++i) hits += said[i] == right[i] ? 1 : 0;
  return static_cast<double>(hits) / static_cast<double>(said.size());
}

void show_table(const Examples& examples, const Options& options) {
  const Rng rng(options.seed);
  Rng noise = rng.fork("noise");
  const Tensor random =
      normal(examples.rows.shape(), noise, 0.0, 1.0 / std::sqrt(static_cast<double>(examples.rows.dim(1))));
  fmt::print("{:<22}{:>14}{:>16}\n", "", "learned words", "held-out words");
  for (const auto& [name, rows, frozen] : {std::tuple{"noise, frozen", random, true},
                                           {"noise, trained", random, false},
                                           {"vectors, frozen", examples.rows, true},
                                           {"vectors, trained", examples.rows, false}}) {
    double learned = 0.0, held_out = 0.0;
    for (Index split = 0; split < options.splits; ++split) {
      const Rng own = rng.fork(fmt::format("split {}", split));
      const Halves half = halves(examples.size(), own.fork("halves"));
      const Classifier model = learn(examples, rows, frozen, half.learned, options, own.fork("head"));
      learned += accuracy(model, examples, half.learned) / static_cast<double>(options.splits);
      held_out += accuracy(model, examples, half.held_out) / static_cast<double>(options.splits);
    }
    fmt::print("{:<22}{:>12.1f} %{:>14.1f} %\n", name, 100.0 * learned, 100.0 * held_out);
  }
}

// What the classifier says of words that it never saw.
void show_words(const Examples& examples, const Options& options) {
  const Rng rng = Rng(options.seed).fork("split 0");
  const Halves half = halves(examples.size(), rng.fork("halves"));
  const Classifier model = learn(examples, examples.rows, true, half.learned, options, rng.fork("head"));
  const NoGrad quiet;
  const Tensor chances = softmax(model(half.held_out).value());
  const Ids said = argmax(chances, -1);
  fmt::print("\nheld-out words, vectors frozen:\n");
  for (Index i = 0; i < std::min<Index>(12, said.size()); ++i) {
    const auto word = static_cast<std::size_t>(half.held_out[i]);
    const auto kind = static_cast<std::size_t>(said[i]), right = static_cast<std::size_t>(examples.kind[word]);
    fmt::print("  {:<12} {:<15} {:.2f}{}\n", examples.words[word], kinds[kind].first,
               static_cast<double>(chances(i, said[i])),
               kind == right ? "" : fmt::format("   (listed as {})", kinds[right].first));
  }
}

int body(const Options& options) {
  cli::require(!options.vectors.empty(),
               "no vectors: expected a file of word vectors, or a folder written by train_embeddings or word2vec");
  cli::require(options.splits >= 1, fmt::format("--splits {}: expected 1 or more", options.splits));
  cli::require(options.steps >= 1, fmt::format("--steps {}: expected 1 or more", options.steps));
  cli::require(std::isfinite(options.lr) && options.lr > 0.0,
               fmt::format("--lr {}: expected a number above 0", options.lr));
  const Examples examples = find_words(vectors::load_table(options.vectors));
  fmt::print("{} words of {} kinds, {} numbers each; one half learned, one held out, mean of {} such halvings\n\n",
             examples.size(), kinds.size(), examples.rows.dim(1), options.splits);
  show_table(examples, options);
  show_words(examples, options);
  return 0;
}

}  // namespace
}  // namespace lexigrad::classify

int main(int argc, char** argv) {
  using namespace lexigrad::classify;
  CLI::App app("Sorts words by kind with a linear head on pretrained vectors, frozen and trained further.", "classify");
  Options options;
  app.add_option("vectors", options.vectors,
                 "A file of word vectors, or a folder written by train_embeddings or word2vec (required)");
  app.add_option("--splits", options.splits, "Halvings of the words into learned and held out")->capture_default_str();
  app.add_option("--steps", options.steps, "Steps of training for each")->capture_default_str();
  app.add_option("--lr", options.lr, "Learning rate of AdamW")->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of all random numbers")
      ->check(lexigrad::cli::seed())
      ->capture_default_str();
  return lexigrad::cli::run(app, argc, argv, [&] { return body(options); });
}
