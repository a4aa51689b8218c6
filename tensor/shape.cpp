// shape.cpp: checks and small arithmetic on shapes.
#include "tensor/shape.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

void Shape::append(Index dim) {
  if (rank_ == max_rank) throw ShapeError("shape", "more than {} axes", max_rank);
  dims_[static_cast<std::size_t>(rank_++)] = dim;
}

void Shape::count() {
  // The product without its zeros must stay in range too, so that [2^40, 2^40, 0] is refused whatever the order.
  constexpr Index limit = Index{1} << 62;
  Index product = 1;
  bool empty = false;
  for (const Index& d : *this) {
    if (d < 0) throw ShapeError("shape", "axis {} has the negative size {}", &d - begin(), d);
    empty = empty || d == 0;
    if (d > 0 && __builtin_mul_overflow(product, d, &product)) product = limit + 1;
    if (product > limit) throw ShapeError("shape", "{} holds more numbers than can be counted", to_string(*this));
  }
  size_ = empty ? 0 : product;
}

void Shape::push_back(Index dim) {
  append(dim);
  count();
}

void Shape::no_axis(int axis) const {
  throw IndexError("shape", "axis {} does not exist in {}", axis, to_string(*this));
}

Index Shape::rows() const {
  Index count = 1;
  for (int axis = 0; axis + 1 < rank_; ++axis) count *= dims_[static_cast<std::size_t>(axis)];
  return count;
}

Shape Shape::with(int axis, Index dim) const {
  Shape result = *this;
  result.dims_[static_cast<std::size_t>(axis_at(axis))] = dim;
  result.count();
  return result;
}

Shape Shape::without(int axis) const {
  Shape result = *this;
  const auto place = result.dims_.begin() + axis_at(axis);
  std::copy(place + 1, result.dims_.begin() + rank_, place);
  --result.rank_;
  result.count();
  return result;
}

std::string to_string(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", ")); }

bool broadcasts_to(const Shape& from, const Shape& to) {
  const auto repeats = [](Index axis, Index into) { return axis == into || axis == 1; };
  return from.rank() <= to.rank() && std::equal(from.begin(), from.end(), to.end() - from.rank(), repeats);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
