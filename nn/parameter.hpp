// parameter.hpp: a tensor that is trained: a variable with a name, owned by a module.
//
// Move-only, so that no copy is made by accident; sharing one between modules is spelled out with share(), and whoever
// walks a model counts, steps and saves a shared one once. A parameter is written into, never replaced: optimizers and
// tied modules hold the same buffer.
// Read next: module.hpp.
#pragma once
#include "autograd/variable.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

class Parameter {
 public:
  explicit Parameter(Tensor value) : variable_(std::move(value), true) { variable_.slot()->is_parameter = true; }
  Parameter(Parameter&&) = default;
  Parameter& operator=(Parameter&&) = default;
  Parameter(const Parameter&) = delete;
  Parameter& operator=(const Parameter&) = delete;

  /// A second handle on the same numbers, gradient and name.
  Parameter share() const { return Parameter(variable_); }
  bool is_shared_with(const Parameter& other) const { return variable_.slot() == other.variable_.slot(); }

  operator const Variable&() const { return variable_; }  // NOLINT: a parameter is used as a variable
  const Variable& variable() const { return variable_; }
  const Tensor& value() const { return variable_.value(); }
  const Shape& shape() const { return variable_.shape(); }
  Index size() const { return variable_.value().size(); }
  const Gradient& grad() const { return variable_.grad(); }
  const std::string& name() const { return variable_.slot()->name; }

  /// Frozen parameters get no gradient, so that no optimizer moves them.
  void freeze() { variable_.slot()->requires_grad = false; }
  void thaw() { variable_.slot()->requires_grad = true; }
  bool frozen() const { return !variable_.requires_grad(); }

  /// For optimizers, files and initialisation: the numbers for writing.
  Tensor writable() const { return variable_.value(); }
  Gradient& gradient() const { return variable_.slot()->gradient; }
  void set_name(std::string name) const { variable_.slot()->name = std::move(name); }

 private:
  explicit Parameter(Variable variable) : variable_(std::move(variable)) {}
  Variable variable_;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
