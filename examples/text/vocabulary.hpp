// vocabulary.hpp: tokens and their ids, in an order that is the same in every run.
//
// The id is the row of the embedding table. Ids 0 and 1 are the special tokens, then tokens come by falling count,
// equal counts by their bytes. A vocabulary knows nothing of how a text was cut. Read next: corpus.hpp, where one is
// made from a text.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor/real.hpp"

namespace lexigrad::text {

struct VocabularyOptions {
  Index min_count = 1;          ///< tokens that occur less often become `<|unk|>`
  Index max_size = 0;           ///< most entries, the two special ones included; 0: no limit
  Index end_of_text_count = 0;  ///< occurrences of `<|endoftext|>`, which are not among the counted tokens
};

class Vocabulary {
 public:
  static constexpr Index end_of_text = 0;  ///< id of `<|endoftext|>`: stands between documents
  static constexpr Index unknown = 1;      ///< id of `<|unk|>`: stands for every token without an id
  static constexpr Index first_word = 2;   ///< the first id that is not special
  static constexpr std::string_view end_of_text_token = "<|endoftext|>";
  static constexpr std::string_view unknown_token = "<|unk|>";

  /// The special tokens alone.
  Vocabulary();
  /// A vocabulary of counted tokens. The count of `<|unk|>` becomes that of all tokens left out.
  /// Throws ValueError when no token is left (with the greatest count and min_count), when an option makes no sense,
  /// and when a token is spelt like a special one: text must not be able to say `<|endoftext|>`.
  static Vocabulary from_counts(const std::unordered_map<std::string, Index>& counts,
                                const VocabularyOptions& options = {});

  Index size() const { return static_cast<Index>(tokens_.size()); }
  /// The id of a token of text, `unknown` when it has none. Never end_of_text, even for a text that spells it.
  Index id(std::string_view token) const;
  /// The id of any token, special ones by their names too; nothing when there is none.
  std::optional<Index> find(std::string_view token) const;
  /// Throw IndexError, naming id and size, outside [0, size()).
  const std::string& token(Index id) const;
  Index count(Index id) const;  ///< occurrences in the text that the vocabulary was made from
  const std::vector<Index>& counts() const { return counts_; }

  /// Up to `n` tokens spelt like `word`, for error messages; of equal distance the more frequent first. See
  /// spelling.hpp.
  std::vector<std::string> near_spellings(std::string_view word, Index n) const;

  /// Writes to_text() to a file, which appears whole or not at all. Throws FileError naming the path.
  void save(const std::filesystem::path& path) const;
  /// Throws FileError naming path, line and fault.
  static Vocabulary load(const std::filesystem::path& path);

  /// The file format, UTF-8 lines in the order of the ids:
  ///   # lexigrad vocabulary 1: 1234 tokens
  ///   <|endoftext|><TAB>17
  ///   token<TAB>count
  /// In a token, \t \n \r and \\ stand for tab, line feed, carriage return and backslash. Only line 1 is a comment.
  std::string to_text() const;
  /// Throws FileError `'name' line 12: ...` for anything but what to_text() writes; CR LF line ends are let through.
  static Vocabulary from_text(std::string_view text, std::string_view name);

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;  // so that a string_view can be looked up without making a string
  };

  bool add(std::string token, Index count);  // false when it is there already

  std::vector<std::string> tokens_;
  std::vector<Index> counts_;
  std::unordered_map<std::string, Index, Hash, std::equal_to<>> ids_;
};

}  // namespace lexigrad::text
