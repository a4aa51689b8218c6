// table.cpp: WordTable's index and lengths.
#include "vectors/table.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nn/printable.hpp"
#include "tensor/parallel.hpp"
#include "text/spelling.hpp"

namespace lexigrad::vectors {
namespace {

// Eight running sums: without them the additions wait for each other, and no vector instruction can be used.
double dot(const real* a, const double* b, Index count) {
  double sums[8] = {};
  Index i = 0;
  for (; i + 8 <= count; i += 8) {
    for (Index lane = 0; lane < 8; ++lane) sums[lane] += static_cast<double>(a[i + lane]) * b[i + lane];
  }
  for (; i < count; ++i) sums[0] += static_cast<double>(a[i]) * b[i];
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

// 1 / length, 0 for a zero row, -1 for one with NaN or infinity. Scaled by the largest number first, so that squares
// neither overflow nor vanish.
double inverse_length_of(const real* row, Index count) {
  double largest = 0.0;
  for (Index i = 0; i < count; ++i) {
    if (!std::isfinite(row[i])) return -1.0;
    largest = std::max(largest, std::abs(static_cast<double>(row[i])));
  }
  if (largest == 0.0) return 0.0;
  double sum = 0.0;
  for (Index i = 0; i < count; ++i) {
    const double x = static_cast<double>(row[i]) / largest;
    sum += x * x;
  }
  return 1.0 / (largest * std::sqrt(sum));
}

}  // namespace

WordTable::WordTable(std::vector<std::string> words_in, Tensor vectors_in)
    : words(std::move(words_in)), vectors(std::move(vectors_in)) {
  if (!vectors.defined() || vectors.rank() != 2 || vectors.dim(0) != size()) {
    throw ShapeError("word_table", {operand("vectors", vectors)},
                     fmt::format("{} words need the shape [{}, dim]", size(), size()));
  }
  slots_.assign(std::max<std::size_t>(2, words.size() * 2 + 1), -1);
  for (Index row = 0; row < size(); ++row) {
    const std::string& word = words[static_cast<std::size_t>(row)];
    std::size_t slot = std::hash<std::string_view>{}(word) % slots_.size();
    while (slots_[slot] >= 0 && words[static_cast<std::size_t>(slots_[slot])] != word)
      slot = (slot + 1) % slots_.size();
    if (slots_[slot] < 0) slots_[slot] = row;
  }
  inverse_lengths_.resize(words.size());
  parallel_for(size(), row_grain(dim()), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      inverse_lengths_[static_cast<std::size_t>(row)] = inverse_length_of(vectors.data() + row * dim(), dim());
    }
  });
  version_ = vectors.version();
}

std::optional<Index> WordTable::find(std::string_view word) const {
  if (slots_.empty()) return std::nullopt;
  std::size_t slot = std::hash<std::string_view>{}(word) % slots_.size();
  for (; slots_[slot] >= 0; slot = (slot + 1) % slots_.size()) {
    if (words[static_cast<std::size_t>(slots_[slot])] == word) return slots_[slot];
  }
  return std::nullopt;
}

Index WordTable::id(std::string_view word) const {
  if (const auto row = find(word)) return *row;
  if (word.empty()) throw IndexError("word_table", "the word is empty");
  std::vector<std::string> near = text::near_spellings(word, words, 3);
  for (std::string& spelling : near) spelling = printable(spelling);
  throw IndexError("word_table",
                   fmt::format("\"{}\" is not among the {} words{}", printable(word), size(),
                               near.empty() ? "" : fmt::format("; near spellings: {}", fmt::join(near, ", "))));
}

std::vector<Index> WordTable::known(std::span<const std::string> wanted) const {
  std::vector<Index> rows;
  for (const std::string& word : wanted) {
    if (const auto row = find(word)) rows.push_back(*row);
  }
  return rows;
}

double WordTable::unit_dot(Index row, std::span<const double> query) const {
  return has_direction(row) ? dot(vectors.data() + row * dim(), query.data(), dim()) * inverse_length(row) : 0.0;
}

std::vector<double> WordTable::unit_row(Index row) const {
  check_unchanged();
  if (row < 0 || row >= size()) {
    throw IndexError("word_table", fmt::format("row {} is outside the {} words", row, size()));
  }
  std::vector<double> unit(static_cast<std::size_t>(dim()), 0.0);
  if (!has_direction(row)) return unit;
  const real* numbers = vectors.data() + row * dim();
  for (double& x : unit) x = static_cast<double>(*numbers++) * inverse_length(row);
  return unit;
}

Tensor WordTable::unit_rows() const {
  check_unchanged();
  Tensor unit(Shape{size(), dim()});
  real* out = unit.mutable_data();
  parallel_for(size(), row_grain(dim()), [&](Index begin, Index end) {
    for (Index i = begin * dim(); i < end * dim(); ++i) {
      const Index row = i / dim();
      const double x = static_cast<double>(vectors.data()[i]) * inverse_length(row);
      out[i] = has_direction(row) ? static_cast<real>(x) : real{0};
    }
  });
  return unit;
}

void WordTable::check_unchanged() const {
  if (vectors.defined() && vectors.version() != version_) {
    throw StateError("word_table", "the vectors were written to after the table was made; make a new table");
  }
}

}  // namespace lexigrad::vectors
