// phrases.hpp: words that stand beside each other far more often than chance would have it, as one word: new_york.
//
//   score(a, b) = (count(a b) - least) · words / (count(a) · count(b))       a phrase where it is above the threshold
//
// (Mikolov, Sutskever, Chen, Corrado, Dean 2013, section 4, times the number of words as word2phrase has it.) A further
// pass takes phrases for words, so that two passes find new_york_times. Read next: sentences.hpp, which joins them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "word2vec/pieces.hpp"
#include "word2vec/word_index.hpp"

namespace lexigrad::word2vec {

enum class WordRule;

struct PhraseOptions {
  Index passes = 0;          ///< 0: no phrases; n: of up to 2ⁿ words
  double threshold = 100.0;  ///< of the score
  Index least = 5;           ///< pairs and words that occur less often make no phrase; what a count is reduced by
};

/// The pairs of words that are to be joined, for each pass.
class Phrases {
 public:
  /// Replaces pairs by phrases, the first that fits from the left; a word is in one pair only. The views stay valid as
  /// long as this object.
  void join(std::vector<std::string_view>& words) const;
  /// How many there are.
  Index size() const;

 private:
  friend Phrases find_phrases(const Texts& texts, WordRule rule, const PhraseOptions& options);
  struct Pass {
    WordIndex pairs;                  // "a b"
    std::vector<std::string> joined;  // "a_b", by the numbers of the pairs

    void add(std::string_view pair);
    void join(std::vector<std::string_view>& words) const;
  };

  std::vector<Pass> passes_;
};

/// Reads the texts twice for each pass: counts words, then pairs of those that occur often enough. Needs some 60 bytes
/// for each different pair. Throws as count_words() does.
Phrases find_phrases(const Texts& texts, WordRule rule, const PhraseOptions& options);

}  // namespace lexigrad::word2vec
