// optim.cpp: the steps, and what is remembered between them.
//
// gradient() of a parameter is what backward left in its slot; writable() is its buffer. The buffer is shared with the
// modules, so the next forward pass sees the numbers moved. The formulas of the steps are in tensor/ops.hpp.
#include "nn/optim.hpp"

#include <cmath>

#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

void require(bool holds, std::string_view op, std::string_view name, double value, std::string_view expected) {
  if (!holds) throw ValueError(op, "{} = {}: expected {}", name, value, expected);
}

void require_not_negative(std::string_view op, std::string_view name, double value) {
  require(std::isfinite(value) && value >= 0.0, op, name, value, "a finite number, 0 or more");
}

void require_share(std::string_view op, std::string_view name, double value) {
  require(value >= 0.0 && value < 1.0, op, name, value, "a number in [0, 1)");
}

}  // namespace

Optimizer::Optimizer(std::string kind, NamedParameters parameters, double lr, double weight_decay,
                     std::vector<std::string> memory_names)
    : kind_(std::move(kind)),
      parameters_(std::move(parameters)),
      lr_(lr),
      memory_names_(std::move(memory_names)),
      memory_(parameters_.size()) {
  require_not_negative(kind_, "lr", lr);
  require_not_negative(kind_, "weight_decay", weight_decay);
  std::map<std::shared_ptr<Slot>, std::string> names;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& [name, parameter, ties] = parameters_[i];
    const auto [first, is_new] = names.emplace(parameter.variable().slot(), name);
    if (!is_new) throw ValueError(kind_, "{} and {} are one parameter: it would be stepped twice", first->second, name);
    if (!parameter.frozen()) prepare(i);
  }
}

void Optimizer::prepare(std::size_t i) {
  for (std::size_t k = 0; k < memory_names_.size(); ++k) {
    if (!memory_[i].tensors[k].defined()) memory_[i].tensors[k] = zeros(parameters_[i].parameter.shape());
  }
}

void Optimizer::zero_grad() {
  for (const NamedParameter& p : parameters_) p.parameter.gradient().clear();
}

void Optimizer::set_lr(double lr) {
  require_not_negative(kind_, "lr", lr);
  lr_ = lr;
}

void Optimizer::step() {
  for (const auto& [name, p, ties] : parameters_) {  // all, before the first one is moved
    const Gradient& g = p.gradient();
    if (!g.defined() || p.frozen() || g.tensor().shape() == p.shape() || g.shape() == p.shape()) continue;
    throw ShapeError(kind_, {Operand{name, p.shape()}}, "its gradient has shape " + to_string(g.shape()));
  }
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& p = parameters_[i].parameter;
    if (!p.gradient().defined() || p.frozen()) continue;
    prepare(i);  // it may have been thawed since
    ++memory_[i].steps;
    Tensor value = p.writable();
    update(value, p.gradient(), memory_[i]);
  }
}

OptimizerState Optimizer::state() const {
  OptimizerState state{kind_, {}, {}};
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!has_state(i)) continue;
    const std::string& name = parameters_[i].name;
    state.steps[name] = memory_[i].steps;
    for (std::size_t k = 0; k < memory_names_.size(); ++k) {
      state.tensors[memory_names_[k] + "/" + name] = memory_[i].tensors[k];
    }
  }
  return state;
}

