// counting.hpp: how often each word of a text occurs, counted by several threads. Read next: vocabulary.cpp and
// phrases.cpp, which ask.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "word2vec/pieces.hpp"
#include "word2vec/sentences.hpp"
#include "word2vec/word_index.hpp"

namespace lexigrad::word2vec {

/// Words, or whatever was counted in their place, with their counts.
struct Counts {
  WordIndex index;
  std::vector<Index> counts;  ///< of each number of the index

  void add(std::string_view word, Index count);
  /// 0 for a word that never came.
  Index of(std::string_view word) const;
};

/// What is to be counted of a sentence; by default its words.
using CountSentence = std::function<void(const std::vector<std::string_view>& words, Counts& counts)>;
void count_each_word(const std::vector<std::string_view>& words, Counts& counts);

/// Reads the texts once. The same numbers whatever the threads. Throws FileError for a text that is binary or not
/// UTF-8.
Counts count_sentences(const Texts& texts, WordRule rule, const Phrases* phrases, const CountSentence& count);

}  // namespace lexigrad::word2vec
