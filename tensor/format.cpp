// format.cpp: tensors and ids as text.
#include "tensor/format.hpp"

#include <algorithm>

#include "tensor/axis.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Axis `axis` of the block of numbers that begins at `offset`.
template <class Number>
std::string axis_text(const Shape& shape, int axis, Index offset, Index most, const Number& number) {
  if (axis == shape.rank()) return number(offset);
  const AxisView view(shape, axis);
  const bool inner = axis + 1 == shape.rank();
  const std::string between = inner ? ", " : ",\n" + std::string(static_cast<std::size_t>(axis + 1), ' ');
  std::string text = "[";
  for (Index i = 0; i < view.count; ++i) {
    if (i > 0) text += between;
    if (view.count > std::max<Index>(most, 6) && i == 3) {
      text += "…" + between;
      i = view.count - 3;
    }
    text += axis_text(shape, axis + 1, offset + i * view.inner, most, number);
  }
  return text + ']';
}

}  // namespace

std::string to_string(const Tensor& x, int digits, Index most) {
  if (!x.defined()) return "undefined";
  return axis_text(x.shape(), 0, 0, most, [&](Index i) { return fmt::format("{:.{}f}", x.data()[i], digits); });
}

std::string to_string(const Ids& ids, Index most) {
  return axis_text(ids.shape(), 0, 0, most, [&](Index i) { return fmt::format("{}", ids[i]); });
}

}  // namespace lexigrad::inline LEXIGRAD_NS
