// tokens.hpp: a model's tokens as the program reads and prints them, whichever kind its folder has: byte pairs,
// characters, or the words of train_embeddings.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "text/codec.hpp"
#include "text/tokenizer.hpp"
#include "text/vocabulary.hpp"

namespace lexigrad::gpt2 {

class Tokens {
 public:
  /// The tokenizer files of a folder: merges and vocabulary, a vocab.json of characters, or a vocab.txt of
  /// train_embeddings, whose model.safetensors says how a text is cut. Throws FileError for a folder that has none or
  /// damaged ones, and for more tokens than the model has rows, `rows`.
  static Tokens open(const std::string& folder, Index rows);

  Index size() const;                        ///< ids with a token are below this
  std::optional<Index> end_of_text() const;  ///< the token between texts, where there is one
  /// Throws ValueError for a text that the vocabulary cannot say.
  std::vector<Index> encode(std::string_view text) const;
  std::string bytes(Index id) const;   ///< "<id 50300>" for a row without a token
  std::string quoted(Index id) const;  ///< "\" cat\"", one line, whatever the bytes are
  /// The id of exactly one token. Throws ValueError that shows the pieces of a text that is several.
  Index one(std::string_view text) const;

  /// For tokens that come one by one: the text that is certain by now, in valid UTF-8 (of words, with blanks between).
  std::function<std::string(Index)> stream() const;

 private:
  struct Words {
    text::Vocabulary vocabulary;
    text::Tokenizer tokenizer;
  };
  explicit Tokens(std::variant<text::Codec, Words> kind) : kind_(std::move(kind)) {}

  std::variant<text::Codec, Words> kind_;
};

/// Text between quotes, on one line.
std::string in_quotes(std::string_view text);

}  // namespace lexigrad::gpt2
