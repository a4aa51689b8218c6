// clip.hpp: gradients as a whole: their common length limited, or all of them scaled; an optimizer stands for its
// parameters.
#pragma once
#include "nn/optim.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Scales all gradients so that their common norm √Σg² is at most `max_norm`: by min(1, max_norm / (norm + 1e-6))
/// (Pascanu, Mikolov, Bengio 2013). Gives the norm before. Throws ValueError when max_norm is not above 0, and
/// NonFiniteError, before anything is changed, when the norm is infinite or NaN; the error names the parameter.
double clip_grad_norm(const NamedParameters& parameters, double max_norm);

/// Multiplies all gradients by `factor`. For batches that are too large for memory: backward() of the sum of losses
/// (Reduction::sum) of each micro-batch in turn, then 1 / count of all their tokens gives the gradient of the mean over
/// the whole batch, whatever the micro-batches' sizes.
void scale_gradients(const NamedParameters& parameters, double factor);

}  // namespace lexigrad::inline LEXIGRAD_NS
