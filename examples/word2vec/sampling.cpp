// sampling.cpp: chances.
#include "word2vec/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tensor/error.hpp"

namespace lexigrad::word2vec {

double keep_chance(double share, double t) {
  if (t <= 0.0 || share <= 0.0) return 1.0;
  return std::min(1.0, (std::sqrt(share / t) + 1.0) * t / share);
}

AliasTable::AliasTable(const std::vector<double>& weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const bool negative = std::any_of(weights.begin(), weights.end(), [](double w) { return !(w >= 0.0); });
  if (negative || !(total > 0.0) || !std::isfinite(total)) {
    throw ValueError("AliasTable", "weights must be 0 or more, and one above 0");
  }
  // In units of a place: below 1 there is room for another, above 1 it has to go to others' places.
  std::vector<double> left;
  for (const double w : weights) left.push_back(w / total * static_cast<double>(weights.size()));
  std::vector<std::size_t> small, large;
  for (std::size_t i = 0; i < left.size(); ++i) (left[i] < 1.0 ? small : large).push_back(i);
  for (std::size_t i = 0; i < left.size(); ++i) places_.push_back({1.0F, static_cast<std::int32_t>(i)});
  while (!small.empty() && !large.empty()) {
    const std::size_t low = small.back(), high = large.back();
    small.pop_back();
    places_[low] = {static_cast<float>(left[low]), static_cast<std::int32_t>(high)};
    left[high] -= 1.0 - left[low];
    if (left[high] >= 1.0) continue;
    large.pop_back();
    small.push_back(high);
  }
}

std::vector<double> negative_weights(const std::vector<Index>& counts, double power) {
  std::vector<double> weights;
  for (const Index count : counts) weights.push_back(std::pow(static_cast<double>(count), power));
  return weights;
}

}  // namespace lexigrad::word2vec
