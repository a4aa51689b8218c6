// softmax.cpp: softmax, log-softmax and cross-entropy along the last axis, by the stable log-sum-exp.
#include "tensor/softmax.hpp"

#include <cmath>

#include <fmt/core.h>

#include "tensor/create.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

template <class Row>
Tensor by_rows(std::string_view op, const Tensor& x, const Row& row) {
  if (x.rank() == 0) throw ShapeError(op, {operand("x", x)}, "expected one axis or more");
  Tensor result(x.shape());
  const Index width = x.shape().last();
  const real* in = x.data();
  real* out = result.mutable_data();
  if (width == 0) return result;
  parallel_for(x.shape().rows(), row_grain(width), [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) row(in + r * width, out + r * width, width);
  });
  return result;
}

}  // namespace

Tensor softmax(const Tensor& x) {
  return by_rows("softmax", x, [](const real* in, real* out, Index n) {
    const real total = kernels().exp_sum(in, kernels().max(in, n), out, n);
    kernels().scale(real{1} / total, out, out, n);
  });
}

Tensor log_softmax(const Tensor& x) {
  return by_rows("log_softmax", x, [](const real* in, real* out, Index n) {
    const real greatest = kernels().max(in, n);
    const double total = static_cast<double>(kernels().exp_sum(in, greatest, out, n));
    const real shift = static_cast<real>(std::log(total));
    for (Index i = 0; i < n; ++i) out[i] = in[i] - greatest - shift;
  });
}

double cross_entropy_row(const real* x, Index n, Index target, double s, double scale, real* gradient) {
  const double chosen = static_cast<double>(x[target]);
  const double average = s > 0.0 ? kernels().sum(x, n) / static_cast<double>(n) : 0.0;
  const real greatest = kernels().max(x, n);
  const double total = static_cast<double>(kernels().exp_sum(x, greatest, gradient, n));
  double loss = static_cast<double>(greatest) + std::log(total) - (1.0 - s) * chosen;
  if (s > 0.0) loss -= s * average;
  if (scale != 0.0) {
    kernels().scale(static_cast<real>(scale / total), gradient, gradient, n);
    if (s > 0.0) {
      const real share = static_cast<real>(scale * s / static_cast<double>(n));
      for (Index i = 0; i < n; ++i) gradient[i] -= share;
    }
    gradient[target] -= static_cast<real>(scale * (1.0 - s));
  }
  return loss;
}

CrossEntropy cross_entropy(const Tensor& logits, const Ids& targets, const CrossEntropyOptions& options,
                           bool want_gradient) {
  if (logits.rank() == 0 || !(logits.shape().drop_last() == targets.shape())) {
    throw ShapeError("cross_entropy", {operand("logits", logits), Operand{"targets", targets.shape()}},
                     "expected logits [.., C] and targets [..]");
  }
  const double s = options.label_smoothing;
  if (!(s >= 0.0 && s <= 1.0)) throw ValueError("cross_entropy", fmt::format("label_smoothing {} is not in [0, 1]", s));
  const Index classes = logits.shape().last(), rows = targets.size();
  check_ids("cross_entropy", targets, classes, "target", "classes", &options.ignore_index);
  Index kept = 0;
  for (Index target : targets.values()) kept += target != options.ignore_index ? 1 : 0;
  const bool mean = options.reduction == Reduction::mean;
  if (mean && kept == 0) throw ValueError("cross_entropy", "every target is ignored, so their mean is not defined");

  const double scale = mean ? 1.0 / static_cast<double>(kept) : 1.0;
  CrossEntropy result;
  if (want_gradient) result.dlogits = Tensor(logits.shape());
  Tensor losses(targets.shape());
  std::vector<double> exact(static_cast<std::size_t>(rows), 0.0);
  const real* in = logits.data();
  real* gradients = want_gradient ? result.dlogits.mutable_data() : nullptr;
  parallel_for(rows, row_grain(classes), [&](Index begin, Index end) {
    std::vector<real> scratch(static_cast<std::size_t>(want_gradient ? 0 : classes));
    for (Index r = begin; r < end; ++r) {
      real* gradient = want_gradient ? gradients + r * classes : scratch.data();
      if (targets[r] == options.ignore_index) {
        if (want_gradient) std::fill_n(gradient, classes, real{0});
        continue;
      }
      exact[static_cast<std::size_t>(r)] =
          cross_entropy_row(in + r * classes, classes, targets[r], s, want_gradient ? scale : 0.0, gradient);
    }
  });
  if (options.reduction == Reduction::none) {
    real* out = losses.mutable_data();
    for (Index r = 0; r < rows; ++r) out[r] = static_cast<real>(exact[static_cast<std::size_t>(r)]);
    result.loss = losses;
  } else {
    double total = 0.0;
    for (double loss : exact) total += loss;
    result.loss = scalar(total * scale);
  }
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
