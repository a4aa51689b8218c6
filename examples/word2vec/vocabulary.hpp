// vocabulary.hpp: which words get a vector: those that occur often enough, the commonest first.
//
// Unlike text/vocabulary.hpp there are no special tokens: a word without an id is passed over, and its neighbours close
// the gap. Read next: windows.hpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "word2vec/numbered_text.hpp"
#include "word2vec/pieces.hpp"
#include "word2vec/sentences.hpp"
#include "word2vec/word_index.hpp"

namespace lexigrad::word2vec {

struct VocabularyOptions {
  Index min_count = 5;                             ///< words that occur less often are left out
  Index max_size = 0;                              ///< no more words than this, the commonest; 0: no limit
  std::size_t most_kept = std::size_t{128} << 20;  ///< bytes of the text that may be kept as ids: some 80 million words
};

/// Words with their counts; the id of a word is its place. By count, equal ones by their bytes.
struct Vocabulary {
  std::vector<std::string> words;
  std::vector<Index> counts;
  Index total = 0;      ///< occurrences of all of them in the text
  Index all_words = 0;  ///< occurrences of all words of the text, those that were left out among them

  Index size() const { return static_cast<Index>(words.size()); }
  /// The id of a word, -1 when it has none.
  Index find(std::string_view word) const { return index.find(word); }
  /// A number that tells one text from another: of words and counts (FNV-1a, 64 bits).
  std::string fingerprint() const;

  WordIndex index;
  NumberedText text;  ///< what was counted
};

/// Reads the texts once and counts, `phrases` as words of their own. Throws FileError for a text that is binary or not
/// UTF-8, ValueError when it has no words, or none that occurs min_count times (it says how often the commonest
/// occurs).
Vocabulary count_words(const Texts& texts, WordRule rule, const VocabularyOptions& options,
                       const Phrases* phrases = nullptr);

/// `word count` lines, as word2vec's -save-vocab has them. Throws FileError.
void save_vocabulary(const std::string& path, const Vocabulary& vocabulary);

}  // namespace lexigrad::word2vec
