// optim.hpp: optimizers: how parameters move along their gradients. Each step is one pass over a parameter's numbers.
//
//   AdamW opt(named_parameters(model), {.lr = 3e-4});
//   opt.zero_grad();  Variable loss = …;  loss.backward();  clip_grad_norm(opt, 1.0);  opt.step();
//
// An optimizer holds parameters by their slots, not by address: modules may move. A parameter without a gradient is
// left alone, decay included; a frozen one gets no gradient.
#pragma once
#include <vector>

#include "nn/module.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

struct SgdOptions {
  double lr = 0.1;
  double weight_decay = 0.0;  ///< p -= lr · (g + decay · p)
};

/// Plain gradient descent. Exact on rows gradients: only the rows that have one are touched (without decay).
class Sgd {
 public:
  /// Throws ValueError for a negative or non-finite option.
  explicit Sgd(NamedParameters parameters, SgdOptions options = {});
  void zero_grad();
  void step();
  void set_lr(double lr) { options_.lr = lr; }
  const NamedParameters& parameters() const { return parameters_; }

 private:
  NamedParameters parameters_;
  SgdOptions options_;
};

/// What Adam does with a rows gradient: `dense` treats the other rows as having gradient 0 (their moments fade and
/// they go on moving), which equals a dense gradient; `lazy` touches the rows that have one, and nothing else.
enum class RowUpdate { dense, lazy };

struct AdamWOptions {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0.01;  ///< decoupled: p -= lr · decay · p, for matrices and tables only (two axes or more)
  RowUpdate rows = RowUpdate::dense;
};

/// Adam with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019), bias-corrected. With
/// weight_decay = 0 it is Adam. State is made for a parameter when its first gradient comes.
class AdamW {
 public:
  /// Throws ValueError for options that make no sense.
  explicit AdamW(NamedParameters parameters, AdamWOptions options = {});
  void zero_grad();
  void step();
  void set_lr(double lr) { options_.lr = lr; }
  Index steps() const { return step_; }
  const NamedParameters& parameters() const { return parameters_; }
  /// Whether weight decay applies to parameter i.
  bool decays(std::size_t i) const { return parameters_[i].parameter.shape().rank() >= 2; }
  /// True when parameter i has state: it has been stepped.
  bool has_state(std::size_t i) const { return moments_[i].first.defined(); }

 private:
  struct Moments {
    Tensor first, second;  // running means of g and g², of the parameter's shape
  };
  NamedParameters parameters_;
  AdamWOptions options_;
  std::vector<Moments> moments_;
  Index step_ = 0;
};

/// Scales all gradients so that their common norm √Σg² is at most `max_norm`: by min(1, max_norm / (norm + 1e-6)).
/// Gives the norm before. Throws ValueError when max_norm is not above 0, and NonFiniteError, before anything is
/// changed, when the norm is infinite or NaN; the error names the parameter.
double clip_grad_norm(const NamedParameters& parameters, double max_norm);
template <class Optimizer>
double clip_grad_norm(const Optimizer& optimizer, double max_norm) {
  return clip_grad_norm(optimizer.parameters(), max_norm);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
