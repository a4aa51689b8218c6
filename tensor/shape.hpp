// shape.hpp: the sizes of a tensor's axes, outermost first.
//
// A Shape is a small value without heap memory. It knows how many numbers it holds, and nothing of layout: all
// tensors are contiguous and row-major, so the shape is the whole description.
// Read next: tensor.hpp.
#pragma once
#include <array>
#include <initializer_list>
#include <string>

#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// The sizes of up to 8 axes, held in place. [2, 3] is two rows of three; [] is a scalar.
class Shape {
 public:
  static constexpr int max_rank = 8;  ///< most axes

  Shape() = default;  ///< rank 0: a scalar, one number
  /// Throws ShapeError when a size is negative, the rank is over max_rank, or the count overflows 2^62.
  Shape(std::initializer_list<Index> dims) : Shape(dims.begin(), dims.end()) {}
  /// The same from a range of sizes.
  template <class Iterator>
  Shape(Iterator first, Iterator last) {
    for (; first != last; ++first) append(*first);
    count();
  }

  int rank() const { return rank_; }                   ///< count of axes
  Index size() const { return size_; }                 ///< count of numbers: the product of the dims, 1 for a scalar
  const Index* begin() const { return dims_.data(); }  ///< for range loops, outermost axis first
  const Index* end() const { return dims_.data() + rank_; }  ///< one behind the last axis

  /// Size of one axis; negative axes count from the end. Throws IndexError outside the rank.
  Index operator[](int axis) const { return dims_[static_cast<std::size_t>(axis_at(axis))]; }
  /// `axis` as a number in [0, rank). Throws IndexError outside [-rank, rank).
  int axis_at(int axis) const {
    if (axis < -rank_ || axis >= rank_) no_axis(axis);
    return axis < 0 ? axis + rank_ : axis;
  }

  /// Size of the last axis; 1 for a scalar.
  Index last() const { return rank_ == 0 ? 1 : dims_[static_cast<std::size_t>(rank_ - 1)]; }
  Index rows() const;  ///< count of rows of length last(): the product of the other axes

  void push_back(Index dim);  ///< one more axis, innermost. Throws ShapeError as the constructor does.

  Shape with(int axis, Index dim) const;           ///< the same with one axis changed
  Shape without(int axis) const;                   ///< the same with one axis removed
  Shape drop_last() const { return without(-1); }  ///< without the last axis

  /// same rank, same sizes
  bool operator==(const Shape& other) const {
    int same = 0;
    while (same < rank_ && dims_[static_cast<std::size_t>(same)] == other.dims_[static_cast<std::size_t>(same)]) ++same;
    return same == rank_ && rank_ == other.rank_;
  }

 private:
  void append(Index dim);  // without counting
  void count();            // sets size_
  [[noreturn]] void no_axis(int axis) const;

  std::array<Index, max_rank> dims_{};
  int rank_ = 0;
  Index size_ = 1;
};

/// "[8, 64, 128]"; "[]" for a scalar.
std::string to_string(const Shape& shape);

/// True when `from` repeats into `to`: aligned at the last axis, each axis equal or 1.
bool broadcasts_to(const Shape& from, const Shape& to);

}  // namespace lexigrad::inline LEXIGRAD_NS
