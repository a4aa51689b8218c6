// neighbours.cpp: questions in words become queries; ranks and 3CosMul, which need every score, score all rows in
// double.
#include "vectors/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "tensor/parallel.hpp"

namespace lexigrad::vectors {
namespace {

constexpr double left_out = -std::numeric_limits<double>::infinity();

// The cosine of the query with every row; left_out for excluded rows and those without a direction.
std::vector<double> score_all(const WordTable& table, std::span<const double> query,
                              const std::vector<Index>& excluded) {
  table.check_unchanged();
  if (static_cast<Index>(query.size()) != table.dim()) {
    throw ShapeError("nearest", {operand("vectors", table.vectors)},
                     fmt::format("the query has {} numbers", query.size()));
  }
  double length = 0.0;
  for (const double x : query) length = std::hypot(length, x);
  if (!std::isfinite(length) || length == 0.0) {
    throw ValueError("nearest", "the query has no direction (it is zero or not finite)");
  }
  std::vector<double> scores(static_cast<std::size_t>(table.size()));
  parallel_for(table.size(), row_grain(table.dim()), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      scores[static_cast<std::size_t>(row)] =
          table.has_direction(row) ? std::clamp(table.unit_dot(row, query) / length, -1.0, 1.0) : left_out;
    }
  });
  for (const Index row : excluded) {
    if (row < 0 || row >= table.size())
      throw IndexError("nearest", fmt::format("row {} is outside the {} words", row, table.size()));
    scores[static_cast<std::size_t>(row)] = left_out;
  }
  return scores;
}

// The unit row of a word. A word without a direction has no neighbours, which is told by its name.
std::vector<double> directed_row(const WordTable& table, std::string_view word) {
  const Index row = table.id(word);
  if (!table.has_direction(row)) {
    throw ValueError("neighbours", fmt::format("the vector of \"{}\" {}, so nothing is near it", word,
                                               table.is_bad(row) ? "is not finite" : "is zero"));
  }
  return table.unit_row(row);
}

std::vector<double> analogy_query_of_words(const WordTable& table, std::string_view a, std::string_view b,
                                           std::string_view c) {
  for (const std::string_view word : {a, b, c}) directed_row(table, word);
  return analogy_query(table, table.id(a), table.id(b), table.id(c));
}

std::vector<Index> query_words(const WordTable& table, std::string_view a, std::string_view b, std::string_view c,
                               bool include) {
  return include ? std::vector<Index>{} : std::vector<Index>{table.id(a), table.id(b), table.id(c)};
}

// 3CosMul of the three cosines.
double cos_mul(double a, double b, double c) {
  constexpr double epsilon = 0.001;
  return (1.0 + b) / 2.0 * ((1.0 + c) / 2.0) / ((1.0 + a) / 2.0 + epsilon);
}

// The `count` best, best first, equal scores in the order of the table.
std::vector<Scored> best_of(std::vector<Scored> found, Index count) {
  const auto end = found.begin() + std::min<Index>(count, static_cast<Index>(found.size()));
  std::partial_sort(found.begin(), end, found.end(), [](const Scored& x, const Scored& y) {
    return x.score != y.score ? x.score > y.score : x.id < y.id;
  });
  found.erase(end, found.end());
  return found;
}

}  // namespace

double cosine(const WordTable& table, std::string_view a, std::string_view b) {
  directed_row(table, a);
  return std::clamp(table.unit_dot(table.id(a), directed_row(table, b)), -1.0, 1.0);
}

std::vector<Scored> nearest(const WordTable& table, std::span<const double> query, Index count,
                            const std::vector<Index>& excluded) {
  return std::move(search(table, {{{query.begin(), query.end()}, excluded}}, count).front());
}

std::vector<Scored> nearest(const WordTable& table, const Tensor& query, Index count,
                            const std::vector<Index>& excluded) {
  const std::vector<double> numbers(query.data(), query.data() + query.size());
  return nearest(table, numbers, count, excluded);
}

