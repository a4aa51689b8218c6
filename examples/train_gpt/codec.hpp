// codec.hpp: the vocabulary of a model, whichever kind it is: text to ids and back, and its files.
//
// The two kinds are text/characters.hpp and text/bpe.hpp. Read next: data.hpp, where a text becomes streams of ids.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "text/characters.hpp"

namespace lexigrad::train_gpt {

class Codec {
 public:
  explicit Codec(text::Characters characters) : kind_(std::move(characters)) {}
  /// The vocabulary in a model's folder: byte pairs where there is a merges.txt or vocab.bpe, else characters.
  /// Throws FileError.
  static Codec load(const std::string& folder);
  /// Writes vocab.json, of byte pairs merges.txt, too. Throws FileError.
  void save(const std::string& folder) const;

  Index size() const;
  /// The id that stands between texts; nothing for characters.
  std::optional<Index> end_of_text() const;
  /// Throws ValueError for a character that the vocabulary lacks.
  std::vector<Index> encode(std::string_view text) const;
  std::string decode(std::span<const Index> ids) const;

 private:
  std::variant<text::Characters> kind_;
};

}  // namespace lexigrad::train_gpt
