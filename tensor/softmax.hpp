// softmax.hpp: one row of softmax cross-entropy, shared by the plain loss and the tied head. Internal to tensor/.
#pragma once
#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Loss of one row of `n` logits for class `target`, smoothed by `s`: logΣe^x - (1-s)·x[target] - s·mean(x).
/// Writes the row's softmax, times `scale` and minus the target's share, into `gradient` (which may be `x` itself);
/// with scale 0 the contents of `gradient` are only scratch.
double cross_entropy_row(const real* x, Index n, Index target, double s, double scale, real* gradient);

}  // namespace lexigrad::inline LEXIGRAD_NS
