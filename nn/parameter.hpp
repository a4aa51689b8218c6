// parameter.hpp: a tensor that is trained: a variable with a name, owned by a module.
//
// Move-only, so that no copy is made by accident; sharing one between modules is spelled out with share(), and whoever
// walks a model counts, steps and saves a shared one once. A parameter is written into, never replaced: optimizers and
// tied modules hold the same buffer.
// Read next: module.hpp.
#pragma once
#include "autograd/variable.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// A leaf that a module owns; see the head of this file.
class Parameter {
 public:
  /// Takes over the buffer. Without a name until named_parameters() gives it one.
  explicit Parameter(Tensor value) : variable_(std::move(value), true) { variable_.slot()->is_parameter = true; }
  // It can be moved, so it cannot be copied: that is share().
  Parameter(Parameter&&) = default;             ///< the slot moves along, so optimizers still find it
  Parameter& operator=(Parameter&&) = default;  ///< as moving

  /// A second handle on the same numbers, gradient and name.
  Parameter share() const { return Parameter(variable_); }
  /// True for two handles on one parameter.
  bool is_shared_with(const Parameter& other) const { return variable_.slot() == other.variable_.slot(); }

  /// A parameter is used as a variable.
  operator const Variable&() const { return variable_; }              // NOLINT
  const Variable& variable() const { return variable_; }              ///< the same, said in words
  const Tensor& value() const { return variable_.value(); }           ///< the numbers
  const Shape& shape() const { return variable_.shape(); }            ///< the value's
  Index size() const { return variable_.value().size(); }             ///< count of numbers
  const Gradient& grad() const { return variable_.grad(); }           ///< what backward left here
  const std::string& name() const { return variable_.slot()->name; }  ///< "wte.weight"; empty before it has one

  /// Frozen parameters get no gradient, so that no optimizer moves them.
  void freeze() { variable_.slot()->requires_grad = false; }
  void thaw() { variable_.slot()->requires_grad = true; }     ///< gradients come again
  bool frozen() const { return !variable_.requires_grad(); }  ///< freeze() was called last

  /// For optimizers, files and initialisation: the numbers for writing.
  Tensor writable() const { return variable_.value(); }
  Gradient& gradient() const { return variable_.slot()->gradient; }  ///< for optimizers and clipping
  /// For named_parameters(): the path that leads here.
  void set_name(std::string name) const { variable_.slot()->name = std::move(name); }

 private:
  explicit Parameter(Variable variable) : variable_(std::move(variable)) {}
  Variable variable_;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
