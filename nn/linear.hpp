// linear.hpp: y = x · weightᵀ + bias, the weight stored [out, in] as PyTorch does.
#pragma once
#include <optional>

#include "autograd/functions.hpp"
#include "nn/module.hpp"
#include "tensor/random.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

struct LinearOptions {
  bool bias = true;
  double std = 0.02;  ///< the weight is drawn from N(0, std²), as GPT-2 does; the bias starts at 0
};

struct Linear {
  static constexpr std::string_view kind = "Linear";
  Parameter weight;               ///< [out, in]
  std::optional<Parameter> bias;  ///< [out]

  /// Throws ValueError when a size is below 1.
  Linear(Index in, Index out, Rng& rng, LinearOptions options = {});

  /// x [.., in] → [.., out]
  Variable operator()(const Variable& x) const { return bias ? linear(x, weight, *bias) : linear(x, weight); }

  static void members(auto& self, auto&& visit) {
    visit("weight", self.weight);
    visit("bias", self.bias);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
