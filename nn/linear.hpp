// linear.hpp: y = x · weightᵀ + bias, the weight stored [out, in] as PyTorch does.
#pragma once
#include <optional>

#include "autograd/functions.hpp"
#include "nn/module.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// How a layer begins.
struct LinearOptions {
  bool bias = true;   ///< false: y = x · weightᵀ
  double std = 0.02;  ///< the weight is drawn from N(0, std²), as GPT-2 does; the bias starts at 0
};

/// A matrix and a bias.
struct Linear {
  static constexpr std::string_view kind = "Linear";
  Parameter weight;               ///< [out, in]
  std::optional<Parameter> bias;  ///< [out]; none without LinearOptions::bias

  /// Throws ValueError when a size is below 1 or std is negative or not finite.
  Linear(Index in, Index out, Rng& rng, LinearOptions options = {}) : weight(drawn(in, out, rng, options.std)) {
    if (options.bias) bias.emplace(zeros({out}));
  }

  /// x [.., in] → [.., out]. Throws ShapeError when the last axis is not `in`.
  Variable operator()(const Variable& x) const { return bias ? linear(x, weight, *bias) : linear(x, weight); }

  static void members(auto& self, auto&& visit) {
    visit("weight", self.weight);
    visit("bias", self.bias);
  }

 private:
  static Tensor drawn(Index in, Index out, Rng& rng, double std) {
    if (in < 1 || out < 1) throw ValueError(kind, "{} inputs, {} outputs: both must be at least 1", in, out);
    return normal({out, in}, rng, 0.0, std);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
