// step.cpp: the end of a step.
#include "training/step.hpp"

#include <fmt/core.h>

#include "tensor/ops.hpp"

namespace lexigrad::training {

NonFiniteError diverged(Index step, double lr, const std::string& what) {
  return NonFiniteError("", fmt::format("step {}: {} at learning rate {:.3g}; training has diverged, and this step is "
                                        "not saved. Try a lower --lr (a tenth, say) or a larger --batch",
                                        step, what, lr));
}

void require_finite(const NamedParameters& parameters, double loss, Index step, double lr) {
  for (const NamedParameter& p : parameters) {
    if (!all_finite(p.parameter.value())) throw diverged(step, lr, p.name + " is not finite");
  }
  if (!std::isfinite(loss)) throw diverged(step, lr, fmt::format("the loss after it is {}", loss));
}

void clip_and_step(Optimizer& optimizer, double loss, double max_norm, Index step) {
  if (!std::isfinite(loss)) throw diverged(step, optimizer.lr(), fmt::format("the loss is {}", loss));
  try {
    if (max_norm > 0.0) clip_grad_norm(optimizer, max_norm);
  } catch (const NonFiniteError& error) {
    throw diverged(step, optimizer.lr(), error.reason());
  }
  optimizer.step();
}

}  // namespace lexigrad::training
