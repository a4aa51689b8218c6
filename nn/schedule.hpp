// schedule.hpp: how the learning rate changes over a run. A schedule is a function of the step alone, counted from 0:
//
//   opt.set_lr(schedule(step));
#pragma once
#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Linear warm-up, then half a cosine down to a floor.
struct WarmupCosine {
  double peak = 3e-3;   ///< highest rate
  double floor = 3e-4;  ///< lowest rate after the warm-up
  Index warmup = 100;   ///< steps; the last of them has the peak. 0: the first step has it
  Index total = 1000;   ///< from here on the floor

  /// Learning rate of step 0, 1, … (Loshchilov & Hutter 2017, without restarts). Never 0 for a positive peak and floor.
  double operator()(Index step) const;
};

/// Linear warm-up, then a straight line down to a floor (word2vec's, with warmup 0).
struct WarmupLinear {
  double peak = 0.025;  ///< highest rate
  double floor = 0.0;   ///< lowest rate after the warm-up
  Index warmup = 0;     ///< steps; the last of them has the peak. 0: the first step has it
  Index total = 1000;   ///< from here on the floor

  double operator()(Index step) const;  ///< learning rate of step 0, 1, …
};

}  // namespace lexigrad::inline LEXIGRAD_NS
