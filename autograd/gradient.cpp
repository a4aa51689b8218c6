// gradient.cpp: how gradients meet.
#include "autograd/gradient.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

GradientRows concatenated(const GradientRows& a, const GradientRows& b) {
  std::vector<Index> ids(a.ids.values().begin(), a.ids.values().end());
  ids.insert(ids.end(), b.ids.values().begin(), b.ids.values().end());
  Tensor values({a.ids.size() + b.ids.size(), a.values.rows.shape().last()});
  values.rows(0, a.ids.size()).copy_from(a.values.expanded());
  values.rows(a.ids.size(), b.ids.size()).copy_from(b.values.expanded());
  return {Ids(std::move(ids)), {values}, a.num_rows};
}

}  // namespace

Tensor Gradient::dense() const {
  return is_rows() ? spread_rows(rows_->ids, rows_->values.expanded(), rows_->num_rows) : dense_;
}

void Gradient::add(Gradient other) {
  if (!other.defined()) return;
  if (is_rows() && !other.is_rows()) std::swap(*this, other);  // dense arrives after rows: it takes them in
  if (!defined()) {
    *this = std::move(other);
  } else if (is_rows()) {
    *this = concatenated(*rows_, *other.rows_);
  } else if (other.is_rows()) {
    own();
    scatter_add_rows(dense_, other.rows_->ids, other.rows_->values);
  } else if (dense_.unique()) {
    add_into(dense_, other.dense_);
  } else {
    dense_ = dense_ + other.dense_;
  }
}

void Gradient::scale(double factor) {
  if (!defined() || factor == 1.0) return;
  if (is_rows()) {
    GradientRows changed = *rows_;
    changed.values.rows = scaled(changed.values.rows, factor);
    *this = Gradient(std::move(changed));
  } else if (dense_.unique()) {
    scale_in_place(dense_, factor);
  } else {
    dense_ = scaled(dense_, factor);
  }
}

double Gradient::sum_squares() const {
  return is_rows() ? sum_squares_of_rows(rows_->ids, rows_->values.expanded()) : lexigrad::sum_squares(dense_);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
