// layer_norm.hpp: each row to mean 0 and variance 1, then a learned scale and shift (Ba, Kiros, Hinton 2016).
#pragma once
#include <cmath>
#include <optional>

#include "autograd/functions.hpp"
#include "nn/module.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// y = (x - mean) / √(var + eps) · weight + bias over the last axis, with the biased variance.
struct LayerNorm {
  static constexpr std::string_view kind = "LayerNorm";
  std::optional<Parameter> weight;  ///< [D]: ones at the start; none without `affine`
  std::optional<Parameter> bias;    ///< [D]: zeros at the start; none without `affine`
  Index dim;                        ///< D
  double eps;                       ///< keeps the root away from 0

  /// Without `affine`, only the normalisation: no parameters. Throws ValueError when the width is below 1 or epsilon is
  /// negative or not finite.
  explicit LayerNorm(Index width, double epsilon = 1e-5, bool affine = true) : dim(width), eps(epsilon) {
    if (dim < 1 || !(eps >= 0.0) || std::isinf(eps))
      throw ValueError(kind, "width {}, eps {}: expected 1 or more, and 0 or more", dim, eps);
    if (!affine) return;
    weight.emplace(ones({dim}));
    bias.emplace(zeros({dim}));
  }

  /// x [.., D] → [.., D]. Throws ShapeError when the last axis is not D.
  Variable operator()(const Variable& x) const {
    if (x.dim(-1) != dim) throw ShapeError(kind, {operand("x", x.value())}, "expected [.., {}]", dim);
    return weight ? layer_norm(x, *weight, *bias, eps) : layer_norm(x, eps);
  }

  static void members(auto& self, auto&& visit) {
    visit("weight", self.weight);
    visit("bias", self.bias);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
