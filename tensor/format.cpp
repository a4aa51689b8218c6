// format.cpp: tensors and ids as text.
#include "tensor/format.hpp"

#include <algorithm>

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Writes axis `axis` of the block of numbers that begins at `offset`.
template <class Number>
void write_axis(std::string& text, const Shape& shape, int axis, Index offset, Index most, const Number& number) {
  if (axis == shape.rank()) {
    text += number(offset);
    return;
  }
  Index step = 1;
  for (int i = axis + 1; i < shape.rank(); ++i) step *= shape[i];
  const Index count = shape[axis];
  const bool inner = axis + 1 == shape.rank();
  const std::string between = inner ? ", " : ",\n" + std::string(static_cast<std::size_t>(axis + 1), ' ');
  text += '[';
  for (Index i = 0; i < count; ++i) {
    if (i > 0) text += between;
    if (count > std::max<Index>(most, 6) && i == 3) {
      text += "…" + between;
      i = count - 3;
    }
    write_axis(text, shape, axis + 1, offset + i * step, most, number);
  }
  text += ']';
}

}  // namespace

std::string to_string(const Tensor& x, int digits, Index most) {
  if (!x.defined()) return "undefined";
  std::string text;
  write_axis(text, x.shape(), 0, 0, most, [&](Index i) { return fmt::format("{:.{}f}", x.data()[i], digits); });
  return text;
}

std::string to_string(const Ids& ids, Index most) {
  std::string text;
  write_axis(text, ids.shape(), 0, 0, most, [&](Index i) { return fmt::format("{}", ids[i]); });
  return text;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
