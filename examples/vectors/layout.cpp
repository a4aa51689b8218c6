// layout.cpp: weights of neighbours, then gradient descent with momentum and gains; and the Procrustes turn.
#include "vectors/layout.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tensor/parallel.hpp"
#include "vectors/pca.hpp"
#include "vectors/quadtree.hpp"
#include "vectors/search.hpp"

namespace lexigrad::vectors {
namespace {

// A symmetric sparse matrix: the weights p_ij of pairs, row by row; they add up to 1.
struct Weights {
  std::vector<std::size_t> begin;  // [n + 1]
  std::vector<int> other;
  std::vector<double> weight;
};

// Weights exp(-beta · distance) of one point's neighbours, of sum 1, with beta such that their perplexity is as wanted
// (bisection on the entropy).
std::vector<double> neighbour_weights(const std::vector<double>& distances, double perplexity) {
  const double wanted = std::log(std::min(perplexity, static_cast<double>(distances.size())));
  std::vector<double> weights(distances.size());
  double beta = 1.0, low = 0.0, high = INFINITY;
  for (int round = 0; round < 60; ++round) {
    double sum = 0.0, mean = 0.0;
    for (std::size_t i = 0; i < distances.size(); ++i) {
      weights[i] = std::exp(-beta * (distances[i] - distances[0]));
      sum += weights[i];
      mean += weights[i] * (distances[i] - distances[0]);
    }
    for (double& weight : weights) weight /= sum;
    const double entropy = std::log(sum) + beta * mean / sum;
    if (std::abs(entropy - wanted) < 1e-4) break;
    (entropy > wanted ? low : high) = beta;
    beta = std::isinf(high) ? 2.0 * beta : (low + high) / 2.0;
  }
  return weights;
}

// p_ij = (p_j|i + p_i|j) / 2n over the nearest neighbours of each row.
Weights find_weights(const WordTable& table, const std::vector<Index>& rows, double perplexity) {
  const std::size_t n = rows.size();
  std::vector<std::string> names;
  Tensor unit(Shape{static_cast<Index>(n), table.dim()});
  real* out = unit.mutable_data();
  for (std::size_t i = 0; i < n; ++i) {
    names.push_back(fmt::format("{}", i));
    for (const double x : table.unit_row(rows[i])) *out++ = static_cast<real>(x);
  }
  const WordTable own(std::move(names), unit);
  std::vector<Index> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = static_cast<Index>(i);
  const auto near =
      neighbours_of_rows(own, all, std::min<Index>(static_cast<Index>(3.0 * perplexity), static_cast<Index>(n) - 1));

  std::vector<std::vector<std::pair<int, double>>> pairs(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> distances;
    for (const Scored& s : near[i]) distances.push_back(1.0 - s.score);
    if (distances.empty()) continue;
    const std::vector<double> weights = neighbour_weights(distances, perplexity);
    for (std::size_t k = 0; k < weights.size(); ++k) {
      const auto j = static_cast<std::size_t>(near[i][k].id);
      pairs[i].emplace_back(static_cast<int>(j), weights[k] / (2.0 * static_cast<double>(n)));
      pairs[j].emplace_back(static_cast<int>(i), weights[k] / (2.0 * static_cast<double>(n)));
    }
  }
  Weights result;
  result.begin.push_back(0);
  for (auto& row : pairs) {
    std::sort(row.begin(), row.end());
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k > 0 && row[k].first == row[k - 1].first) {
        result.weight.back() += row[k].second;
      } else {
        result.other.push_back(row[k].first);
        result.weight.push_back(row[k].second);
      }
    }
    result.begin.push_back(result.other.size());
  }
  return result;
}

// Places along the principal components of the first rows, scaled so that the first has a deviation of 1e-4.
std::vector<Point> start(const WordTable& table, const std::vector<Index>& rows) {
  constexpr std::size_t most = 2000;  // enough to know the components
  std::vector<Index> directed;
  for (const Index row : rows) {
    if (table.has_direction(row) && directed.size() < most) directed.push_back(row);
  }
  const Pca plane = pca(table.unit_rows(), directed);
  const double scale = plane.variance[0] > 0.0 ? 1e-4 / std::sqrt(plane.variance[0]) : 0.0;
  std::vector<Point> places;
  for (const Index row : rows) {
    Point place{0.0, 0.0};
    for (std::size_t k = 0; k < 2; ++k) place[k] = scale * table.unit_dot(row, plane.components[k]);
    places.push_back(place);
  }
  return places;
}

// Gradient descent with momentum and a gain for each number (Jacobs 1988), as the authors of t-SNE do.
class Descent {
 public:
  Descent(std::vector<Point> places, const Weights& weights, double theta)
      : places_(std::move(places)),
        weights_(weights),
        theta_(theta),
        velocity_(places_.size(), Point{0.0, 0.0}),
        gain_(places_.size(), Point{1.0, 1.0}),
        gradient_(places_.size()),
        repulsion_(places_.size()) {}

