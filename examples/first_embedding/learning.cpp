// learning.cpp: part 4: a language model on four sentences: how the chance of the right word grows.
//
// Without a block, a prediction sees the last token and its position only: after "the" in place 5, all four endings
// fit. With one block, attention looks back at "cat".
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "first_embedding/sections.hpp"
#include "nn/optim.hpp"
#include "nn/transformer.hpp"
#include "text/tokenizer.hpp"
#include "text/vocabulary.hpp"

namespace lexigrad::first_embedding {
namespace {

const std::vector<std::string> sentences = {"The cat sat on the mat.", "The dog sat on the rug.",
                                            "The hen sat on the nest.", "The king sat on the throne."};
const std::string prompt = "The cat sat on the", answer = "mat";

struct Lesson {
  text::Vocabulary vocabulary;
  Ids inputs, targets;  // [4, 6]: each sentence without its last token, and without its first
  Ids prompt;           // [1, 5]
  Index answer = 0;
};

Lesson prepare() {
  std::unordered_map<std::string, Index> counts;
  for (const std::string& sentence : sentences) {
    for (const std::string& word : text::split_words(sentence)) ++counts[word];
  }
  Lesson lesson;
  lesson.vocabulary = text::Vocabulary::from_counts(counts);
  const auto ids = [&](const std::string& text) {
    std::vector<Index> result;
    for (const std::string& word : text::split_words(text)) result.push_back(lesson.vocabulary.id(word));
    return result;
  };
  std::vector<Index> inputs, targets;
  for (const std::string& sentence : sentences) {
    const std::vector<Index> tokens = ids(sentence);
    inputs.insert(inputs.end(), tokens.begin(), tokens.end() - 1);
    targets.insert(targets.end(), tokens.begin() + 1, tokens.end());
  }
  const auto rows = static_cast<Index>(sentences.size()), length = static_cast<Index>(inputs.size()) / rows;
  lesson.inputs = Ids({rows, length}, inputs);
  lesson.targets = Ids({rows, length}, targets);
  const std::vector<Index> start = ids(prompt);
  lesson.prompt = Ids({1, static_cast<Index>(start.size())}, start);
  lesson.answer = lesson.vocabulary.id(answer);
  return lesson;
}

// What follows the prompt: chances [V].
Tensor next_word(const Transformer& model, const Lesson& lesson) {
  const Tensor all = model.next_token_probabilities(lesson.prompt);  // [1, T, V]
  return all.reshape({lesson.prompt.size(), -1}).rows(lesson.prompt.size() - 1, 1).reshape({-1});
}

std::string likeliest(const Tensor& chances, const text::Vocabulary& vocabulary, int count) {
  std::vector<Index> order(static_cast<std::size_t>(chances.size()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return chances(a) > chances(b); });
  std::string text;
  for (int i = 0; i < count; ++i) {
    const Index id = order[static_cast<std::size_t>(i)];
    text +=
        fmt::format("{}{} {:.0f} %", i > 0 ? ", " : "", vocabulary.token(id), 100.0 * static_cast<double>(chances(id)));
  }
  return text;
}

void train_and_show(const Lesson& lesson, Index layers, const Rng& from) {
  Rng rng = from;
  Transformer model({.vocab = lesson.vocabulary.size(), .context = 8, .dim = 32, .layers = layers, .heads = 2}, rng);
  AdamW optimizer(named_parameters(model), {.lr = 0.005, .weight_decay = 0.0});
  fmt::print("  {} ({} numbers)\n",
             layers == 0 ? "without a block: sees the last word and its place" : "with one block: attention looks back",
             thousands(parameter_count(model)));
  for (int step = 0; step <= 100; ++step) {
    if (step == 0 || step == 1 || step == 20 || step == 100) {
      const Tensor chances = next_word(model, lesson);
      const double p = static_cast<double>(chances(lesson.answer));
      fmt::print("    {:<15}  chance of \"{}\" {:>5.1f} %   loss {:.3f}   {}\n",
                 step == 0 ? "before training" : fmt::format("after {} step{}", step, step == 1 ? "" : "s"), answer,
                 100.0 * p, -std::log(p), likeliest(chances, lesson.vocabulary, 3));
    }
    optimizer.zero_grad();
    model.loss(lesson.inputs, lesson.targets).backward();
    optimizer.step();
  }
}

}  // namespace

void show_learning(const Rng& rng) {
  heading(4, "\"The cat sat on the\" ...");
  const Lesson lesson = prepare();
  fmt::print("four sentences, {} tokens in the vocabulary: a blind guess has {:.1f} %, loss ln {} = {:.3f}\n",
             lesson.vocabulary.size(), 100.0 / static_cast<double>(lesson.vocabulary.size()), lesson.vocabulary.size(),
             std::log(static_cast<double>(lesson.vocabulary.size())));
  for (const std::string& sentence : sentences) fmt::print("  {}\n", sentence);
  train_and_show(lesson, 0, rng);
  train_and_show(lesson, 1, rng);
  fmt::print("loss = -ln(chance of the right word). Without a block four endings fit alike: ln 4 = {:.3f}.\n",
             std::log(4.0));
}

}  // namespace lexigrad::first_embedding
