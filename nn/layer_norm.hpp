// layer_norm.hpp: each row to mean 0 and variance 1, then a learned scale and shift (Ba, Kiros, Hinton 2016).
#pragma once
#include "autograd/functions.hpp"
#include "nn/module.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

struct LayerNorm {
  static constexpr std::string_view kind = "LayerNorm";
  Parameter weight, bias;  ///< [D] each: ones and zeros at the start
  double eps;

  explicit LayerNorm(Index dim, double epsilon = 1e-5) : weight(ones({dim})), bias(zeros({dim})), eps(epsilon) {}

  /// x [.., D] → [.., D]
  Variable operator()(const Variable& x) const { return layer_norm(x, weight, bias, eps); }

  static void members(auto& self, auto&& visit) {
    visit("weight", self.weight);
    visit("bias", self.bias);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
