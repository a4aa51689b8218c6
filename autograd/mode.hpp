// mode.hpp: scopes that change how this thread records. A scope restores what it found when it ends.
#pragma once
#include <initializer_list>
#include <string_view>

#include "tensor/parallel.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

class Variable;
class Gradient;

/// True while operations on variables are recorded for backward (the default).
bool recording();

/// While it lives, nothing is recorded on this thread: values are computed, gradients are not prepared.
struct NoGrad : Restored<bool> {
  NoGrad();
};

/// True while values and gradients are looked through for NaN.
bool detecting_anomalies();

/// While it lives, every operation on this thread looks at what it computed: a value with a NaN that no input had, or a
/// gradient that is not finite, throws NonFiniteError naming the operation. For finding the place; it costs a pass over
/// all numbers.
struct DetectAnomaly : Restored<bool> {
  DetectAnomaly();
};

namespace detail {
/// Throws NonFiniteError when `value` holds a NaN and no input does.
void check_value(std::string_view op, const Tensor& value, std::initializer_list<const Variable*> inputs);
/// Throws NonFiniteError when `gradient`, that of input `number` called `name`, is not finite.
void check_gradient(std::string_view op, const Gradient& gradient, std::size_t number, std::string_view name);
}  // namespace detail

}  // namespace lexigrad::inline LEXIGRAD_NS
