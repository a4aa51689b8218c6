// tensor.hpp: a shape and one shared, contiguous, row-major buffer of `real`.
//
//   Tensor a = tensor({2, 3}, {1, 2, 3, 4, 5, 6});
//   Tensor b = a;            // shares the numbers: a write through one is seen in the other
//   Tensor c = a.clone();    // its own numbers
//   real x = a(1, 2);        // 6
//
// Copying a Tensor shares its buffer; clone() copies it. reshape() and rows() share it too; every function in ops.hpp
// makes a new one. There are no strides and no dtype tag. Reading goes through data(), writing through
// mutable_data(), which counts as a new version of the buffer (autograd's Saved compares versions).
// Read next: create.hpp (how tensors are made), ops.hpp (what is done with them).
#pragma once
#include "tensor/error.hpp"
#include "tensor/shape.hpp"
#include "tensor/storage.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Numbers in row-major order under a shape. Copying shares them; see the head of this file.
class Tensor {
 public:
  /// No tensor: defined() is false. For "no bias", "no gradient yet".
  Tensor() = default;
  /// A new buffer with undefined contents (NaN in debug builds). empty() in create.hpp says the same in words.
  explicit Tensor(const Shape& shape);

  bool defined() const { return defined_; }           ///< false only for `Tensor()`
  const Shape& shape() const { return shape_; }       ///< the sizes of the axes
  int rank() const { return shape_.rank(); }          ///< count of axes
  Index dim(int axis) const { return shape_[axis]; }  ///< size of one axis; -1 is the last. Throws IndexError.
  Index size() const { return shape_.size(); }        ///< count of numbers; 1 for a scalar

  /// The numbers, row-major. nullptr when size() is 0. Throws StateError when undefined, as all that reads or writes.
  const real* data() const { return defined_ ? data_ : refuse_undefined(); }
  const real* data_or_null() const { return data_; }  ///< the same, but nullptr when undefined: "no bias"
  /// The numbers for writing; counts as a new version of the buffer, so take it anew for every round of writing.
  real* mutable_data() {
    if (!defined_) refuse_undefined();
    // One writer at a time, so no read-modify-write.
    if (Buffer* b = buffer_.get(); b != nullptr) b->version.store(version() + 1, std::memory_order_relaxed);
    return data_;
  }

  /// One number. Throws IndexError when the count of indices is not the rank or one is out of range.
  template <class... I>
  real operator()(I... indices) const {
    return data()[offset({static_cast<Index>(indices)...})];
  }
  /// The only number of a tensor of size 1. Throws ShapeError for other sizes.
  real item() const;

  /// The same numbers under another shape of the same size; shares the buffer. One dim may be -1: what is left.
  /// Throws ShapeError when the sizes differ.
  Tensor reshape(std::initializer_list<Index> dims) const;
  Tensor reshape(const Shape& shape) const;  ///< without a -1
  /// Rows [first, first + count) of the first axis; shares the buffer. Throws IndexError out of range.
  Tensor rows(Index first, Index count) const;
  /// A copy with a buffer of its own.
  Tensor clone() const;
  /// Copies `from`'s numbers, as they were before, into this buffer. Throws ShapeError when the shapes differ.
  void copy_from(const Tensor& from);
  void fill(double value);  ///< every number becomes `value`, in this buffer

  /// True when nobody else holds this buffer, so that writing into it disturbs nobody.
  bool unique() const { return buffer_.unique(); }
  /// For a result of this shape that is made number by number: this one if it is unique(), else a new one. Memory that
  /// was just read is written to more cheaply than memory that must be read in first.
  Tensor reused() const { return unique() ? *this : Tensor(shape_); }
  /// True when a write through one is seen in the other (but for rows() of different places).
  bool shares_buffer_with(const Tensor& other) const {
    return buffer_.get() != nullptr && buffer_.get() == other.buffer_.get();
  }
  /// How often the buffer was taken for writing.
  std::uint32_t version() const {
    return buffer_.get() == nullptr ? 0 : buffer_.get()->version.load(std::memory_order_relaxed);
  }
  const void* buffer() const { return data_; }  ///< to be compared, not read: tells an operand's buffer in errors

 private:
  Index offset(std::initializer_list<Index> indices) const;
  [[noreturn]] static const real* refuse_undefined();

  Shape shape_;
  BufferRef buffer_;
  real* data_ = nullptr;
  bool defined_ = false;
};

/// `{name, shape, buffer}` for an Error.
inline Operand operand(std::string_view name, const Tensor& t) {
  return Operand{std::string(name), t.shape(), t.buffer()};
}

/// Throws ShapeError `[op] a [..], b [..]: the shapes differ` unless they are equal.
void require_same_shape(std::string_view op, std::string_view a_name, const Tensor& a, std::string_view b_name,
                        const Tensor& b);
/// Throws ShapeError `[op] name [..]: expected [..]` unless it has this shape.
void require_shape(std::string_view op, std::string_view name, const Tensor& t, const Shape& shape);

}  // namespace lexigrad::inline LEXIGRAD_NS
