// counting.hpp: how often each word of a text occurs, counted by several threads. Read next: vocabulary.cpp and
// phrases.cpp, which ask.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "word2vec/numbered_text.hpp"
#include "word2vec/pieces.hpp"
#include "word2vec/sentences.hpp"
#include "word2vec/word_index.hpp"

namespace lexigrad::word2vec {

/// Words, or whatever was counted in their place, with their counts.
struct Counts {
  WordIndex index;
  std::vector<Index> counts;  ///< of each number of the index

  /// Gives the number of the word.
  Index add(std::string_view word, Index count);
  /// 0 for a word that never came.
  Index of(std::string_view word) const;
};

/// What is to be counted of a sentence; `numbers` gets those of what was counted.
using CountSentence =
    std::function<void(const std::vector<std::string_view>& words, Counts& counts, std::vector<Index>& numbers)>;
void count_each_word(const std::vector<std::string_view>& words, Counts& counts, std::vector<Index>& numbers);

/// Reads the texts once. The same counts whatever the threads. With `kept`, the numbers of the first pieces are kept
/// there, up to some `most_bytes` of them; its ids are the numbers in the index of the result. Throws FileError for a
/// text that is binary or not UTF-8.
Counts count_sentences(const Texts& texts, WordRule rule, const Phrases* phrases, const CountSentence& count,
                       NumberedText* kept = nullptr, std::size_t most_bytes = 0);

}  // namespace lexigrad::word2vec
