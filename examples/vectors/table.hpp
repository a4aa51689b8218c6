// table.hpp: words and their vectors, and which word is which row.
//
//   WordTable table({"king", "queen"}, tensor({2, 2}, {3, 1, 2.6, 2}));
//   Index row = table.id("queen");      // 1; an unknown word throws and names near spellings
//
// A table is a picture of a finished state: it knows neither how vectors are trained nor how files look.
// Read next: word2vec_text.hpp (tables from files), neighbours.hpp (what a table is asked).
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.hpp"

namespace lexigrad::vectors {

struct WordTable {
  WordTable() = default;
  /// Row i of `vectors` [words, dim] belongs to words[i]. Shares the buffer of `vectors`. When a word stands twice,
  /// find() gives its first row. Throws ShapeError when the rank is not 2 or the rows are not as many as the words.
  WordTable(std::vector<std::string> words, Tensor vectors);

  /// To be read, not changed: the index and the lengths belong to what was given at construction.
  std::vector<std::string> words;
  Tensor vectors;                     ///< [words, dim]
  std::vector<std::string> warnings;  ///< what a reader of files found odd, one sentence each

  Index size() const { return static_cast<Index>(words.size()); }
  Index dim() const { return vectors.defined() ? vectors.dim(1) : 0; }

  /// The row of a word, or nothing.
  std::optional<Index> find(std::string_view word) const;
  /// The row of a word. Throws IndexError that names the word and up to three near spellings.
  Index id(std::string_view word) const;
  /// The rows of those of `wanted` that the table has, in their order.
  std::vector<Index> known(std::span<const std::string> wanted) const;

  /// False for rows that point nowhere: all zero, or holding NaN or infinity. They never appear in results.
  bool has_direction(Index row) const { return inverse_length(row) > 0.0; }
  /// True when the row holds NaN or infinity.
  bool is_bad(Index row) const { return inverse_length(row) < 0.0; }
  /// The length of the row; 0 when it has no direction.
  double length(Index row) const { return has_direction(row) ? 1.0 / inverse_length(row) : 0.0; }
  /// 1 / length; 0 for a row of zeros, -1 for a bad one.
  double inverse_length(Index row) const { return inverse_lengths_[static_cast<std::size_t>(row)]; }
  /// Dot product of a query [dim] with the row scaled to length 1, summed in double; 0 when the row has no direction.
  /// Checks nothing: it is the inner loop of every search; callers ask check_unchanged() once.
  double unit_dot(Index row, std::span<const double> query) const;
  /// The row scaled to length 1, in double; all 0 when it has no direction. Throws IndexError, StateError.
  std::vector<double> unit_row(Index row) const;
  /// All rows scaled to length 1, as a new tensor [words, dim]; rows without a direction are 0. Throws StateError.
  Tensor unit_rows() const;

  /// Throws StateError when `vectors` was written to after the table was made.
  void check_unchanged() const;

 private:
  // Open-addressing hash index: slot → row, -1 empty. Holds no pointers, so that tables can be copied and moved.
  std::vector<Index> slots_;
  // 1 / length of each row; 0 for a zero row, -1 for a bad one. Kept instead of a second, normalised table: it takes
  // 8 bytes a word, and the rows are read once either way.
  std::vector<double> inverse_lengths_;
  std::uint32_t version_ = 0;
};

}  // namespace lexigrad::vectors
