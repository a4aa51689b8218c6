// reduce.cpp: derivatives of sums, means and maxima: the incoming number, repeated, or handed to the one that won.
#include <optional>

#include "autograd/functions.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct Sum {  // y = Σ x, of all numbers or along an axis;  dx = dy, repeated
  static constexpr std::string_view name = "sum";
  std::optional<int> axis;
  bool keep_axis = false;
  Shape from;
  Tensor forward(const Tensor& x) { return axis ? sum(x, *axis, keep_axis) : sum(x); }
  Tensor backward(const Tensor& dy) const { return expand(axis ? dy.reshape(from.with(*axis, 1)) : dy, from); }
};

struct Mean : Sum {  // y = Σ x / n;  dx = dy / n, repeated
  static constexpr std::string_view name = "mean";
  Tensor forward(const Tensor& x) { return axis ? mean(x, *axis, keep_axis) : mean(x); }
  Tensor backward(const Tensor& dy) const {
    return Sum::backward(dy / static_cast<double>(axis ? from[*axis] : from.size()));
  }
};

struct Max {  // y = max x along an axis;  dx = dy where the first of the greatest stands, 0 elsewhere
  static constexpr std::string_view name = "max";
  int axis;
  bool keep_axis;
  Shape from;
  Ids best;
  Tensor forward(const Tensor& x) {
    best = argmax(x, axis).reshape(from.with(axis, 1));
    const Tensor y = gather(x, axis, best);
    return keep_axis ? y : y.reshape(from.without(axis));
  }
  Tensor backward(const Tensor& dy) const {
    Tensor dx = zeros(from);
    scatter_add_into(dx, axis, best, dy.reshape(from.with(axis, 1)));
    return dx;
  }
};

struct Mse {  // y = Σ (a - b)² / n;  da = 2 dy (a - b) / n,  db = -da
  static constexpr std::string_view name = "mse";
  Reduction reduction;
  Tensor difference;
  Tensor forward(const Tensor& a, const Tensor& b) {
    const Tensor loss = mse(a, b, reduction);
    difference = a - b;
    return loss;
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    const double n = reduction == Reduction::mean ? static_cast<double>(difference.size()) : 1.0;
    const Tensor da = scaled(difference, 2.0 / n) * dy;
    return {da, needs[1] ? -da : Tensor()};
  }
};

}  // namespace

Variable sum(const Variable& x) { return apply(Sum{{}, false, x.shape()}, x); }
Variable sum(const Variable& x, int axis, bool keep_axis) { return apply(Sum{axis, keep_axis, x.shape()}, x); }
Variable mean(const Variable& x) { return apply(Mean{{{}, false, x.shape()}}, x); }
Variable mean(const Variable& x, int axis, bool keep_axis) { return apply(Mean{{axis, keep_axis, x.shape()}}, x); }
Variable max(const Variable& x) { return reshape(max(reshape(x, {x.value().size()}), 0), Shape{}); }
Variable max(const Variable& x, int axis, bool keep_axis) { return apply(Max{axis, keep_axis, x.shape(), {}}, x); }
Variable mse(const Variable& prediction, const Variable& target, Reduction reduction) {
  return apply(Mse{reduction, {}}, prediction, target);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
