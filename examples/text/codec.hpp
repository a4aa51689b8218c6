// codec.hpp: the vocabulary of a language model, whichever kind it is: text to ids and back, and its files.
//
// The two kinds are characters.hpp and bpe.hpp; a folder tells by its files which it is. For programs that take models
// of both. Read next: tokens.hpp, streams of ids.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "text/bpe.hpp"
#include "text/characters.hpp"

namespace lexigrad::text {

class Codec {
 public:
  explicit Codec(Characters characters) : kind_(std::move(characters)) {}
  explicit Codec(Bpe bpe) : kind_(std::move(bpe)) {}
  /// The vocabulary in a model's folder: byte pairs where there is a merges.txt or vocab.bpe, else characters, where
  /// there is a vocab.json. Throws FileError.
  static Codec load(const std::string& folder);
  /// Writes vocab.json, and of byte pairs merges.txt. Characters remove a merges.txt that an earlier vocabulary left,
  /// since load() would take it for theirs. Throws FileError.
  void save(const std::string& folder) const;

  Index size() const;  ///< ids are below this
  /// The id that stands between texts; nothing for characters.
  std::optional<Index> end_of_text() const;
  /// The ids of a text, without special tokens. Throws ValueError for a character that the vocabulary lacks.
  std::vector<Index> encode(std::string_view text) const;
  /// The bytes of ids. Throws IndexError for one outside the vocabulary.
  std::string decode(std::span<const Index> ids) const;
  /// The byte pairs; null for characters.
  const Bpe* bpe() const { return std::get_if<Bpe>(&kind_); }

 private:
  std::variant<Characters, Bpe> kind_;
};

/// Which of the files of a tokenizer, of whatever kind, there are in a folder.
std::vector<std::string> tokenizer_files(const std::string& folder);

/// Throws FileError when a folder holds a file of another tokenizer, or the results of another program, beside which
/// those of `own` would be read wrongly. To be called before a run that writes files of these names.
void check_folder(const std::string& folder, const std::vector<std::string>& own);

}  // namespace lexigrad::text
