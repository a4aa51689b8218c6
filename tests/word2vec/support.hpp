// support.hpp: texts for the tests of word2vec.
#pragma once
#include <string>

#include "support/compare.hpp"
#include "support/folder.hpp"
#include "word2vec/training.hpp"

namespace lexigrad::word2vec {

inline Vocabulary vocabulary_of(std::string_view text, Index min_count = 1, Index max_size = 0) {
  return count_words(Texts(text), WordRule::blanks, {min_count, max_size});
}

/// Lines of `count` words in all, some common and some rare.
inline std::string random_text(Index count) {
  Rng rng(5);
  std::string text;
  for (Index i = 0; i < count; ++i) {
    const double u = rng.uniform();
    text += fmt::format("w{}{}", static_cast<int>(u * u * u * 300.0), i % 11 == 10 ? "\n" : " ");
  }
  return text;
}

}  // namespace lexigrad::word2vec
