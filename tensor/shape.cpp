// shape.cpp: checks and small arithmetic on shapes.
#include "tensor/shape.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

Shape::Shape(std::initializer_list<Index> dims) {
  for (Index dim : dims) push_back(dim);
}

void Shape::push_back(Index dim) {
  if (rank_ == max_rank) throw ShapeError("shape", fmt::format("more than {} axes", max_rank));
  if (dim < 0) throw ShapeError("shape", fmt::format("axis {} has the negative size {}", rank_, dim));
  dims_[static_cast<std::size_t>(rank_++)] = dim;
  // The product without its zeros must stay in range too, so that [2^40, 2^40, 0] is refused whatever the order.
  constexpr Index limit = Index{1} << 62;
  Index product = 1;
  bool empty = false;
  for (Index d : *this) {
    empty = empty || d == 0;
    if (d > 0 && product > limit / d) {
      throw ShapeError("shape", fmt::format("{} holds more numbers than can be counted", to_string(*this)));
    }
    product *= std::max<Index>(d, 1);
  }
  size_ = empty ? 0 : product;
}

int Shape::axis_at(int axis) const {
  if (axis < -rank_ || axis >= rank_) {
    throw IndexError("shape", fmt::format("axis {} does not exist in {}", axis, to_string(*this)));
  }
  return axis < 0 ? axis + rank_ : axis;
}

Index Shape::rows() const {
  Index count = 1;
  for (int axis = 0; axis + 1 < rank_; ++axis) count *= dims_[static_cast<std::size_t>(axis)];
  return count;
}

Shape Shape::with(int axis, Index dim) const {
  const int changed = axis_at(axis);
  Shape result;
  for (int i = 0; i < rank_; ++i) result.push_back(i == changed ? dim : (*this)[i]);
  return result;
}

Shape Shape::without(int axis) const {
  const int removed = axis_at(axis);
  Shape result;
  for (int i = 0; i < rank_; ++i) {
    if (i != removed) result.push_back((*this)[i]);
  }
  return result;
}

bool Shape::operator==(const Shape& other) const { return std::equal(begin(), end(), other.begin(), other.end()); }

std::string to_string(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", ")); }

bool broadcasts_to(const Shape& from, const Shape& to) {
  if (from.rank() > to.rank()) return false;
  for (int i = 1; i <= from.rank(); ++i) {
    if (from[-i] != to[-i] && from[-i] != 1) return false;
  }
  return true;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
