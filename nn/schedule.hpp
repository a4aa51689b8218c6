// schedule.hpp: how the learning rate changes over a run: linear warm-up, then half a cosine down to a floor.
#pragma once
#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

struct WarmupCosine {
  double peak = 3e-3;
  double floor = 3e-4;
  Index warmup = 100;  ///< steps; the last of them has the peak. 0: the first step has it
  Index total = 1000;  ///< from here on the floor

  /// Learning rate of step 0, 1, … (Loshchilov & Hutter 2017, without restarts). Never 0 for a positive peak and floor.
  double operator()(Index step) const;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
