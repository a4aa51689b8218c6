// tensor.cpp: Tensor's members.
#include "tensor/tensor.hpp"

#include <algorithm>
#include <limits>

#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

Tensor::Tensor(const Shape& shape) : shape_(shape), defined_(true) {
  if (shape.size() == 0) return;
  buffer_ = BufferRef(allocate_buffer(shape.size()));
  data_ = buffer_.get()->numbers();
#ifndef NDEBUG
  std::fill_n(data_, shape.size(), std::numeric_limits<real>::quiet_NaN());
#endif
}

Index Tensor::offset(std::initializer_list<Index> indices) const {
  if (static_cast<int>(indices.size()) != rank()) {
    throw IndexError("at", {operand("tensor", *this)}, "{} indices given", indices.size());
  }
  Index position = 0;
  int axis = 0;
  for (Index i : indices) {
    if (i < 0 || i >= shape_[axis]) {
      throw IndexError("at", {operand("tensor", *this)}, "index {} is outside axis {}", i, axis);
    }
    position = position * shape_[axis++] + i;
  }
  return position;
}

const real* Tensor::refuse_undefined() { throw StateError("tensor", "it is undefined: there are no numbers in it"); }

real Tensor::item() const {
  if (size() != 1) throw ShapeError("item", {operand("tensor", *this)}, "expected exactly one number");
  return *data();
}

Tensor Tensor::reshape(std::initializer_list<Index> dims) const {
  BlockVector<Index> sizes(dims);  // no memory from the system
  if (const auto open = std::find(sizes.begin(), sizes.end(), -1); open != sizes.end()) {
    *open = 1;
    const Index known = Shape(sizes.begin(), sizes.end()).size();
    if (known == 0 || size() % known != 0) {
      throw ShapeError("reshape", {operand("tensor", *this)}, "{} numbers do not divide into rows of {}", size(),
                       known);
    }
    *open = size() / known;
  }
  return reshape(Shape(sizes.begin(), sizes.end()));
}

Tensor Tensor::reshape(const Shape& shape) const {
  if (shape.size() != size()) {
    throw ShapeError("reshape", {operand("tensor", *this)}, "{} holds {} numbers, not {}", to_string(shape),
                     shape.size(), size());
  }
  Tensor result = *this;
  result.shape_ = shape;
  return result;
}

Tensor Tensor::rows(Index first, Index count) const {
  if (rank() == 0 || first < 0 || count < 0 || first > dim(0) - count) {
    throw IndexError("rows", {operand("tensor", *this)}, "there are no {} rows from {} on", count, first);
  }
  Tensor result = *this;
  result.shape_ = shape_.with(0, count);
  result.data_ = result.size() > 0 ? data_ + first * shape_.without(0).size() : nullptr;
  return result;
}

Tensor Tensor::clone() const {
  if (!defined_) return {};
  Tensor copy(shape_);
  copy.copy_from(*this);
  return copy;
}

void Tensor::copy_from(const Tensor& from) {
  require_same_shape("copy_from", "to", *this, "from", from);
  if (shares_buffer_with(from) && data() != from.data()) return copy_from(from.clone());  // they may overlap
  const real* source = from.data();
  real* target = mutable_data();
  parallel_for(size(), 1 << 18,
               [&](Index begin, Index end) { std::copy(source + begin, source + end, target + begin); });
}

void Tensor::fill(double value) {
  real* target = mutable_data();
  parallel_for(size(), 1 << 18,
               [&](Index begin, Index end) { std::fill(target + begin, target + end, static_cast<real>(value)); });
}

void require_same_shape(std::string_view op, std::string_view a_name, const Tensor& a, std::string_view b_name,
                        const Tensor& b) {
  if (!(a.shape() == b.shape())) throw ShapeError(op, {operand(a_name, a), operand(b_name, b)}, "the shapes differ");
}

void require_shape(std::string_view op, std::string_view name, const Tensor& t, const Shape& shape) {
  if (!(t.shape() == shape)) throw ShapeError(op, {operand(name, t)}, "expected " + to_string(shape));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
