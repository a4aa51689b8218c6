// gradcheck.hpp: holds a derivative against central differences: (f(x + h) - f(x - h)) / 2h for every number of x.
//
// Meant for the double library, where a right derivative agrees to about 1e-9; in float it is too coarse to tell.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "autograd/variable.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// How finely and how strictly it is checked.
struct GradcheckOptions {
  double step = 1e-5;       ///< h, times max(1, |x|)
  double tolerance = 1e-7;  ///< on |analytic - numeric| / max(1, |analytic|, |numeric|)
};

/// What was found.
struct GradcheckResult {
  bool ok = true;       ///< worst is within the tolerance
  double worst = 0.0;   ///< largest difference found, measured as the tolerance is
  std::string message;  ///< where it was: "input 1, number 7: backward says 0.5, differences say 0.25"
};

/// What is checked: any function that is made of differentiable ones.
using VariableFunction = std::function<Variable(const std::vector<Variable>&)>;

/// Checks d(f · w)/d(input) for every input, where w is a fixed weight for every number of f's result, so that a
/// mistake in any of them shows. `f` must be deterministic.
GradcheckResult gradcheck(const VariableFunction& f, const std::vector<Tensor>& inputs,
                          const GradcheckOptions& options = {});

}  // namespace lexigrad::inline LEXIGRAD_NS
