// reduce.cpp: derivatives of sums, means and maxima: the incoming number, repeated, or handed to the one that won.
#include "autograd/functions.hpp"

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

}  // namespace

Variable sum(const Variable& x) { return apply(Sum{{}, false, x.shape()}, x); }
Variable sum(const Variable& x, int axis, bool keep_axis) { return apply(Sum{axis, keep_axis, x.shape()}, x); }
Variable mean(const Variable& x) { return apply(Mean{{{}, false, x.shape()}}, x); }
Variable mean(const Variable& x, int axis, bool keep_axis) { return apply(Mean{{axis, keep_axis, x.shape()}}, x); }
Variable max(const Variable& x) { return reshape(max(reshape(x, {x.value().size()}), 0), Shape{}); }
// The gradient goes to the first of the greatest, as gather hands it to what was taken.
Variable max(const Variable& x, int axis, bool keep_axis) {
  const Variable y = gather(x, axis, argmax(x.value(), axis).reshape(x.shape().with(axis, 1)));
  return keep_axis ? y : reshape(y, x.shape().without(axis));
}
Variable mse(const Variable& prediction, const Variable& target, Reduction reduction) {
  require_same_shape("mse", "prediction", prediction.value(), "target", target.value());  // losses do not broadcast
  const Variable difference = prediction - target, squares = difference * difference;
  return reduction == Reduction::none ? squares : reduction == Reduction::sum ? sum(squares) : mean(squares);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
