// clip.cpp: one pass to measure, one to scale.
#include "nn/clip.hpp"

#include <algorithm>
#include <cmath>

namespace lexigrad::inline LEXIGRAD_NS {

void scale_gradients(const NamedParameters& parameters, double factor) {
  for (const NamedParameter& p : parameters) p.parameter.gradient().scale(factor);
}

double clip_grad_norm(const NamedParameters& parameters, double max_norm) {
  if (!(max_norm > 0.0) || !std::isfinite(max_norm)) {
    throw ValueError("clip_grad_norm", "max_norm = {}: expected a finite number above 0", max_norm);
  }
  double squares = 0.0;
  for (const NamedParameter& p : parameters) {
    const double own = p.parameter.gradient().defined() ? p.parameter.gradient().sum_squares() : 0.0;
    if (!std::isfinite(own)) throw NonFiniteError("clip_grad_norm", "the gradient of {} is not finite", p.name);
    squares += own;
  }
  const double norm = std::sqrt(squares);
  scale_gradients(parameters, std::min(1.0, max_norm / (norm + 1e-6)));
  return norm;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
