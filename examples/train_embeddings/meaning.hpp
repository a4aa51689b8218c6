// meaning.hpp: what a table of vectors and its model know: asked before training and after, with the same questions.
//
// The questions are fixed here and are not made from the text; words that a text lacks are left out and said.
// Read next: screen.cpp (how the answers are printed), report.cpp (how they are saved).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "text/corpus.hpp"
#include "train_embeddings/lexicon.hpp"
#include "train_embeddings/training.hpp"
#include "vectors/evaluate.hpp"
#include "vectors/plot.hpp"
#include "vectors/table.hpp"

namespace lexigrad::train_embeddings {

struct Answer {
  std::string word;
  double score;
};

struct PairCosine {
  std::string a, b;
  std::optional<double> cosine;  ///< nothing when the text lacks a word
};

struct Neighbours {
  std::string word;
  bool known = false;
  std::vector<Answer> nearest;
};

struct Analogy {  ///< a is to b as c is to expected
  std::string a, b, c, expected;
  bool known = false;
  std::vector<Answer> without_query, with_query;
  Index rank_without = 0, rank_with = 0;
};

struct AxisAnswer {
  bool known = false;
  std::vector<std::string> positive, negative;  ///< the words that make the axis
  Index tested_positive = 0, tested_negative = 0;
  double auc = 0.0;  ///< of the other listed words
  std::vector<Answer> furthest_positive, furthest_negative;
};

struct AxisShare {                ///< how much of an axis lies in the twelfth of the dimensions where it is strongest
  Index dimensions = 0, dim = 0;  ///< a twelfth of all, at least 1; all
  std::optional<double> living, gender;  ///< living / not living, man / woman; nothing when the text lacks the words
};

struct AfterMark {  ///< what the model expects after "." or "?", the mean over places in the held-out text
  Index places = 0;
  double starts = 0.0;   ///< chance of a capitalised word or <|endoftext|>
  double openers = 0.0;  ///< chance of a word that opens answers
  std::vector<Answer> likeliest;
};

struct Meaning {
  std::vector<PairCosine> pairs;
  std::vector<Neighbours> neighbours;
  Analogy analogy;
  vectors::PairAccuracy gender;
  vectors::PairStatistics noise;  ///< |cosine| over all listed words
  AxisAnswer living;
  AxisShare share;
  double starts_share = 0.0;  ///< share of the vocabulary that is capitalised or <|endoftext|>
  AfterMark full_stop, question_mark;
  double end_of_text_norm = 0.0;
};

/// The words of the map by group, and its arrows.
vectors::MapOptions map_options();
std::vector<std::string> map_words();

/// The rows of the model's table under their names, less the mean of all rows. The mean says nothing: adding one vector
/// to every row adds the same number to every logit, which the softmax takes out again, so training leaves it to drift
/// with the frequent words (Mu & Viswanath, "All-but-the-Top", 2018, take it out for that reason).
vectors::WordTable word_table(const Model& model, const Lexicon& lexicon);

Meaning measure(const Model& model, const text::Corpus& corpus, const Lexicon& lexicon, const Options& options);

}  // namespace lexigrad::train_embeddings
