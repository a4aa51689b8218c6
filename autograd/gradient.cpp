// gradient.cpp: how gradients meet.
#include "autograd/gradient.hpp"

#include "tensor/create.hpp"
#include "tensor/ops.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

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

Gradient::Gradient(Ids ids, SharedRows rows, Index num_rows)
    : Gradient(GradientRows{std::move(ids), Tensor(), num_rows}) {
  shared_ = std::make_shared<const SharedRows>(std::move(rows));
}

const GradientRows& Gradient::rows() const {
  if (shared_ != nullptr) {
    rows_ = std::make_shared<const GradientRows>(GradientRows{rows_->ids, shared_->expanded(), rows_->num_rows});
    shared_ = nullptr;
  }
  return *rows_;
}

void Gradient::add_rows_to(Tensor& target, double alpha) const {
  scatter_add_rows(target, rows_->ids, shared_ != nullptr ? *shared_ : SharedRows{rows_->values}, alpha);
}

Tensor Gradient::dense() const { return is_rows() ? spread_rows(rows().ids, rows().values, rows_->num_rows) : dense_; }

void Gradient::add(Gradient other) {
  if (!other.defined()) return;
  if (!defined()) {
    *this = std::move(other);
  } else if (is_rows() && other.is_rows()) {
    *this = Gradient(concatenated(rows(), other.rows()));
  } else if (is_rows()) {  // dense arrives after rows: it takes them in
    std::swap(*this, other);
    add(std::move(other));
  } else if (!dense_.unique() && !other.is_rows()) {
    dense_ = dense_ + other.dense_;
  } else {
    if (!dense_.unique()) dense_ = dense_.clone();
    if (other.is_rows()) {
      other.add_rows_to(dense_, 1.0);
    } else {
      add_into(dense_, other.dense_);
    }
  }
}

void Gradient::scale(double factor) {
  if (!defined() || factor == 1.0) return;
  if (is_rows()) {
    *this = Gradient(GradientRows{rows().ids, scaled(rows().values, factor), rows_->num_rows});
  } else if (dense_.unique()) {
    scale_in_place(dense_, factor);
  } else {
    dense_ = scaled(dense_, factor);
  }
}

double Gradient::sum_squares() const {
  return is_rows() ? sum_squares_of_rows(rows().ids, rows().values) : lexigrad::sum_squares(dense_);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
