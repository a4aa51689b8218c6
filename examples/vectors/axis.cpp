// axis.cpp: axes, projections and the area under the ROC curve.
#include "vectors/axis.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "tensor/parallel.hpp"

namespace lexigrad::vectors {
namespace {

// Adds weight × the mean of the unit rows of `words`.
void add_mean(const WordTable& table, const std::vector<std::string>& words, double weight, std::vector<double>& sum) {
  if (words.empty()) throw ValueError("make_axis", "a set of words is empty");
  for (const std::string& word : words) {
    const Index row = table.id(word);
    if (!table.has_direction(row))
      throw ValueError("make_axis", fmt::format("the vector of \"{}\" has no direction", word));
    const std::vector<double> unit = table.unit_row(row);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * unit[i] / static_cast<double>(words.size());
  }
}

void check_width(const WordTable& table, const Axis& axis) {
  table.check_unchanged();
  if (static_cast<Index>(axis.direction.size()) != table.dim()) {
    throw ShapeError("project", {operand("vectors", table.vectors)},
                     fmt::format("the axis has {} numbers", axis.direction.size()));
  }
}

double on_axis(const WordTable& table, const Axis& axis, Index row) {
  return std::clamp(table.unit_dot(row, axis.direction), -1.0, 1.0);
}

}  // namespace

Axis make_axis(const WordTable& table, const std::vector<std::string>& positive,
               const std::vector<std::string>& negative) {
  Axis axis{std::vector<double>(static_cast<std::size_t>(table.dim()), 0.0)};
  add_mean(table, positive, 1.0, axis.direction);
  add_mean(table, negative, -1.0, axis.direction);
  double length = 0.0;
  for (const double x : axis.direction) length = std::hypot(length, x);
  // Both means have a length of at most 1; a difference of rounding errors is no direction.
  if (!(length > 1e-12)) throw ValueError("make_axis", "the two sets have the same mean");
  for (double& x : axis.direction) x /= length;
  return axis;
}

double project(const WordTable& table, const Axis& axis, std::string_view word) {
  check_width(table, axis);
  return on_axis(table, axis, table.id(word));
}

std::vector<double> project(const WordTable& table, const Axis& axis, const std::vector<std::string>& words) {
  std::vector<double> scores;
  for (const std::string& word : words) scores.push_back(project(table, axis, word));
  return scores;
}

double share_of_strongest(const std::vector<double>& direction, Index count) {
  const auto dim = static_cast<Index>(direction.size());
  if (count < 1 || count > dim) {
    throw ValueError("share_of_strongest", fmt::format("cannot take {} of {} dimensions", count, dim));
  }
  std::vector<double> squares;
  for (const double x : direction) squares.push_back(x * x);
  std::sort(squares.begin(), squares.end(), std::greater<>());
  const double all = std::accumulate(squares.begin(), squares.end(), 0.0);
  if (!(all > 0.0)) throw ValueError("share_of_strongest", "the direction has no length");
  return std::accumulate(squares.begin(), squares.begin() + count, 0.0) / all;
}

double auc(const std::vector<double>& positive, const std::vector<double>& negative) {
  if (positive.empty() || negative.empty()) throw ValueError("auc", "one side has no scores");
  std::vector<std::pair<double, bool>> scores;  // score, positive
  for (const double x : positive) scores.emplace_back(x, true);
  for (const double x : negative) scores.emplace_back(x, false);
  for (const auto& [score, is_positive] : scores) {
    if (std::isnan(score)) throw ValueError("auc", "a score is NaN");
  }
  std::sort(scores.begin(), scores.end());
  double wins = 0.0, below = 0.0;  // below: negative scores under the current group of equal ones
  for (std::size_t begin = 0, end = 0; begin < scores.size(); begin = end) {
    double positives = 0.0, negatives = 0.0;
    for (; end < scores.size() && scores[end].first == scores[begin].first; ++end) {
      (scores[end].second ? positives : negatives) += 1.0;
    }
    wins += positives * (below + 0.5 * negatives);
    below += negatives;
  }
  return wins / (static_cast<double>(positive.size()) * static_cast<double>(negative.size()));
}

Extremes extremes(const WordTable& table, const Axis& axis, Index count, std::vector<Index> candidates) {
  check_width(table, axis);
  if (count < 0) throw ValueError("extremes", fmt::format("cannot give {} words", count));
  if (candidates.empty()) {
    candidates.resize(static_cast<std::size_t>(table.size()));
    std::iota(candidates.begin(), candidates.end(), Index{0});
  }
  for (const Index row : candidates) {
    if (row < 0 || row >= table.size())
      throw IndexError("extremes", fmt::format("row {} is outside the {} words", row, table.size()));
  }
  std::erase_if(candidates, [&](Index row) { return !table.has_direction(row); });
  std::vector<Scored> scored(candidates.size());
  parallel_for(static_cast<Index>(scored.size()), row_grain(table.dim()), [&](Index begin, Index end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      scored[i] = {candidates[i], on_axis(table, axis, candidates[i])};
    }
  });
  const auto middle = std::min<Index>(count, static_cast<Index>(scored.size()));
  const auto take = [&](double sign) {
    std::partial_sort(scored.begin(), scored.begin() + middle, scored.end(), [&](const Scored& x, const Scored& y) {
      return x.score != y.score ? sign * x.score > sign * y.score : x.id < y.id;
    });
    return std::vector<Scored>(scored.begin(), scored.begin() + middle);
  };
  std::vector<Scored> positive = take(1.0);
  return {std::move(positive), take(-1.0)};
}

}  // namespace lexigrad::vectors
