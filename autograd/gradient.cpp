// gradient.cpp: how gradients meet.
#include "autograd/gradient.hpp"

#include "tensor/create.hpp"
#include "tensor/ops.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

Shape table_shape(const GradientRows& rows) { return Shape{rows.num_rows, rows.values.shape().last()}; }

GradientRows concatenated(const GradientRows& a, const GradientRows& b) {
  const Index width = a.values.shape().last();
  std::vector<Index> ids(a.ids.values().begin(), a.ids.values().end());
  ids.insert(ids.end(), b.ids.values().begin(), b.ids.values().end());
  Tensor values({a.ids.size() + b.ids.size(), width});
  values.rows(0, a.ids.size()).copy_from(a.values);
  values.rows(a.ids.size(), b.ids.size()).copy_from(b.values);
  return {Ids(std::move(ids)), values, a.num_rows};
}

}  // namespace

Tensor Gradient::dense() const {
  if (!is_rows()) return dense_;
  Tensor result = zeros(table_shape(*rows_));
  scatter_add_rows(result, rows_->ids, rows_->values);
  return result;
}

GradientRows Gradient::coalesced() const {
  RowSum sum = coalesce_rows(rows_->ids, rows_->values);
  return {std::move(sum.ids), std::move(sum.rows), rows_->num_rows};
}

void Gradient::add(const Gradient& other) {
  if (!other.defined()) return;
  if (!defined()) {
    *this = other;
  } else if (is_rows() && other.is_rows()) {
    *this = Gradient(concatenated(*rows_, *other.rows_));
  } else if (is_rows()) {  // dense arrives after rows: it takes them in
    Gradient sum = other;
    sum.add(*this);
    *this = std::move(sum);
  } else if (!dense_.unique() && !other.is_rows()) {
    dense_ = dense_ + other.dense_;
  } else {
    if (!dense_.unique()) dense_ = dense_.clone();
    if (other.is_rows()) {
      scatter_add_rows(dense_, other.rows_->ids, other.rows_->values);
    } else {
      add_into(dense_, other.dense_);
    }
  }
}

void Gradient::scale(double factor) {
  if (!defined() || factor == 1.0) return;
  if (is_rows()) {
    *this = Gradient(GradientRows{rows_->ids, scaled(rows_->values, factor), rows_->num_rows});
  } else if (dense_.unique()) {
    scale_in_place(dense_, factor);
  } else {
    dense_ = scaled(dense_, factor);
  }
}

double Gradient::sum_squares() const { return lexigrad::sum_squares(is_rows() ? coalesced().values : dense_); }

}  // namespace lexigrad::inline LEXIGRAD_NS
