// pca.cpp: orthogonal iteration, v ← XᵀX v, then Gram-Schmidt. XᵀX is made where it is smaller than X.
#include "vectors/pca.hpp"

#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "tensor/random.hpp"

namespace lexigrad::vectors {
namespace {

using Vector = std::vector<double>;

double dot(const double* a, const double* b, std::size_t count) { return std::inner_product(a, a + count, b, 0.0); }

// y += weight · x
void add_to(double* y, double weight, const double* x, std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) y[j] += weight * x[j];
}

// The rows, less their mean, [n, dim]; and the sum of all squares.
struct Centred {
  std::size_t n = 0, dim = 0;
  Vector numbers;
  double squares = 0.0;
  Vector product;  // XᵀX [dim, dim], or empty: X is smaller

  const double* row(std::size_t i) const { return numbers.data() + i * dim; }

  // Many rounds follow, and directions of noise take hundreds.
  void multiply() {
    if (dim >= n) return;
    product.assign(dim * dim, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < dim; ++j) add_to(&product[j * dim], row(i)[j], row(i), dim);
    }
  }
  // XᵀX v
  Vector times(const Vector& v) const {
    Vector out(dim, 0.0);
    if (!product.empty()) {
      for (std::size_t j = 0; j < dim; ++j) add_to(out.data(), v[j], &product[j * dim], dim);  // it is symmetric
    } else {
      for (std::size_t i = 0; i < n; ++i) add_to(out.data(), dot(row(i), v.data(), dim), row(i), dim);
    }
    return out;
  }
};

Centred centre(const Tensor& vectors, const std::vector<Index>& rows) {
  if (!vectors.defined() || vectors.rank() != 2)
    throw ShapeError("pca", {operand("vectors", vectors)}, "expected [n, dim]");
  Centred x{rows.size(), static_cast<std::size_t>(vectors.dim(1)), {}, 0.0, {}};
  Vector mean(x.dim, 0.0);
  for (const Index row : rows) {
    if (row < 0 || row >= vectors.dim(0)) {
      throw IndexError("pca", {operand("vectors", vectors)}, fmt::format("row {} is outside", row));
    }
    for (std::size_t j = 0; j < x.dim; ++j) {
      const double number = static_cast<double>(vectors.data()[static_cast<std::size_t>(row) * x.dim + j]);
      if (!std::isfinite(number)) {
        throw ValueError("pca", {operand("vectors", vectors)}, fmt::format("row {} holds {}", row, number));
      }
      x.numbers.push_back(number);
      mean[j] += number / static_cast<double>(x.n);
    }
  }
  for (std::size_t i = 0; i < x.numbers.size(); ++i) {
    x.numbers[i] -= mean[i % x.dim];
    x.squares += x.numbers[i] * x.numbers[i];
  }
  x.multiply();
  return x;
}

// Takes out of v what points along `other` (length 1 or 0), then scales v to length 1; all 0 when less than `least` is
// left, which is rounding error and no direction. Twice, since once leaves an error when little remains.
void orthonormalise(Vector& v, const Vector& other, double least) {
  for (int round = 0; round < 2; ++round) {
    const double along = dot(v.data(), other.data(), v.size());
    for (std::size_t j = 0; j < v.size(); ++j) v[j] -= along * other[j];
  }
  const double length = std::sqrt(dot(v.data(), v.data(), v.size()));
  const double scale = length > least ? 1.0 / length : 0.0;
  for (double& x : v) x *= scale;
}

// Turns the two vectors within their plane so that the products of the points along them vanish: the variances are
// then the two eigenvalues, the larger first. (A 2 × 2 Jacobi rotation.)
void rotate_to_axes(const Centred& x, std::array<Vector, 2>& v) {
  const Vector first = x.times(v[0]), second = x.times(v[1]);
  const double a = dot(v[0].data(), first.data(), x.dim), b = dot(v[0].data(), second.data(), x.dim);
  const double c = dot(v[1].data(), second.data(), x.dim);
  const double angle = 0.5 * std::atan2(2.0 * b, a - c);
  for (std::size_t j = 0; j < x.dim; ++j) {
    const double p = v[0][j], q = v[1][j];
    v[0][j] = std::cos(angle) * p + std::sin(angle) * q;
    v[1][j] = std::cos(angle) * q - std::sin(angle) * p;
  }
}

void fix_sign(Vector& v) {
  double largest = 0.0;
  for (const double x : v) {
    if (std::abs(x) > std::abs(largest)) largest = x;
  }
  if (largest < 0.0) {
    for (double& x : v) x = -x;
  }
}

std::array<Vector, 2> find_components(const Centred& x) {
  std::array<Vector, 2> v{Vector(x.dim, 0.0), Vector(x.dim, 0.0)};
  if (x.n < 2 || !(x.squares > 0.0)) return v;
  Rng rng(2013);
  for (Vector& vector : v) {
    for (double& number : vector) number = rng.normal();
  }
  // The eigenvalues of XᵀX add up to `squares`: a direction with 1e-12 of that is nothing that a map can show.
  const double least = 1e-12 * x.squares;
  constexpr int most_rounds = 1000;
  for (int round = 0; round < most_rounds; ++round) {
    const std::array<Vector, 2> before = v;
    v[0] = x.times(v[0]);
    v[1] = x.times(v[1]);
    orthonormalise(v[0], Vector(x.dim, 0.0), least);
    orthonormalise(v[1], v[0], least);
    double change = 0.0;
    for (int k = 0; k < 2; ++k) {
      for (std::size_t j = 0; j < x.dim; ++j) change = std::max(change, std::abs(v[k][j] - before[k][j]));
    }
    if (change < 1e-12) break;
  }
  rotate_to_axes(x, v);
  for (Vector& vector : v) fix_sign(vector);
  return v;
}

}  // namespace

Pca pca(const Tensor& vectors, const std::vector<Index>& rows) {
  const Centred x = centre(vectors, rows);
  Pca result;
  result.components = find_components(x);
  result.points.resize(x.n);
  const double freedom = x.n < 2 ? 1.0 : static_cast<double>(x.n - 1);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t i = 0; i < x.n; ++i) {
      const double along = dot(x.row(i), result.components[k].data(), x.dim);
      result.points[i][k] = along;
      result.variance[k] += along * along / freedom;
    }
  }
  result.total_variance = x.squares / freedom;
  return result;
}

}  // namespace lexigrad::vectors
