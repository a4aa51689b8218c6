// meaning.cpp: asking the questions.
#include "train_embeddings/meaning.hpp"

#include <algorithm>
#include <cmath>

#include "autograd/mode.hpp"
#include "text/utf8.hpp"
#include "train_embeddings/questions.hpp"
#include "vectors/axis.hpp"
#include "vectors/neighbours.hpp"

namespace lexigrad::train_embeddings {
namespace {

using vectors::WordTable;

bool all_known(const WordTable& table, const std::vector<std::string>& words) {
  return table.known(words).size() == words.size();
}

std::vector<Answer> named(const WordTable& table, const std::vector<vectors::Scored>& scored) {
  std::vector<Answer> answers;
  for (const auto& [id, score] : scored) answers.push_back({table.words[static_cast<std::size_t>(id)], score});
  return answers;
}

std::vector<PairCosine> measure_pairs(const WordTable& table) {
  std::vector<PairCosine> result;
  for (const auto& [a, b] : shown_pairs) {
    PairCosine pair{a, b, {}};
    if (all_known(table, {a, b})) pair.cosine = vectors::cosine(table, a, b);
    result.push_back(pair);
  }
  return result;
}

std::vector<Neighbours> measure_neighbours(const WordTable& table, const std::vector<std::string>& words) {
  std::vector<Neighbours> result;
  for (const std::string& word : words) {
    Neighbours n{word, table.find(word).has_value(), {}};
    if (n.known) n.nearest = named(table, vectors::neighbours(table, word, 10));
    result.push_back(n);
  }
  return result;
}

Analogy measure_analogy(const WordTable& table) {
  Analogy result{"man", "king", "woman", "queen", false, {}, {}, 0, 0};
  const auto& [a, b, c, expected, known, without, with, rank_without, rank_with] = result;
  if (!all_known(table, {a, b, c, expected})) return result;
  result.known = true;
  result.without_query = named(table, vectors::analogy(table, a, b, c, 5));
  result.with_query = named(table, vectors::analogy(table, a, b, c, 5, true));
  result.rank_without = vectors::rank_of(table, expected, a, b, c).value_or(0);
  result.rank_with = vectors::rank_of(table, expected, a, b, c, true).value_or(0);
  return result;
}

// Words of `list` that the table has and that are not among `but`.
std::vector<std::string> others(const WordTable& table, const std::vector<std::string>& list,
                                const std::vector<std::string>& but) {
  std::vector<std::string> result;
  for (const std::string& word : list) {
    if (table.find(word) && std::find(but.begin(), but.end(), word) == but.end()) result.push_back(word);
  }
  return result;
}

// The axis between two sets of words; nothing when the table lacks one of them, or their means are the same: with
// --dim 1, say, where every direction is 1 or -1.
std::optional<vectors::Axis> axis_between(const WordTable& table, const std::vector<std::string>& a,
                                          const std::vector<std::string>& b) {
  if (a.empty() || !all_known(table, a) || !all_known(table, b)) return std::nullopt;
  try {
    return vectors::make_axis(table, a, b);
  } catch (const ValueError&) {
    return std::nullopt;
  }
}

AxisAnswer measure_living(const WordTable& table) {
  AxisAnswer result;
  result.positive = living_seeds;
  result.negative = lifeless_seeds;
  const auto living = others(table, living_words, living_seeds),
             lifeless = others(table, lifeless_words, lifeless_seeds);
  const std::optional<vectors::Axis> between = axis_between(table, living_seeds, lifeless_seeds);
  if (!between || living.empty() || lifeless.empty()) return result;
  const vectors::Axis& axis = *between;
  result.known = true;
  result.tested_positive = static_cast<Index>(living.size());
  result.tested_negative = static_cast<Index>(lifeless.size());
  result.auc = vectors::auc(vectors::project(table, axis, living), vectors::project(table, axis, lifeless));
  const vectors::Extremes ends = vectors::extremes(table, axis, 8);
  result.furthest_positive = named(table, ends.positive);
  result.furthest_negative = named(table, ends.negative);
  return result;
}

AxisShare measure_share(const WordTable& table) {
  AxisShare result{std::max<Index>(1, (table.dim() + 6) / 12), table.dim(), {}, {}};
  const auto share = [&](const std::vector<std::string>& a,
                         const std::vector<std::string>& b) -> std::optional<double> {
    const std::optional<vectors::Axis> axis = axis_between(table, a, b);
    if (!axis) return std::nullopt;
    return vectors::share_of_strongest(axis->direction, result.dimensions);
  };
  result.living = share(living_seeds, lifeless_seeds);
  std::vector<std::string> men, women;
  for (const auto& [man, woman] : gender_pairs) {
    if (!all_known(table, {man, woman})) continue;
    men.push_back(man);
    women.push_back(woman);
  }
  result.gender = share(men, women);
  return result;
}

// Which rows of the vocabulary may stand at the start of a sentence, and which open answers.
struct Starts {
  std::vector<bool> capital_or_end, opener;
  double share = 0.0;