std::vector<Scored> neighbours(const WordTable& table, std::string_view word, Index count) {
  return nearest(table, directed_row(table, word), count, {table.id(word)});
}

std::vector<Scored> analogy(const WordTable& table, std::string_view a, std::string_view b, std::string_view c,
                            Index count, bool include_query_words) {
  return nearest(table, analogy_query_of_words(table, a, b, c), count,
                 query_words(table, a, b, c, include_query_words));
}

std::vector<Scored> analogy_by_product(const WordTable& table, std::string_view a, std::string_view b,
                                       std::string_view c, Index count, bool include_query_words) {
  if (count < 0) throw ValueError("analogy", fmt::format("cannot give {} words", count));
  const std::vector<Index> excluded = query_words(table, a, b, c, include_query_words);
  const std::vector<double> near_a = score_all(table, directed_row(table, a), excluded);
  const std::vector<double> near_b = score_all(table, directed_row(table, b), excluded);
  const std::vector<double> near_c = score_all(table, directed_row(table, c), excluded);
  std::vector<Scored> found;
  for (std::size_t row = 0; row < near_a.size(); ++row) {
    if (near_a[row] == left_out) continue;
    found.push_back({static_cast<Index>(row), cos_mul(near_a[row], near_b[row], near_c[row])});
  }
  return best_of(std::move(found), count);
}

std::vector<Scored> odd_one_out(const WordTable& table, const std::vector<std::string>& words) {
  if (words.size() < 3) throw ValueError("odd_one_out", fmt::format("{} words; expected three or more", words.size()));
  std::vector<double> mean(static_cast<std::size_t>(table.dim()), 0.0);
  for (const std::string& word : words) {
    const std::vector<double> unit = directed_row(table, word);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += unit[i];
  }
  double length = 0.0;
  for (const double x : mean) length = std::hypot(length, x);
  if (!(length > 1e-12)) throw ValueError("odd_one_out", "the words' vectors add up to nothing, so none is odd");
  std::vector<Scored> scored;
  for (const std::string& word : words) {
    const Index row = table.id(word);
    scored.push_back({row, std::clamp(table.unit_dot(row, mean) / length, -1.0, 1.0)});
  }
  std::stable_sort(scored.begin(), scored.end(), [](const Scored& x, const Scored& y) { return x.score < y.score; });
  return scored;
}

std::optional<Index> rank_of(const WordTable& table, std::span<const double> query, Index row,
                             const std::vector<Index>& excluded) {
  const std::vector<double> scores = score_all(table, query, excluded);
  if (row < 0 || row >= table.size())
    throw IndexError("rank_of", fmt::format("row {} is outside the {} words", row, table.size()));
  const double own = scores[static_cast<std::size_t>(row)];
  if (own == left_out) return std::nullopt;
  Index rank = 1;
  for (Index other = 0; other < table.size(); ++other) {
    const double score = scores[static_cast<std::size_t>(other)];
    if (score > own || (score == own && other < row)) ++rank;
  }
  return rank;
}

std::optional<Index> rank_of(const WordTable& table, std::string_view expected, std::string_view word) {
  return rank_of(table, directed_row(table, word), table.id(expected), {table.id(word)});
}

std::optional<Index> rank_of(const WordTable& table, std::string_view expected, std::string_view a, std::string_view b,
                             std::string_view c, bool include_query_words) {
  return rank_of(table, analogy_query_of_words(table, a, b, c), table.id(expected),
                 query_words(table, a, b, c, include_query_words));
}

std::vector<double> analogy_query(const WordTable& table, Index a, Index b, Index c) {
  std::vector<double> query = table.unit_row(b);
  const std::vector<double> minus = table.unit_row(a), plus = table.unit_row(c);
  for (std::size_t i = 0; i < query.size(); ++i) query[i] += plus[i] - minus[i];
  return query;
}

}  // namespace lexigrad::vectors
