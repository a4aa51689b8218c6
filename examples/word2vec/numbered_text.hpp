// numbered_text.hpp: the pieces of a text, the first of them as numbers of words, so that epochs need not cut these
// into words and look them up again, which takes an eighth of their time.
//
//   the quick fox ⏎ the … ─► 1 2 3 0 1 …       number + 1 in groups of seven bits, the least first; 0 ends a sentence
//
// The commonest words come first and have small numbers: a word takes one or two bytes mostly, a third of its letters.
// Read next: counting.hpp, which makes it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/real.hpp"
#include "word2vec/pieces.hpp"

namespace lexigrad::word2vec {

/// Puts a sentence behind the others. Numbers are below 2³¹.
void pack_sentence(const std::vector<Index>& numbers, std::string& bytes);

struct NumberedText {
  struct Piece {
    std::string bytes;          ///< of pack_sentence(), if it was kept
    std::size_t numbering = 0;  ///< whose numbers they are
    Place at;                   ///< where it begins
  };

  std::vector<Piece> pieces;                   ///< all of the text
  std::size_t kept = 0;                        ///< of them, from the first on, as many as there was room for
  std::vector<std::vector<std::int32_t>> ids;  ///< for each numbering: the ids of its numbers, -1 for none
};

/// Walks over the sentences of one of the pieces that were kept.
class NumberedSentences {
 public:
  NumberedSentences(const NumberedText& text, std::size_t piece);
  /// The ids of the next sentence, -1 for words without one; false at the end.
  bool next(std::vector<Index>& ids);

 private:
  const std::vector<std::int32_t>& ids_;
  std::string_view left_;
};

}  // namespace lexigrad::word2vec
