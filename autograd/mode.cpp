// mode.cpp: the flags of each thread, and what is looked at under DetectAnomaly.
#include "autograd/mode.hpp"

#include <algorithm>
#include <cmath>

#include "autograd/variable.hpp"
#include "tensor/ops.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

thread_local bool records = true;
thread_local bool detects = false;

// The place of the first NaN, or the size when there is none.
Index first_nan(const Tensor& x) {
  return std::find_if(x.data(), x.data() + x.size(), [](real v) { return std::isnan(v); }) - x.data();
}

}  // namespace

bool recording() { return records; }
NoGrad::NoGrad() : Restored(records, false) {}

bool detecting_anomalies() { return detects; }
DetectAnomaly::DetectAnomaly() : Restored(detects, true) {}

void detail::check_value(std::string_view op, const Tensor& value, std::initializer_list<const Variable*> inputs) {
  const Index place = first_nan(value);
  if (place == value.size()) return;
  for (const Variable* input : inputs) {
    if (input->defined() && first_nan(input->value()) != input->value().size()) return;  // it came from there
  }
  throw NonFiniteError(op, {operand("result", value)}, "number {} is NaN, and no input has one", place);
}

void detail::check_gradient(std::string_view op, const Gradient& gradient, std::size_t number, std::string_view name) {
  const Tensor values = gradient.is_rows() ? gradient.rows().values.expanded() : gradient.dense();
  if (all_finite(values)) return;
  throw NonFiniteError(op, "backward gave a gradient that is not finite to input {}{}", number,
                       name.empty() ? "" : fmt::format(" ({})", name));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
