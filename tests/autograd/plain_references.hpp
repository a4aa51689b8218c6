// plain_references.hpp: every differentiable function once more, by loops and std:: alone: what the gradcheck table
// holds the library's values against. Slow and simple on purpose.
#pragma once
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "support/compare.hpp"
#include "tensor/ids.hpp"
#include "tensor/ops.hpp"

namespace lexigrad::testing {

using Reference = std::function<std::vector<double>(const std::vector<Tensor>&)>;

inline Tensor positive(const Shape& shape) {
  Rng rng(3);
  return uniform(shape, rng, 0.5, 2.0);
}

// y[i] = f(x[i])
inline Reference each(double (*f)(double)) {
  return [f](const std::vector<Tensor>& in) {
    std::vector<double> y = numbers(in[0]);
    for (double& v : y) v = f(v);
    return y;
  };
}

// y[i] = f(a[i], b[i]) with a and b repeated to `shape` by index arithmetic of its own
inline Reference pairwise(const Shape& shape, double (*f)(double, double)) {
  return [shape, f](const std::vector<Tensor>& in) {
    const auto at = [&](const Tensor& t, Index flat) {
      Index offset = 0, step = 1;
      for (int axis = 1; axis <= shape.rank(); ++axis) {
        const Index i = flat % shape[-axis];
        flat /= shape[-axis];
        if (axis > t.rank()) continue;
        offset += (t.dim(-axis) == 1 ? 0 : i) * step;
        step *= t.dim(-axis);
      }
      return static_cast<double>(t.data()[offset]);
    };
    std::vector<double> y;
    for (Index i = 0; i < shape.size(); ++i) y.push_back(f(at(in[0], i), at(in[1], i)));
    return y;
  };
}

inline Reference same_numbers() {
  return [](const std::vector<Tensor>& in) { return numbers(in[0]); };
}

inline double number(const Tensor& t, Index i) { return static_cast<double>(t.data()[i]); }

// [M, K] · [K, N] (or weight [N, K] read transposed) + bias, by three loops; batches one after the other
inline std::vector<double> product(const Tensor& a, const Tensor& b, Index m, Index n, Index k, bool b_transposed,
                                   const Tensor& bias = {}, bool b_batched = false) {
  std::vector<double> y;
  const Index batches = m * k == 0 ? 0 : a.size() / (m * k);
  for (Index batch = 0; batch < batches; ++batch) {
    const Index b0 = b_batched ? batch * k * n : 0;
    for (Index i = 0; i < m; ++i) {
      for (Index j = 0; j < n; ++j) {
        double sum = bias.defined() ? number(bias, j) : 0.0;
        for (Index p = 0; p < k; ++p) {
          sum += number(a, (batch * m + i) * k + p) * number(b, b0 + (b_transposed ? j * k + p : p * n + j));
        }
        y.push_back(sum);
      }
    }
  }
  return y;
}

inline std::vector<double> softmax_rows(const Tensor& x, bool logarithm) {
  std::vector<double> y;
  const Index n = x.shape().last();
  for (Index row = 0; row < x.size() / std::max<Index>(n, 1); ++row) {
    double total = 0.0;
    for (Index i = 0; i < n; ++i) total += std::exp(number(x, row * n + i));
    for (Index i = 0; i < n; ++i) {
      const double p = std::exp(number(x, row * n + i)) / total;
      y.push_back(logarithm ? std::log(p) : p);
    }
  }
  return y;
}

// Σ or mean of -log softmax(x)[target], smoothed
inline std::vector<double> cross_entropy_of(const std::vector<double>& logits, Index classes, const Ids& targets,
                                            const CrossEntropyOptions& o) {
  const auto weight = [&](Index c) { return o.class_weights.defined() ? number(o.class_weights, c) : 1.0; };
  std::vector<double> losses;
  double kept = 0.0, total = 0.0;
  for (Index r = 0; r < targets.size(); ++r) {
    if (targets[r] == o.ignore_index) {
      losses.push_back(0.0);
      continue;
    }
    double z = 0.0, mean = 0.0;
    for (Index c = 0; c < classes; ++c) z += std::exp(logits[static_cast<std::size_t>(r * classes + c)]);
    for (Index c = 0; c < classes; ++c) {
      mean +=
          weight(c) * (std::log(z) - logits[static_cast<std::size_t>(r * classes + c)]) / static_cast<double>(classes);
    }
    const double plain = std::log(z) - logits[static_cast<std::size_t>(r * classes + targets[r])];
    losses.push_back((1.0 - o.label_smoothing) * weight(targets[r]) * plain + o.label_smoothing * mean);
    kept += weight(targets[r]);
    total += losses.back();
  }
  if (o.reduction == Reduction::none) return losses;
  return {o.reduction == Reduction::sum ? total : total / kept};
}

inline std::vector<double> layer_norm_rows(const Tensor& x, const Tensor& gamma, const Tensor& beta, double eps) {
  std::vector<double> y;
  const Index n = x.shape().last();
  for (Index row = 0; row < x.size() / n; ++row) {
    double mean = 0.0, variance = 0.0;
    for (Index i = 0; i < n; ++i) mean += number(x, row * n + i) / static_cast<double>(n);
    for (Index i = 0; i < n; ++i) variance += std::pow(number(x, row * n + i) - mean, 2) / static_cast<double>(n);
    for (Index i = 0; i < n; ++i) {
      y.push_back((number(x, row * n + i) - mean) / std::sqrt(variance + eps) * number(gamma, i) + number(beta, i));
    }
  }
  return y;
}

// Attention composed of its formula, one query after the other.
inline std::vector<double> attention_of(const Tensor& qkv, Index heads, bool causal) {
  const Index length = qkv.dim(1), dim = qkv.dim(2) / 3, width = dim / heads;
  std::vector<double> y(static_cast<std::size_t>(qkv.dim(0) * length * dim), 0.0);
  for (Index b = 0; b < qkv.dim(0); ++b) {
    for (Index h = 0; h < heads; ++h) {
      const auto at = [&](Index part, Index t, Index i) {
        return number(qkv, (b * length + t) * 3 * dim + part * dim + h * width + i);
      };
      for (Index t = 0; t < length; ++t) {
        std::vector<double> p;
        double total = 0.0;
        for (Index s = 0; s < (causal ? t + 1 : length); ++s) {
          double score = 0.0;
          for (Index i = 0; i < width; ++i) score += at(0, t, i) * at(1, s, i);
          p.push_back(std::exp(score / std::sqrt(static_cast<double>(width))));
          total += p.back();
        }
        for (std::size_t s = 0; s < p.size(); ++s) {
          for (Index i = 0; i < width; ++i) {
            y[static_cast<std::size_t>((b * length + t) * dim + h * width + i)] +=
                p[s] / total * at(2, static_cast<Index>(s), i);
          }
        }
      }
    }
  }
  return y;
}

}  // namespace lexigrad::testing
