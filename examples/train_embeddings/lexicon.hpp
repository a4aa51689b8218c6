// lexicon.hpp: what the tokens of a run are called, whether they are words, characters or byte pairs.
//
// A byte-pair token carries the blank before it. In running text that is the word, so the token " cat" is called cat,
// and the token "cat", which goes on a word, is called …cat. Marks are called what they are; other blanks show as ␣,
// control characters as escapes. Names are unique. Read next: meaning.hpp, where words are asked about by name.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/corpus.hpp"

namespace lexigrad::train_embeddings {

struct Lexicon {
  explicit Lexicon(const text::Corpus& corpus);

  /// The row of a name, if there is one.
  std::optional<Index> find(const std::string& name) const;
  Index size() const { return static_cast<Index>(names.size()); }

  std::vector<std::string> names;  ///< by id
  std::vector<std::string> words;  ///< by id: without the mark of a token that goes on a word; not unique
  Index end_of_text;
  Index first_word;  ///< ids from here on are worth showing, the commonest first

 private:
  std::unordered_map<std::string, Index> ids_;
};

/// Throws cli::UsageError for a word of --show that is not one byte-pair token, with the pieces it falls into.
void check_shown(const std::vector<std::string>& words, const Lexicon& lexicon, const text::Bpe& pairs);

}  // namespace lexigrad::train_embeddings
