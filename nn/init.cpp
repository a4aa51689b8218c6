// init.cpp: drawing, and writing into the parameter's own buffer.
#include "nn/init.hpp"

#include <cmath>

#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS::init {
namespace {

double fan_in(std::string_view op, const Parameter& p) {
  if (p.shape().rank() != 2) throw ShapeError(op, {operand("parameter", p.value())}, "expected a weight [out, in]");
  return static_cast<double>(p.shape()[1]);
}

double fan_both(std::string_view op, const Parameter& p) { return fan_in(op, p) + static_cast<double>(p.shape()[0]); }

void symmetric(const Parameter& p, Rng& rng, double bound) { uniform(p, rng, -bound, bound); }

}  // namespace

void constant(const Parameter& p, double value) { p.writable().fill(value); }

void normal(const Parameter& p, Rng& rng, double mean, double std) {
  p.writable().copy_from(lexigrad::normal(p.shape(), rng, mean, std));
}

void truncated_normal(const Parameter& p, Rng& rng, double std) {
  if (!(std >= 0.0) || !std::isfinite(std)) throw ValueError("init", "std = {} must be 0 or more", std);
  real* const out = p.writable().mutable_data();
  for (Index i = 0; i < p.size(); ++i) {
    double draw = rng.normal();
    while (std::abs(draw) > 2.0) draw = rng.normal();
    out[i] = static_cast<real>(std * draw);
  }
}

void uniform(const Parameter& p, Rng& rng, double low, double high) {
  p.writable().copy_from(lexigrad::uniform(p.shape(), rng, low, high));
}

void xavier_uniform(const Parameter& p, Rng& rng, double gain) {
  symmetric(p, rng, gain * std::sqrt(6.0 / fan_both("xavier_uniform", p)));
}
void xavier_normal(const Parameter& p, Rng& rng, double gain) {
  normal(p, rng, 0.0, gain * std::sqrt(2.0 / fan_both("xavier_normal", p)));
}
void kaiming_uniform(const Parameter& p, Rng& rng) { symmetric(p, rng, std::sqrt(6.0 / fan_in("kaiming_uniform", p))); }
void kaiming_normal(const Parameter& p, Rng& rng) { normal(p, rng, 0.0, std::sqrt(2.0 / fan_in("kaiming_normal", p))); }

}  // namespace lexigrad::inline LEXIGRAD_NS::init
