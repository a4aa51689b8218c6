// optim.hpp: optimizers: how parameters move along their gradients. Each step is one pass over a parameter's numbers.
//
//   AdamW opt(named_parameters(model), {.lr = 3e-4});
//   opt.zero_grad();  Variable loss = …;  loss.backward();  clip_grad_norm(opt, 1.0);  opt.step();
//
// An optimizer holds parameters by their slots, not by address: modules may move. A parameter without a gradient is
// left alone, decay included; a frozen one gets no gradient. Steps are counted for each parameter, as PyTorch does.
// Read next: clip.hpp, schedule.hpp, checkpoint.hpp.
#pragma once
#include <array>
#include <map>
#include <string>
#include <vector>

#include "nn/module.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// What an optimizer remembers between steps, as a checkpoint holds it. Learning rates and options are not in it: they
/// belong to the program.
struct OptimizerState {
  std::string kind;                       ///< "AdamW"
  std::map<std::string, Tensor> tensors;  ///< "exp_avg/wte.weight" → running mean
  std::map<std::string, Index> steps;     ///< "wte.weight" → how often it was stepped
};

/// What all optimizers have: the list of parameters, the rate, and what is remembered of each parameter.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  void zero_grad();  ///< forgets all gradients; before the forward pass, so that their memory is free for it
  /// Moves every parameter that has a gradient and is not frozen. Throws ShapeError, and moves none, when one has a
  /// gradient of another shape.
  void step();

  /// Throws ValueError for a rate that is negative or not finite.
  void set_lr(double lr);
  double lr() const { return lr_; }                  ///< the learning rate of the next step
  const std::string& kind() const { return kind_; }  ///< "Sgd", "Adagrad", "Adam" or "AdamW"
  /// In the order given.
  const NamedParameters& parameters() const { return parameters_; }
  /// An optimizer stands for its parameters: clip_grad_norm(opt, 1.0).
  operator const NamedParameters&() const { return parameters_; }  // NOLINT
  /// True when parameter i has been stepped.
  bool has_state(std::size_t i) const { return memory_[i].steps > 0; }

  /// What is remembered, sharing the buffers. Only of parameters that were stepped.
  OptimizerState state() const;
  /// Goes on from there. Throws ValueError, and changes nothing, when `state` is of another kind of optimizer, or names
  /// or shapes do not fit these parameters.
  void restore(const OptimizerState& state);

 protected:
  /// What is remembered of one parameter.
  struct Memory {
    Index steps = 0;                ///< this parameter's, the one under way included
    std::array<Tensor, 2> tensors;  ///< of the parameter's shape; zeros before the first step
  };
  /// `memory_names` are what tensors[0] and [1] are called, as many as are used.
  Optimizer(std::string kind, NamedParameters parameters, double lr, double weight_decay,
            std::vector<std::string> memory_names);
  /// Moves the numbers of one parameter.
  virtual void update(Tensor& value, const Gradient& gradient, Memory& memory) const = 0;

 private:
  // Parameter i's memory: made with the optimizer, not in the first step, where it would take the blocks that
  // activations leave and the second step would have to fetch others.
  void prepare(std::size_t i);

  std::string kind_;
  NamedParameters parameters_;
  double lr_;
  std::vector<std::string> memory_names_;
  std::vector<Memory> memory_;
};

/// Options of Sgd.
struct SgdOptions {
  double lr = 0.1;            ///< learning rate
  double momentum = 0.0;      ///< in [0, 1): how much of the last movement goes on
  bool nesterov = false;      ///< the gradient one step ahead (Sutskever et al. 2013)
  double weight_decay = 0.0;  ///< L2: decay · p is added to the gradient
};

/// Gradient descent, with momentum (Polyak 1964) in PyTorch's form: m = momentum · m + g, p -= lr · m. Without momentum
/// and decay it is exact on rows gradients and touches only the rows that have one; else the whole table.
class Sgd : public Optimizer {
 public:
  /// Throws ValueError for options that make no sense.
  explicit Sgd(NamedParameters parameters, SgdOptions options = {});

 private:
  void update(Tensor& value, const Gradient& gradient, Memory& memory) const override;
  SgdOptions options_;
};

/// Options of Adagrad.
struct AdagradOptions {
  double lr = 0.01;           ///< learning rate
  double eps = 1e-10;         ///< keeps the divisor away from 0
  double weight_decay = 0.0;  ///< L2
};

/// Adagrad (Duchi, Hazan, Singer 2011): each number has its own rate, lr / √Σg². Exact on rows gradients (without
/// decay): a row that no lookup used does not move.
class Adagrad : public Optimizer {
 public:
  /// Throws ValueError for options that make no sense.
  explicit Adagrad(NamedParameters parameters, AdagradOptions options = {});

 private:
  void update(Tensor& value, const Gradient& gradient, Memory& memory) const override;
  AdagradOptions options_;
};

/// What Adam does with a rows gradient: `dense` treats the other rows as having gradient 0 (their moments fade and
/// they go on moving), which equals a dense gradient; `lazy` touches the rows that have one, and nothing else.
enum class RowUpdate { dense, lazy };

/// Options of Adam.
struct AdamOptions {
  double lr = 1e-3;                   ///< learning rate
  double beta1 = 0.9;                 ///< how much of the running mean of g stays, each step
  double beta2 = 0.999;               ///< the same of g²
  double eps = 1e-8;                  ///< keeps the divisor away from 0
  double weight_decay = 0.0;          ///< L2: decay · p is added to the gradient of every parameter
  RowUpdate rows = RowUpdate::dense;  ///< of gradients that are rows
};

/// Options of AdamW.
struct AdamWOptions {
  double lr = 1e-3;            ///< learning rate
  double beta1 = 0.9;          ///< how much of the running mean of g stays, each step
  double beta2 = 0.999;        ///< the same of g²
  double eps = 1e-8;           ///< keeps the divisor away from 0
  double weight_decay = 0.01;  ///< decoupled: p -= lr · decay · p
  bool decay_vectors = false;  ///< false: only matrices and tables (two axes or more) decay, not biases and norms
  RowUpdate rows = RowUpdate::dense;  ///< of gradients that are rows
};

/// Adam (Kingma & Ba 2015), bias-corrected: p -= lr · m̂ / (√v̂ + eps), m and v running means of g and g².
class Adam : public Optimizer {
 public:
  /// Throws ValueError for options that make no sense.
  explicit Adam(NamedParameters parameters, AdamOptions options = {});

 protected:
  /// For AdamW: `decoupled` decay.
  Adam(std::string kind, NamedParameters parameters, AdamWOptions options, bool decoupled);
  void update(Tensor& value, const Gradient& gradient, Memory& memory) const override;  ///< the formula
  /// Whether a parameter of this shape decays.
  bool decays(const Shape& shape) const { return options_.decay_vectors || shape.rank() >= 2; }

 private:
  AdamWOptions options_;
  bool decoupled_;
};

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019).
class AdamW : public Adam {
 public:
  /// Throws ValueError for options that make no sense.
  explicit AdamW(NamedParameters parameters, AdamWOptions options = {});
  /// Whether weight decay applies to parameter i.
  bool decays(std::size_t i) const { return Adam::decays(parameters()[i].parameter.shape()); }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
