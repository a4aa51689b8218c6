// step.hpp: one step of training: the gradients of several micro-batches as those of one, and what to do when numbers
// stop being numbers.
//
// Read next: train_gpt/training.cpp or train_embeddings/training.cpp, the loops around it.
#pragma once
#include <cmath>
#include <string>

#include "autograd/functions.hpp"
#include "nn/clip.hpp"
#include "text/batches.hpp"

namespace lexigrad::training {

/// What a loop throws when loss or gradients are not finite: names the step, the rate and what to try.
NonFiniteError diverged(Index step, double lr, const std::string& what);

/// Throws diverged() when a parameter, or the loss with the parameters as they are after step number `step`, is not
/// finite: they must not be saved over good ones.
void require_finite(const NamedParameters& parameters, double loss, Index step, double lr);

/// Backward through the mean loss over all `tokens` targets of `count` micro-batches, made one after the other, so that
/// the memory is that of one: each counts by its tokens, not as one of so many. `batch_at(i)` gives micro-batch number
/// i, `loss(batch)` is the mean over the targets of one. Gives the mean over all; stops before the backward pass of a
/// micro-batch whose loss is not finite, and gives that.
template <class BatchAt, class Loss>
double backward_of_mean(Index count, double tokens, const BatchAt& batch_at, const Loss& loss) {
  double mean = 0.0;
  for (Index i = 0; i < count; ++i) {
    const text::Batch& batch = batch_at(i);
    const double share = static_cast<double>(batch.targets.size()) / tokens;
    const Variable own = loss(batch);
    mean += share * static_cast<double>(own.item());
    if (!std::isfinite(mean)) return mean;
    (share == 1.0 ? own : own * share).backward();
  }
  return mean;
}

/// Clips the gradients to a common norm (0: not at all) and steps; `step` counts from 1, for the error. Throws
/// diverged(), and moves nothing, when `loss` or the norm is not finite.
void clip_and_step(Optimizer& optimizer, double loss, double max_norm, Index step);

}  // namespace lexigrad::training
