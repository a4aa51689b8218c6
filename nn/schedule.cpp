// schedule.cpp: the formulas.
#include "nn/schedule.hpp"

#include <cmath>
#include <numbers>

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

double warming(double peak, Index step, Index warmup) {
  return peak * static_cast<double>(step + 1) / static_cast<double>(warmup);
}

// How much of the way from the end of the warm-up to the end is done.
double progress(Index step, Index warmup, Index total) {
  return static_cast<double>(step - warmup) / static_cast<double>(total - warmup);
}

}  // namespace

double WarmupCosine::operator()(Index step) const {
  if (step < warmup) return warming(peak, step, warmup);
  if (step >= total) return floor;
  return floor + 0.5 * (peak - floor) * (1.0 + std::cos(std::numbers::pi * progress(step, warmup, total)));
}

double WarmupLinear::operator()(Index step) const {
  if (step < warmup) return warming(peak, step, warmup);
  if (step >= total) return floor;
  return peak + (floor - peak) * progress(step, warmup, total);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
