// optim.cpp: the steps, and the clipping of gradients.
#include "nn/optim.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

void require(bool holds, std::string_view op, std::string_view name, double value, std::string_view expected) {
  if (!holds) throw ValueError(op, fmt::format("{} = {}: expected {}", name, value, expected));
}

bool not_negative(double value) { return std::isfinite(value) && value >= 0.0; }

void clear_gradients(const NamedParameters& parameters) {
  for (const NamedParameter& p : parameters) p.parameter.gradient().clear();
}

void refuse_twice(std::string_view op, const NamedParameters& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (parameters[i].parameter.is_shared_with(parameters[j].parameter)) {
        throw ValueError(op, fmt::format("{} and {} are one parameter: it would be stepped twice", parameters[j].name,
                                         parameters[i].name));
      }
    }
  }
}

}  // namespace

Sgd::Sgd(NamedParameters parameters, SgdOptions options) : parameters_(std::move(parameters)), options_(options) {
  require(not_negative(options.lr), "Sgd", "lr", options.lr, "a finite number, 0 or more");
  require(not_negative(options.weight_decay), "Sgd", "weight_decay", options.weight_decay,
          "a finite number, 0 or more");
  refuse_twice("Sgd", parameters_);
}

void Sgd::zero_grad() { clear_gradients(parameters_); }

void Sgd::step() {
  for (const NamedParameter& p : parameters_) {
    const Gradient& gradient = p.parameter.gradient();
    if (!gradient.defined() || p.parameter.frozen()) continue;
    Tensor value = p.parameter.writable();
    if (gradient.is_rows() && options_.weight_decay == 0.0) {
      scatter_add_rows(value, gradient.rows().ids, gradient.rows().values, -options_.lr);
    } else {
      sgd_step(value, gradient.dense(), options_.lr, options_.weight_decay);
    }
  }
}

AdamW::AdamW(NamedParameters parameters, AdamWOptions options)
    : parameters_(std::move(parameters)), options_(options), moments_(parameters_.size()) {
  require(not_negative(options.lr), "AdamW", "lr", options.lr, "a finite number, 0 or more");
  require(options.beta1 >= 0.0 && options.beta1 < 1.0, "AdamW", "beta1", options.beta1, "a number in [0, 1)");
  require(options.beta2 >= 0.0 && options.beta2 < 1.0, "AdamW", "beta2", options.beta2, "a number in [0, 1)");
  require(std::isfinite(options.eps) && options.eps > 0.0, "AdamW", "eps", options.eps, "a number above 0");
  require(not_negative(options.weight_decay), "AdamW", "weight_decay", options.weight_decay,
          "a finite number, 0 or more");
  refuse_twice("AdamW", parameters_);
}

void AdamW::zero_grad() { clear_gradients(parameters_); }

void AdamW::step() {
  ++step_;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& p = parameters_[i].parameter;
    const Gradient& gradient = p.gradient();
    if (!gradient.defined() || p.frozen()) continue;
    Moments& m = moments_[i];
    if (!m.first.defined()) m = {zeros(p.shape()), zeros(p.shape())};
    const AdamWStep step{
        options_.lr, options_.beta1, options_.beta2, options_.eps, decays(i) ? options_.weight_decay : 0.0, step_};
    Tensor value = p.writable();
    if (gradient.is_rows() && options_.rows == RowUpdate::lazy) {
      const GradientRows rows = gradient.coalesced();
      adamw_rows_step(value, rows.ids, rows.values, m.first, m.second, step);
    } else {
      adamw_step(value, gradient.dense(), m.first, m.second, step);
    }
  }
}

double clip_grad_norm(const NamedParameters& parameters, double max_norm) {
  if (!(max_norm > 0.0) || !std::isfinite(max_norm)) {
    throw ValueError("clip_grad_norm", fmt::format("max_norm = {}: expected a finite number above 0", max_norm));
  }
  double squares = 0.0;
  for (const NamedParameter& p : parameters) {
    const double own = p.parameter.gradient().defined() ? p.parameter.gradient().sum_squares() : 0.0;
    if (!std::isfinite(own)) {
      throw NonFiniteError("clip_grad_norm", fmt::format("the gradient of {} is not finite", p.name));
    }
    squares += own;
  }
  const double norm = std::sqrt(squares);
  const double factor = std::min(1.0, max_norm / (norm + 1e-6));
  if (factor < 1.0) {
    for (const NamedParameter& p : parameters) p.parameter.gradient().scale(factor);
  }
  return norm;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
