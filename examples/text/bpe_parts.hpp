// bpe_parts.hpp: what a tokenizer is put together from, whoever reads or learns it. For the .cpp files of Bpe only.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "text/bpe.hpp"

namespace lexigrad::text {

struct Bpe::Parts {
  std::vector<std::optional<std::string>> tokens;  // the bytes of each id; nothing for a hole
  std::vector<MergeTable::Pair> merges;            // of ids inside `tokens`, none twice
  std::vector<Index> specials;                     // in ascending order
  bool whole_tokens = false;  // a piece that is a token is that token, whether or not merging leads there (tiktoken)

  /// Bytes, merges and special tokens with the ids of Bpe's constructor; the same errors, but for those of `specials`
  /// all begin with `where(place of the merge)`.
  static Parts in_order(std::span<const Merge> merges, std::span<const std::string> specials);
};

/// True for a name that a special token may have: <…>.
inline bool is_special_name(std::string_view name) {
  return name.size() > 2 && name.front() == '<' && name.back() == '>';
}

}  // namespace lexigrad::text
