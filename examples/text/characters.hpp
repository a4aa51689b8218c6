// characters.hpp: the characters of a text as a vocabulary: each code point a token, numbered in their order.
//
// For models of characters: no special tokens, nothing unknown; what the text lacks cannot be said. The file is
// vocab.json, {"a": 0, "b": 1}, as GPT-2's byte-pair vocabularies have it, but without a merges.txt beside it.
// Read next: bpe.hpp, pieces of words.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/real.hpp"

namespace lexigrad::text {

class Characters {
 public:
  /// The different code points of a text. Throws ValueError for an empty one, and with the offset for bytes that are
  /// not UTF-8.
  static Characters of(std::string_view text);
  /// Reads vocab.json. Throws FileError naming path and fault: every key one code point, the ids 0 … n - 1, each once.
  static Characters load(const std::string& path);
  /// Writes it, atomically. Throws FileError.
  void save(const std::string& path) const;

  Index size() const { return static_cast<Index>(tokens_.size()); }
  /// The ids of a text. Throws ValueError naming the first character that has none, and its offset.
  std::vector<Index> encode(std::string_view text) const;
  /// The text of ids. Throws IndexError for one outside [0, size()).
  std::string decode(std::span<const Index> ids) const;

 private:
  std::vector<std::string> tokens_;
  std::map<char32_t, Index> ids_;
};

}  // namespace lexigrad::text