  explicit Starts(const Lexicon& lexicon) {
    for (Index id = 0; id < lexicon.size(); ++id) {
      const std::string& token = lexicon.words[static_cast<std::size_t>(id)];
      const bool upper = !token.empty() && text::is_upper(text::decode(token, 0).value);
      const bool start = id == lexicon.end_of_text || upper;
      capital_or_end.push_back(start);
      opener.push_back(std::find(answer_openers.begin(), answer_openers.end(), token) != answer_openers.end());
      share += start ? 1.0 : 0.0;
    }
    share /= static_cast<double>(lexicon.size());
  }
};

// The mean chances over up to 400 places of the held-out stream where `mark` has just been read.
AfterMark measure_after(const Model& model, const text::Corpus& corpus, const Lexicon& lexicon, const Starts& starts,
                        const std::string& mark, const Options& options) {
  AfterMark result;
  const std::optional<Index> id = lexicon.find(mark);
  if (!id || corpus.held_out.size() < 2) return result;
  const NoGrad quiet;
  const Index vocab = lexicon.size();
  std::vector<double> mean(static_cast<std::size_t>(vocab), 0.0);
  for (const text::Batch& batch : text::evaluation_batches(corpus.held_out, options.batch, options.context)) {
    std::vector<Index> places;
    for (Index i = 0; i < batch.inputs.size() && result.places < 400; ++i) {
      if (batch.inputs[i] != *id) continue;
      places.push_back(i);
      ++result.places;
    }
    if (places.empty()) continue;
    const Tensor hidden = model.hidden(batch.inputs, nullptr).value().reshape({-1, options.dim});
    const Tensor chances = softmax(linear(gather_rows(hidden, Ids(places)), model.transformer.head.weight.value(), {}));
    for (Index i = 0; i < chances.size(); ++i)
      mean[static_cast<std::size_t>(i % vocab)] += static_cast<double>(chances.data()[i]);
  }
  if (result.places == 0) return result;
  std::vector<Index> order(static_cast<std::size_t>(vocab));
  for (Index w = 0; w < vocab; ++w) {
    const auto i = static_cast<std::size_t>(w);
    order[i] = w;
    mean[i] /= static_cast<double>(result.places);
    if (starts.capital_or_end[i]) result.starts += mean[i];
    if (starts.opener[i]) result.openers += mean[i];
  }
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return mean[static_cast<std::size_t>(a)] > mean[static_cast<std::size_t>(b)];
  });
  for (std::size_t i = 0; i < std::min<std::size_t>(6, order.size()); ++i) {
    const auto likely = static_cast<std::size_t>(order[i]);
    result.likeliest.push_back({lexicon.names[likely], mean[likely]});
  }
  return result;
}

double row_norm(const Tensor& table, Index row) { return std::sqrt(sum_squares(table.rows(row, 1))); }

}  // namespace

vectors::MapOptions map_options() {
  vectors::MapOptions options;
  for (const auto& [name, words] : map_groups) options.groups.push_back({name, words});
  options.arrows = {{"man", "woman"}, {"king", "queen"}, {"boy", "girl"}, {"prince", "princess"}};
  return options;
}

std::vector<std::string> map_words() {
  std::vector<std::string> words;
  for (const auto& [name, group] : map_groups) words.insert(words.end(), group.begin(), group.end());
  return words;
}

WordTable word_table(const Model& model, const Lexicon& lexicon) {
  const Tensor& table = model.transformer.wte.weight.value();
  return WordTable(lexicon.names, table - sum(table, 0) / static_cast<double>(table.dim(0)));
}

Meaning measure(const Model& model, const text::Corpus& corpus, const Lexicon& lexicon, const Options& options) {
  const WordTable table = word_table(model, lexicon);
  const Starts starts(lexicon);
  Meaning m;
  m.pairs = measure_pairs(table);
  m.neighbours = measure_neighbours(table, options.show);
  m.analogy = measure_analogy(table);
  m.gender = vectors::pair_accuracy(table, gender_pairs);
  m.noise = vectors::pair_statistics(table, map_words());
  m.living = measure_living(table);
  m.share = measure_share(table);
  m.starts_share = starts.share;
  m.full_stop = measure_after(model, corpus, lexicon, starts, ".", options);
  m.question_mark = measure_after(model, corpus, lexicon, starts, "?", options);
  m.end_of_text_norm = row_norm(model.transformer.wte.weight.value(), lexicon.end_of_text);
  return m;
}

}  // namespace lexigrad::train_embeddings
