// layer_norm.hpp: each row to mean 0 and variance 1, then a learned scale and shift (Ba, Kiros, Hinton 2016).
#pragma once
#include <optional>

#include "autograd/functions.hpp"
#include "nn/module.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

struct LayerNorm {
  static constexpr std::string_view kind = "LayerNorm";
  std::optional<Parameter> weight, bias;  ///< [D] each: ones and zeros at the start; none without `affine`
  Index dim;
  double eps;

  explicit LayerNorm(Index width, double epsilon = 1e-5, bool affine = true) : dim(width), eps(epsilon) {
    if (!affine) return;
    weight.emplace(ones({dim}));
    bias.emplace(zeros({dim}));
  }

  /// x [.., D] → [.., D]
  Variable operator()(const Variable& x) const {
    return weight ? layer_norm(x, *weight, *bias, eps) : layer_norm(x, eps);
  }

  static void members(auto& self, auto&& visit) {
    visit("weight", self.weight);
    visit("bias", self.bias);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
