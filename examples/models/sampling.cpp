// sampling.cpp: chances, the limits on them, and the draw.
#include "models/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include <fmt/core.h>

namespace lexigrad::models {
namespace {

// The place of the greatest logit, the first of equal ones.
Index greatest(const Tensor& logits) {
  if (logits.rank() != 1 || logits.size() == 0) {
    throw ShapeError("sampling", {operand("logits", logits)}, "expected the logits of one position, [V]");
  }
  const std::span<const real> row(logits.data(), static_cast<std::size_t>(logits.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (std::isnan(row[i]) || row[i] == std::numeric_limits<real>::infinity()) {
      throw NonFiniteError("sampling", fmt::format("the logit of token {} is {}", i, row[i]));
    }
  }
  return std::max_element(row.begin(), row.end()) - row.begin();
}

// e^((logit - greatest) / temperature) of each token; the greatest has 1.
std::vector<double> weights_of(const Tensor& logits, Index greatest, double temperature) {
  std::vector<double> weights(static_cast<std::size_t>(logits.size()));
  const double top = static_cast<double>(logits.data()[greatest]);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double below = static_cast<double>(logits.data()[i]) - top;
    weights[i] = below == 0.0 ? 1.0 : std::exp(below / temperature);
  }
  return weights;
}

// Ids, likeliest first, one after the other: a heap, since most often few of them are asked for.
class ByWeight {
 public:
  explicit ByWeight(const std::vector<double>& weights) : weights_(weights), ids_(weights.size()) {
    std::iota(ids_.begin(), ids_.end(), std::size_t{0});
    std::make_heap(ids_.begin(), ids_.end(), less());
  }
  std::size_t next() {
    std::pop_heap(ids_.begin(), ids_.end(), less());
    const std::size_t id = ids_.back();
    ids_.pop_back();
    return id;
  }

 private:
  struct Less {
    const std::vector<double>& weights;
    bool operator()(std::size_t a, std::size_t b) const {
      return weights[a] != weights[b] ? weights[a] < weights[b] : a > b;
    }
  };
  Less less() const { return {weights_}; }

  const std::vector<double>& weights_;
  std::vector<std::size_t> ids_;
};

// What top_k and top_p leave; the others get 0.
void limit(std::vector<double>& weights, const SamplingOptions& options) {
  const auto count = static_cast<Index>(weights.size());
  const Index most = options.top_k == 0 ? count : std::min(options.top_k, count);
  if (most == count && options.top_p == 1.0) return;
  ByWeight order(weights);
  std::vector<std::size_t> kept;
  double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (most < count) {
    total = 0.0;
    for (Index i = 0; i < most; ++i) {
      kept.push_back(order.next());
      total += weights[kept.back()];
    }
  }
  std::vector<double> left(weights.size(), 0.0);
  double sum = 0.0;
  for (Index i = 0; i < most && (i == 0 || sum < options.top_p * total || options.top_p == 1.0); ++i) {
    const std::size_t id = most < count ? kept[static_cast<std::size_t>(i)] : order.next();
    left[id] = weights[id];
    sum += weights[id];
  }
  weights = std::move(left);
}

}  // namespace

void check(const SamplingOptions& o) {
  if (!(o.temperature >= 0.0) || std::isinf(o.temperature)) {
    throw ValueError("sampling", fmt::format("temperature {}: expected a number from 0 on", o.temperature));
  }
  if (o.top_k < 0) throw ValueError("sampling", fmt::format("top_k {}: expected 0 (all) or more", o.top_k));
  if (!(o.top_p > 0.0 && o.top_p <= 1.0)) {
    throw ValueError("sampling", fmt::format("top_p {}: expected a share above 0, at most 1", o.top_p));
  }
}

Index sample(const Tensor& logits, const SamplingOptions& options, Rng& rng) {
  check(options);
  const Index best = greatest(logits);
  if (options.temperature == 0.0 || options.top_k == 1) return best;
  std::vector<double> weights = weights_of(logits, best, options.temperature);
  limit(weights, options);
  return rng.choice(weights);
}

std::vector<Candidate> likeliest(const Tensor& logits, Index count) {
  const std::vector<double> weights = weights_of(logits, greatest(logits), 1.0);
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  ByWeight order(weights);
  std::vector<Candidate> result;
  for (Index i = 0; i < std::min(count, logits.size()); ++i) {
    const std::size_t id = order.next();
    result.push_back({static_cast<Index>(id), weights[id] / total});
  }
  return result;
}

}  // namespace lexigrad::models