void Optimizer::restore(const OptimizerState& state) {
  if (state.kind != kind_) throw ValueError(kind_, "the state is that of {}", state.kind);
  std::vector<Memory> memory(parameters_.size());
  std::size_t known = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& [parameter_name, parameter, ties] = parameters_[i];
    const auto steps = state.steps.find(parameter_name);
    if (steps == state.steps.end()) continue;  // it never had a gradient
    if (steps->second < 1) throw ValueError(kind_, "the state of {} has {} steps", parameter_name, steps->second);
    ++known;
    memory[i].steps = steps->second;
    for (std::size_t k = 0; k < memory_names_.size(); ++k) {
      const std::string name = memory_names_[k] + "/" + parameter_name;
      const auto tensor = state.tensors.find(name);
      if (tensor == state.tensors.end()) throw ValueError(kind_, "the state has no {}", name);
      if (!(tensor->second.shape() == parameter.shape())) {
        throw ValueError(kind_, "the state's {} has shape {}, expected {}", name, to_string(tensor->second.shape()),
                         to_string(parameter.shape()));
      }
      memory[i].tensors[k] = tensor->second.clone();
    }
  }
  if (known != state.steps.size() || state.tensors.size() != known * memory_names_.size()) {
    throw ValueError(kind_, "the state has entries for parameters that are not here");
  }
  memory_ = std::move(memory);
}

Sgd::Sgd(NamedParameters parameters, SgdOptions options)
    : Optimizer("Sgd", std::move(parameters), options.lr, options.weight_decay,
                options.momentum > 0.0 ? std::vector<std::string>{"momentum"} : std::vector<std::string>{}),
      options_(options) {
  require_share(kind(), "momentum", options.momentum);
  if (options.nesterov && options.momentum == 0.0) throw ValueError("Sgd", "nesterov needs a momentum above 0");
}

void Sgd::update(Tensor& value, const Gradient& gradient, Memory& memory) const {
  if (gradient.is_rows() && options_.momentum == 0.0 && options_.weight_decay == 0.0) {
    return scatter_add_rows(value, gradient.rows().ids, gradient.rows().values, -lr());
  }
  sgd_step(value, gradient.dense(), memory.tensors[0],
           {lr(), options_.weight_decay, options_.momentum, options_.nesterov});
}

Adagrad::Adagrad(NamedParameters parameters, AdagradOptions options)
    : Optimizer("Adagrad", std::move(parameters), options.lr, options.weight_decay, {"sum"}), options_(options) {
  require(std::isfinite(options.eps) && options.eps > 0.0, kind(), "eps", options.eps, "a number above 0");
}

void Adagrad::update(Tensor& value, const Gradient& gradient, Memory& memory) const {
  const bool by_rows = gradient.is_rows() && options_.weight_decay == 0.0;
  adagrad_step(value, by_rows ? gradient.rows().values.expanded() : gradient.dense(), memory.tensors[0],
               {lr(), options_.eps, options_.weight_decay}, by_rows ? &gradient.rows().ids : nullptr);
}

Adam::Adam(NamedParameters parameters, AdamOptions o)
    : Adam("Adam", std::move(parameters), {o.lr, o.beta1, o.beta2, o.eps, o.weight_decay, true, o.rows}, false) {}

Adam::Adam(std::string kind, NamedParameters parameters, AdamWOptions options, bool decoupled)
    : Optimizer(std::move(kind), std::move(parameters), options.lr, options.weight_decay, {"exp_avg", "exp_avg_sq"}),
      options_(options),
      decoupled_(decoupled) {
  require_share(this->kind(), "beta1", options.beta1);
  require_share(this->kind(), "beta2", options.beta2);
  require(std::isfinite(options.eps) && options.eps > 0.0, this->kind(), "eps", options.eps, "a number above 0");
}

void Adam::update(Tensor& value, const Gradient& gradient, Memory& memory) const {
  const double decay = decays(value.shape()) ? options_.weight_decay : 0.0;
  const AdamWStep step{lr(), options_.beta1, options_.beta2, options_.eps, decay, memory.steps, decoupled_};
  const bool by_rows = gradient.is_rows() && options_.rows == RowUpdate::lazy;
  adamw_step(value, by_rows ? gradient.rows().values.expanded() : gradient.dense(), memory.tensors[0],
             memory.tensors[1], step, by_rows ? &gradient.rows().ids : nullptr);
}

AdamW::AdamW(NamedParameters parameters, AdamWOptions options) : Adam("AdamW", std::move(parameters), options, true) {}

}  // namespace lexigrad::inline LEXIGRAD_NS