  // Attraction is multiplied by `exaggeration` at first, so that groups form before they are pushed apart.
  void step(double exaggeration, double momentum) {
    const Quadtree tree(places_);
    constexpr Index grain = 128;
    const auto count = static_cast<Index>(places_.size());
    const double normaliser = parallel_sum(count, grain, [&](Index begin, Index end) {
      double sum = 0.0;
      for (Index k = begin; k < end; ++k) {
        const auto i = static_cast<std::size_t>(tree.order()[static_cast<std::size_t>(k)]);
        repulsion_[i] = tree.repulsion(places_[i], theta_);
        sum += repulsion_[i].normaliser;
      }
      return sum;
    });
    const double rate = std::max(50.0, static_cast<double>(count) / 12.0);  // Belkina et al. 2019
    parallel_for(count, grain, [&](Index begin, Index end) {
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        gradient_[i] = gradient(i, exaggeration, normaliser);
        move(i, rate, momentum);
      }
    });
    std::swap(places_, next_);
    centre();
  }

  std::vector<Point> take() { return std::move(places_); }

 private:
  Point gradient(std::size_t i, double exaggeration, double normaliser) const {
    Point sum{0.0, 0.0};
    for (std::size_t k = weights_.begin[i]; k < weights_.begin[i + 1]; ++k) {
      const Point& other = places_[static_cast<std::size_t>(weights_.other[k])];
      const double dx = places_[i][0] - other[0], dy = places_[i][1] - other[1];
      const double pull = exaggeration * weights_.weight[k] / (1.0 + dx * dx + dy * dy);
      sum[0] += pull * dx;
      sum[1] += pull * dy;
    }
    const double push = normaliser > 0.0 ? 1.0 / normaliser : 0.0;
    return {4.0 * (sum[0] - push * repulsion_[i].force[0]), 4.0 * (sum[1] - push * repulsion_[i].force[1])};
  }

  void move(std::size_t i, double rate, double momentum) {
    for (std::size_t k = 0; k < 2; ++k) {
      const bool goes_on = (gradient_[i][k] > 0.0) != (velocity_[i][k] > 0.0);
      gain_[i][k] = std::max(0.01, goes_on ? gain_[i][k] + 0.2 : gain_[i][k] * 0.8);
      velocity_[i][k] = momentum * velocity_[i][k] - rate * gain_[i][k] * gradient_[i][k];
      next_[i][k] = places_[i][k] + velocity_[i][k];
    }
  }

  void centre() {
    Point mean{0.0, 0.0};
    for (const Point& p : places_) {
      for (std::size_t k = 0; k < 2; ++k) mean[k] += p[k] / static_cast<double>(places_.size());
    }
    for (Point& p : places_) p = {p[0] - mean[0], p[1] - mean[1]};
  }

  std::vector<Point> places_;
  const Weights& weights_;
  double theta_;
  std::vector<Point> velocity_, gain_, gradient_, next_ = places_;
  std::vector<Quadtree::Repulsion> repulsion_;
};

}  // namespace

std::vector<Point> layout(const WordTable& table, const std::vector<Index>& rows, const LayoutOptions& options) {
  if (!(options.perplexity >= 1.0)) throw ValueError("layout", fmt::format("a perplexity of {}", options.perplexity));
  if (rows.size() < 4) return start(table, rows);
  const double perplexity = std::min(options.perplexity, static_cast<double>(rows.size() - 1) / 3.0);
  const Weights weights = find_weights(table, rows, std::max(1.0, perplexity));
  // A round of few words is over sooner than a second thread is awake on a busy machine.
  const ThreadScope threads(static_cast<Index>(rows.size()) < few_words ? 1 : thread_count());
  Descent descent(start(table, rows), weights, options.theta);
  const int early = options.rounds / 4;
  for (int round = 0; round < options.rounds; ++round) {
    descent.step(round < early ? 12.0 : 1.0, round < early ? 0.5 : 0.8);
    if (options.progress) options.progress(round + 1);
  }
  return descent.take();
}

void align(std::vector<Point>& points, const std::vector<Point>& target) {
  if (points.size() != target.size()) {
    throw ValueError("align", fmt::format("{} points and {}", points.size(), target.size()));
  }
  if (points.empty()) return;
  const auto n = static_cast<double>(points.size());
  Point from{0.0, 0.0}, to{0.0, 0.0};
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t k = 0; k < 2; ++k) from[k] += points[i][k] / n, to[k] += target[i][k] / n;
  }
  // As complex numbers z of the points and w of the target: a turn is z · c, a turn of the mirrored ones z̄ · c, and the
  // best c is Σ w z̄ / Σ |z|² (or Σ w z / Σ |z|²), the better of the two the one with the larger sum.
  double squares = 0.0;
  Point turn{0.0, 0.0}, mirrored{0.0, 0.0};
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double x = points[i][0] - from[0], y = points[i][1] - from[1];
    const double u = target[i][0] - to[0], v = target[i][1] - to[1];
    squares += x * x + y * y;
    turn = {turn[0] + u * x + v * y, turn[1] + v * x - u * y};
    mirrored = {mirrored[0] + u * x - v * y, mirrored[1] + v * x + u * y};
  }
  if (!(squares > 0.0)) return;
  const bool mirror = std::hypot(mirrored[0], mirrored[1]) > std::hypot(turn[0], turn[1]);
  const Point c =
      mirror ? Point{mirrored[0] / squares, mirrored[1] / squares} : Point{turn[0] / squares, turn[1] / squares};
  for (Point& p : points) {
    const double x = p[0] - from[0], y = (p[1] - from[1]) * (mirror ? -1.0 : 1.0);
    p = {c[0] * x - c[1] * y + to[0], c[0] * y + c[1] * x + to[1]};
  }
}

}  // namespace lexigrad::vectors
