// schedule.cpp: the formulas.
#include "nn/schedule.hpp"

#include <cmath>
#include <numbers>

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Up to the peak and, at the end, the floor; between them what `between` makes of how much of that way is done.
double rate(const auto& s, Index step, const auto& between) {
  if (step < s.warmup) return s.peak * static_cast<double>(step + 1) / static_cast<double>(s.warmup);
  if (step >= s.total) return s.floor;
  return between(static_cast<double>(step - s.warmup) / static_cast<double>(s.total - s.warmup));
}

}  // namespace

double WarmupCosine::operator()(Index step) const {
  return rate(*this, step,
              [&](double done) { return floor + 0.5 * (peak - floor) * (1.0 + std::cos(std::numbers::pi * done)); });
}

double WarmupLinear::operator()(Index step) const {
  return rate(*this, step, [&](double done) { return peak + (floor - peak) * done; });
}

}  // namespace lexigrad::inline LEXIGRAD_NS
