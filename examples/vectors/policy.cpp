// policy.cpp: repeated words are taken out; words without sense and rows without a direction are counted.
#include "vectors/policy.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "nn/printable.hpp"

namespace lexigrad::vectors {
namespace {

bool is_utf8(std::string_view word) {
  for (char32_t value = 0; !word.empty();) {
    const std::size_t bytes = decode_utf8(word, value);
    if (bytes == 0) return false;
    word.remove_prefix(bytes);
  }
  return true;
}

// The rows that hold a property: how many, and the first of them.
struct Oddity {
  Index count = 0, first = -1;

  void take(Index row) {
    if (count++ == 0) first = row;
  }
  std::string rows() const { return count == 1 ? "1 row" : fmt::format("{} rows", count); }
};

// The table without the rows whose word stands further up.
WordTable without_repeated(WordTable table, const std::string& name, const RowPlace& place) {
  Oddity repeated;
  std::vector<Index> keep;
  for (Index row = 0; row < table.size(); ++row) {
    if (*table.find(table.words[static_cast<std::size_t>(row)]) == row) {
      keep.push_back(row);
    } else {
      repeated.take(row);
    }
  }
  if (repeated.count == 0) return table;
  const std::string& example = table.words[static_cast<std::size_t>(repeated.first)];
  std::string warning =
      fmt::format("{}: {} left out, the word stands further up (\"{}\", {} and {}); {} words kept", name,
                  repeated.rows(), printable(example), place(*table.find(example)), place(repeated.first), keep.size());
  std::vector<std::string> words;
  Tensor numbers(Shape{static_cast<Index>(keep.size()), table.dim()});
  real* out = numbers.mutable_data();
  for (const Index row : keep) {
    words.push_back(std::move(table.words[static_cast<std::size_t>(row)]));
    out = std::copy_n(table.vectors.data() + row * table.dim(), table.dim(), out);
  }
  WordTable result(std::move(words), std::move(numbers));
  result.warnings.push_back(std::move(warning));
  return result;
}

}  // namespace

WordTable table_by_policy(std::vector<std::string> words, Tensor vectors, const std::string& name,
                          const RowPlace& place) {
  Oddity malformed, bad, zero;
  WordTable whole(std::move(words), std::move(vectors));
  for (Index row = 0; row < whole.size(); ++row) {
    if (!is_utf8(whole.words[static_cast<std::size_t>(row)])) malformed.take(row);
    if (whole.is_bad(row)) bad.take(row);
    if (!whole.is_bad(row) && !whole.has_direction(row)) zero.take(row);
  }
  std::vector<std::string> warnings;
  const auto warn = [&](const Oddity& odd, std::string_view what) {
    if (odd.count == 0) return;
    warnings.push_back(fmt::format("{}: {} {} (\"{}\", {})", name, odd.rows(), what,
                                   printable(whole.words[static_cast<std::size_t>(odd.first)]), place(odd.first)));
  };
  warn(malformed, "with a word that is not UTF-8, kept as it is");
  warn(bad, "with NaN or infinity, never among results");
  warn(zero, "of zeros, never among results");
  WordTable table = without_repeated(std::move(whole), name, place);
  table.warnings.insert(table.warnings.end(), warnings.begin(), warnings.end());
  return table;
}

}  // namespace lexigrad::vectors
