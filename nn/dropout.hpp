// dropout.hpp: zeroes each number with chance p while training (Srivastava et al. 2014).
//
// Whether anything is dropped is said at the call: with an Rng it is, without one nothing is. eval() and EvalScope
// (module.hpp) switch it off for calls that do bring an Rng.
#pragma once

#include "autograd/functions.hpp"
#include "nn/module.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// y = x · mask / (1 - p), so that the mean stays what it was.
struct Dropout {
  static constexpr std::string_view kind = "Dropout";
  double p;              ///< chance of each number to be dropped
  bool training = true;  ///< false after eval(): nothing is dropped

  /// Throws ValueError when `chance` is not in [0, 1].
  explicit Dropout(double chance) : p(chance) {
    if (!(p >= 0.0 && p <= 1.0)) throw ValueError("Dropout", "p = {} is not in [0, 1]", p);
  }

  /// `rng` may be null: then x comes back as it is.
  Variable operator()(const Variable& x, Rng* rng) const {
    return rng == nullptr || !training || p == 0.0 ? x : dropout(x, p, *rng);
  }

  static void members(auto&, auto&&) {}
};

}  // namespace lexigrad::inline LEXIGRAD_NS
