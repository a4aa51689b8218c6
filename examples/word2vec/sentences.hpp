// sentences.hpp: lines of text as lists of words. A line is a sentence: no window reaches over its end.
//
// Read next: vocabulary.hpp, which numbers the words.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lexigrad::word2vec {

class Phrases;

/// What a word is, and which lines count.
enum class WordRule {
  blanks,  ///< whatever stands between ASCII blanks, in lower case: "end." keeps its full stop. For texts cut into
           ///< words
  letters  ///< runs of a … z after lowering and taking accents off (NFKD): for plain text. Lines under 20 characters,
           ///< headings most of them, are left out
};

/// Walks over the sentences of a text.
class Sentences {
 public:
  /// A longer line is cut after so many words, as gensim does.
  static constexpr std::size_t most_words = 10000;

  /// `text` and `phrases` must outlive the object. With `phrases`, pairs of words are joined.
  Sentences(std::string_view text, WordRule rule, const Phrases* phrases = nullptr)
      : text_(text), rule_(rule), phrases_(phrases) {}
  /// The words of the next line that has any, as long as next() is not called again; empty at the end.
  const std::vector<std::string_view>& next();

 private:
  void take_line();

  std::string_view text_;  // what is left of it
  WordRule rule_;
  const Phrases* phrases_;
  std::string lowered_;    // the line that is being cut into words
  std::string_view line_;  // what is left of that
  std::vector<std::string_view> words_;
};

}  // namespace lexigrad::word2vec
