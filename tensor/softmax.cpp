// softmax.cpp: softmax, log-softmax and cross-entropy along the last axis, by the stable log-sum-exp.
#include "tensor/softmax.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tensor/axis.hpp"
#include "tensor/create.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/past_caches.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// row(in.., out, n) for each row along an axis of one or two tensors of equal shapes. That axis is moved last, and
// back.
template <class Row, class... Ins>
Tensor along(std::string_view op, int axis, const Row& row, const Tensor& x, const Ins&... more) {
  if (x.rank() == 0) throw ShapeError(op, {operand("x", x)}, "expected one axis or more");
  if (const AxisView view(x.shape(), axis); view.inner > 1) {
    const auto moved = [&](const Tensor& t) { return transpose(t.reshape({view.outer, view.count, view.inner})); };
    return transpose(along(op, -1, row, moved(x), moved(more)...)).reshape(x.shape());
  }
  const Index width = x.dim(axis);
  return written(Tensor(x.shape()), width, width * row_grain(width), row, x, more...);
}

}  // namespace

Tensor softmax(const Tensor& x, int axis) {
  const auto row = [](const real* in, real* out, Index n) {
    const real total = kernels().exp_sum(in, kernels().max(in, n), out, n);
    kernels().scale(real{1} / total, out, out, n);
  };
  return along("softmax", axis, row, x);
}

Tensor log_softmax(const Tensor& x, int axis) {
  const auto row = [](const real* in, real* out, Index n) {
    const real greatest = kernels().max(in, n);
    const real shift = static_cast<real>(std::log(static_cast<double>(kernels().exp_sum(in, greatest, nullptr, n))));
    for (Index i = 0; i < n; ++i) out[i] = in[i] - greatest - shift;
  };
  return along("log_softmax", axis, row, x);
}

Tensor softmax_backward(const Tensor& y, const Tensor& dy, int axis) {
  require_same_shape("softmax", "y", y, "dy", dy);
  return along("softmax", axis, kernels().softmax_backward, y, dy);
}
Tensor log_softmax_backward(const Tensor& y, const Tensor& dy, int axis) {
  require_same_shape("log_softmax", "y", y, "dy", dy);
  return along("log_softmax", axis, kernels().log_softmax_backward, y, dy);
}

RowLoss::RowLoss(std::string_view op, const Ids& targets, Index class_count, const CrossEntropyOptions& wanted)
    : classes(class_count), options(wanted), total_weight(static_cast<double>(class_count)) {
  if (!(options.label_smoothing >= 0.0 && options.label_smoothing <= 1.0)) {
    throw ValueError(op, "label_smoothing {} is not in [0, 1]", options.label_smoothing);
  }
  const Tensor& weights = options.class_weights;
  if (weights.defined()) {
    require_shape(op, "class_weights", weights, {classes});
    total_weight = kernels().sum(weights.data(), classes);
  }
  check_ids(op, targets, classes, "target", "classes", &options.ignore_index);
  if (options.reduction != Reduction::mean) return;
  double kept = 0.0;
  for (const Index target : targets.values()) kept += target == options.ignore_index ? 0.0 : weight(target);
  if (kept == 0.0) {
    throw ValueError(op, "every target is ignored{}, so their mean is not defined",
                     weights.defined() ? " or has weight 0" : "");
  }
  scale = 1.0 / kept;
}

double RowLoss::operator()(const real* x, Index target, real* gradient) const {
  if (target == options.ignore_index) {
    if (gradient != nullptr) std::fill_n(gradient, classes, real{0});
    return 0.0;
  }
  const Tensor& weights = options.class_weights;
  const double share = options.label_smoothing / static_cast<double>(classes);
  const double chosen = (1.0 - options.label_smoothing) * weight(target);
  double weighted = chosen * static_cast<double>(x[target]);  // Σ of coefficient(c) · x[c]
  if (share > 0.0) {
    weighted += share * (weights.defined() ? static_cast<double>(kernels().dot(weights.data(), x, classes))
                                           : kernels().sum(x, classes));
  }
  const double coefficients = chosen + share * total_weight;
  const real greatest = kernels().max(x, classes);
  const double total = static_cast<double>(kernels().exp_sum(x, greatest, gradient, classes));
  const double loss = coefficients * (static_cast<double>(greatest) + std::log(total)) - weighted;
  if (gradient != nullptr) {
    kernels().scale(static_cast<real>(scale * coefficients / total), gradient, gradient, classes);
    if (share > 0.0) {
      for (Index c = 0; c < classes; ++c) gradient[c] -= static_cast<real>(scale * share * weight(c));
    }
    gradient[target] -= static_cast<real>(scale * chosen);
  }
  return loss;
}

CrossEntropy cross_entropy(const Tensor& logits, const Ids& targets, const CrossEntropyOptions& options,
                           bool want_gradient) {
  if (logits.rank() == 0 || !(logits.shape().drop_last() == targets.shape())) {
    throw ShapeError("cross_entropy", {operand("logits", logits), Operand{"targets", targets.shape()}},
                     "expected logits [.., C] and targets [..]");
  }
  const Index classes = logits.shape().last(), rows = targets.size();
  const RowLoss row_loss("cross_entropy", targets, classes, options);
  CrossEntropy result;
  if (want_gradient) result.dlogits = Tensor(logits.shape());
  BlockVector<double> losses(static_cast<std::size_t>(rows));
  real* gradients = want_gradient ? result.dlogits.mutable_data() : nullptr;
  parallel_for_each(rows, row_grain(classes), [&](Index r) {
    real* gradient = want_gradient ? gradients + r * classes : nullptr;
    losses[static_cast<std::size_t>(r)] = row_loss(logits.data() + r * classes, targets[r], gradient);
  });
  result.loss = options.reduction == Reduction::none
                    ? tensor(targets.shape(), std::vector<double>(losses.begin(), losses.end()))
                    : scalar(std::accumulate(losses.begin(), losses.end(), 0.0) * row_loss.scale);
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
