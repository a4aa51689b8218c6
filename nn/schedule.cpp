// schedule.cpp: the formula.
#include "nn/schedule.hpp"

#include <cmath>
#include <numbers>

namespace lexigrad::inline LEXIGRAD_NS {

double WarmupCosine::operator()(Index step) const {
  if (step < warmup) return peak * static_cast<double>(step + 1) / static_cast<double>(warmup);
  if (step >= total) return floor;
  const double progress = static_cast<double>(step - warmup) / static_cast<double>(total - warmup);
  return floor + 0.5 * (peak - floor) * (1.0 + std::cos(std::numbers::pi * progress));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
