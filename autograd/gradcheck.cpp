// gradcheck.cpp: central differences.
#include "autograd/gradcheck.hpp"

#include <algorithm>
#include <cmath>

#include "autograd/functions.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

std::vector<Variable> leaves(const std::vector<Tensor>& values, bool requires_grad) {
  std::vector<Variable> result;
  for (const Tensor& value : values) result.emplace_back(value, requires_grad);
  return result;
}

// Σ f(x) · w in double.
double weighted(const VariableFunction& f, const std::vector<Tensor>& inputs, const Tensor& w) {
  const NoGrad quiet;
  const Tensor y = f(leaves(inputs, false)).value();
  double total = 0.0;
  for (Index i = 0; i < y.size(); ++i) total += static_cast<double>(y.data()[i]) * static_cast<double>(w.data()[i]);
  return total;
}

}  // namespace

GradcheckResult gradcheck(const VariableFunction& f, const std::vector<Tensor>& inputs,
                          const GradcheckOptions& options) {
  const std::vector<Variable> variables = leaves(inputs, true);
  const Variable y = f(variables);
  Rng rng(1);
  const Tensor w = uniform(y.shape(), rng, 0.5, 1.5);
  y.backward(w);

  GradcheckResult result;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Gradient& gradient = variables[k].grad();
    const Tensor analytic = gradient.defined() ? gradient.dense() : zeros(inputs[k].shape());
    for (Index i = 0; i < inputs[k].size(); ++i) {
      std::vector<Tensor> moved = inputs;
      moved[k] = inputs[k].clone();
      const double x = static_cast<double>(inputs[k].data()[i]);
      const double h = options.step * std::max(1.0, std::abs(x));
      const auto at = [&](double value) {
        moved[k].mutable_data()[i] = static_cast<real>(value);
        return weighted(f, moved, w);
      };
      const double numeric = (at(x + h) - at(x - h)) / (2.0 * h);
      const double ours = static_cast<double>(analytic.data()[i]);
      const double off = std::abs(ours - numeric) / std::max({1.0, std::abs(ours), std::abs(numeric)});
      if (off <= result.worst || std::isnan(result.worst)) continue;  // the first NaN is the worst there is
      result.worst = off;
      result.message = fmt::format("input {}, number {}: backward says {}, differences say {}", k, i, ours, numeric);
      result.ok = result.ok && off <= options.tolerance;
    }
  }
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
