// clusters.cpp: the products of all rows with all centres are one matrix product a round.
#include "vectors/clusters.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"
#include "tensor/random.hpp"

namespace lexigrad::vectors {
namespace {

// Rows picked one by one, each with a chance that grows with the square of its distance from those already picked.
std::vector<Index> far_apart(const Tensor& rows, int count, std::uint64_t seed) {
  Rng rng = Rng(seed).fork("clusters");
  const Index n = rows.dim(0);
  std::vector<Index> picked{rng.below(n)};
  std::vector<double> distance(static_cast<std::size_t>(n), 2.0);
  while (static_cast<int>(picked.size()) < count) {
    const Tensor cosines = matmul(rows, rows.rows(picked.back(), 1), Transpose::b);
    for (Index i = 0; i < n; ++i) {
      double& nearest = distance[static_cast<std::size_t>(i)];
      nearest = std::min(nearest, 1.0 - static_cast<double>(cosines.data()[i]));
    }
    std::vector<double> weights;
    // A row at a picked one has a distance of some rounding errors, and is not to be picked again.
    for (const double x : distance) weights.push_back(x > 1e-5 ? x * x : 0.0);
    if (!(std::accumulate(weights.begin(), weights.end(), 0.0) > 0.0)) break;  // the others are equal to those picked
    picked.push_back(rng.choice(weights));
  }
  return picked;
}

// The centre with the largest cosine for each row.
std::vector<int> nearest_centres(const Tensor& rows, const Tensor& centres) {
  const Tensor cosines = matmul(rows, centres, Transpose::b);
  const Ids best = argmax(cosines, 1);
  std::vector<int> of;
  for (Index i = 0; i < best.size(); ++i) of.push_back(static_cast<int>(best[i]));
  return of;
}

// Each centre moves to the direction of the sum of its rows; one without rows stays.
void move_centres(Tensor& centres, const Tensor& rows, const std::vector<int>& of) {
  const Index dim = rows.dim(1);
  std::vector<double> sums(static_cast<std::size_t>(centres.size()), 0.0);
  for (Index i = 0; i < rows.dim(0); ++i) {
    double* sum = sums.data() + of[static_cast<std::size_t>(i)] * dim;
    for (Index j = 0; j < dim; ++j) sum[j] += static_cast<double>(rows.data()[i * dim + j]);
  }
  real* out = centres.mutable_data();
  for (Index k = 0; k < centres.dim(0); ++k) {
    const double* sum = sums.data() + k * dim;
    const double length = std::sqrt(std::inner_product(sum, sum + dim, sum, 0.0));
    for (Index j = 0; j < dim && length > 0.0; ++j) out[k * dim + j] = static_cast<real>(sum[j] / length);
  }
}

// Of the tenth of a group's rows that lies nearest to the centre (at least 10), the three that stand first.
std::vector<std::string> typical_words(const WordTable& table, const std::vector<Index>& rows, const Tensor& cosines,
                                       const std::vector<int>& of, int group) {
  std::vector<std::pair<double, Index>> members;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (of[i] == group) members.emplace_back(-static_cast<double>(cosines(static_cast<Index>(i), group)), rows[i]);
  }
  std::sort(members.begin(), members.end());
  members.resize(std::min(members.size(), std::max<std::size_t>(10, members.size() / 10)));
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<std::string> words;
  for (const auto& [cosine, row] : members) {
    if (words.size() < 3) words.push_back(table.words[static_cast<std::size_t>(row)]);
  }
  return words;
}

}  // namespace

Clusters clusters(const WordTable& table, const std::vector<Index>& rows, int count, std::uint64_t seed) {
  if (count < 1) throw ValueError("clusters", fmt::format("cannot make {} groups", count));
  Clusters result;
  if (rows.empty()) return result;
  const Tensor unit = gather_rows(table.unit_rows(), Ids(rows));
  Tensor centres = gather_rows(unit, Ids(far_apart(unit, std::min(count, static_cast<int>(rows.size())), seed)));
  constexpr int most_rounds = 25;
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<int> of = nearest_centres(unit, centres);
    if (of == result.of) break;
    result.of = std::move(of);
    move_centres(centres, unit, result.of);
  }
  const Tensor cosines = matmul(unit, centres, Transpose::b);
  for (int group = 0; group < static_cast<int>(centres.dim(0)); ++group) {
    result.typical.push_back(typical_words(table, rows, cosines, result.of, group));
  }
  return result;
}

}  // namespace lexigrad::vectors
