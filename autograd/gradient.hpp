// gradient.hpp: what arrives at a variable in the backward pass: nothing, a dense tensor, or some rows of a table.
//
// A lookup of a few ids in a table of 50257 rows has a gradient in those rows only; as `rows` it costs what was looked
// up, not the whole table. Rows that meet a dense gradient (a tied output head) are scattered into it.
// Read next: variable.hpp.
#pragma once
#include <memory>

#include "tensor/ops.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// The gradient of a [num_rows, D] table: row ids[i] has values[i]; an id may stand several times, meaning their sum.
struct GradientRows {
  Ids ids;             ///< [R]
  SharedRows values;   ///< [R, D], or fewer rows that ids share: they are added to tables as they are
  Index num_rows = 0;  ///< of the whole table
};

/// Nothing, a dense tensor of the variable's shape, or rows.
class Gradient {
 public:
  Gradient() = default;  ///< none: no gradient flows here
  /// Of the variable's shape, sharing the buffer.
  Gradient(Tensor dense) : dense_(std::move(dense)) {}  // NOLINT: ops return plain tensors; one undefined is none
  /// Some rows of a table.
  Gradient(GradientRows rows) : rows_(std::make_shared<const GradientRows>(std::move(rows))) {}  // NOLINT

  bool defined() const { return is_rows() || dense_.defined(); }  ///< false: none
  bool is_rows() const { return rows_ != nullptr; }               ///< rows, not dense
  /// Of the variable that it is a gradient of.
  Shape shape() const { return is_rows() ? rows_->values.rows.shape().with(0, rows_->num_rows) : dense_.shape(); }

  /// As one tensor of the variable's shape (rows are scattered into zeros). Undefined when there is none. Shares the
  /// buffer of a dense one: to be read; in a pass others may hold it too.
  Tensor dense() const;
  Tensor take() { return is_rows() ? dense() : std::move(dense_); }  ///< dense(), which this one no longer holds
  const Tensor& tensor() const { return dense_; }      ///< the dense one as it is; undefined for rows and for none
  const GradientRows& rows() const { return *rows_; }  ///< as they arrived; only when is_rows()

  /// this += other. Writes in place only into a buffer that nobody else holds; the first dense gradient is taken over
  /// without a copy.
  void add(Gradient other);
  /// this *= factor, by the same rule.
  void scale(double factor);
  /// A dense one whose buffer somebody else holds becomes a copy.
  void own() { dense_ = dense_.unique() ? dense_ : dense_.clone(); }
  /// Back to none.
  void clear() { *this = Gradient(); }
  /// Σ g² over all numbers, rows of equal ids added first.
  double sum_squares() const;

 private:
  Tensor dense_;
  std::shared_ptr<const GradientRows> rows_;  // null unless the gradient is rows
};

}  // namespace lexigrad::inline LEXIGRAD_NS
