// optim.cpp: one step of an optimizer on one parameter: a single pass over its numbers, in place, in parallel.
#include <cmath>

#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index chunk = 1 << 14;

void check_same(std::string_view op, const Tensor& p, const Tensor& other, std::string_view name) {
  if (!(p.shape() == other.shape())) {
    throw ShapeError(op, {operand("parameter", p), operand(name, other)}, "the shapes differ");
  }
}

AdamStep constants(const AdamWStep& s) {
  const double t = static_cast<double>(s.step);
  return {.lr = s.lr,
          .beta1 = s.beta1,
          .beta2 = s.beta2,
          .eps = s.eps,
          .decay = s.decoupled ? s.decay : 0.0,
          .l2 = s.decoupled ? 0.0 : s.decay,
          .correction1 = 1.0 - std::pow(s.beta1, t),
          .correction2 = 1.0 - std::pow(s.beta2, t),
          .grad_scale = 1.0};
}

void adagrad_row(real* p, const real* g, real* sums, Index n, real lr, real eps, real decay) {
  for (Index i = 0; i < n; ++i) {
    const real d = g[i] + decay * p[i];
    sums[i] += d * d;
    p[i] -= lr * d / (std::sqrt(sums[i]) + eps);
  }
}

}  // namespace

void sgd_step(Tensor& p, const Tensor& g, Tensor& m, const SgdStep& s) {
  check_same("sgd", p, g, "gradient");
  if (m.defined()) check_same("sgd", p, m, "momentum");
  const real rate = static_cast<real>(s.lr), decay = static_cast<real>(s.decay), keep = static_cast<real>(s.momentum);
  real* out = p.mutable_data();
  real* momentum = m.defined() ? m.mutable_data() : nullptr;
  const real* gradient = g.data();
  parallel_for(p.size(), chunk, [&](Index begin, Index end) {
    for (Index i = begin; i < end && momentum == nullptr; ++i) out[i] -= rate * (gradient[i] + decay * out[i]);
    for (Index i = begin; i < end && momentum != nullptr; ++i) {
      const real d = gradient[i] + decay * out[i];
      momentum[i] = keep * momentum[i] + d;
      out[i] -= rate * (s.nesterov ? d + keep * momentum[i] : momentum[i]);
    }
  });
}

void adagrad_step(Tensor& p, const Tensor& g, Tensor& sums, double lr, double eps, double decay) {
  check_same("adagrad", p, g, "gradient");
  check_same("adagrad", p, sums, "sum");
  real* parameter = p.mutable_data();
  real* sum = sums.mutable_data();
  const real* gradient = g.data();
  parallel_for(p.size(), chunk, [&](Index begin, Index end) {
    adagrad_row(parameter + begin, gradient + begin, sum + begin, end - begin, static_cast<real>(lr),
                static_cast<real>(eps), static_cast<real>(decay));
  });
}

void adagrad_rows_step(Tensor& p, const Ids& ids, const Tensor& g, Tensor& sums, double lr, double eps) {
  check_same("adagrad", p, sums, "sum");
  check_ids("adagrad", ids, p.dim(0));
  const Index width = p.dim(1);
  real* parameter = p.mutable_data();
  real* sum = sums.mutable_data();
  const real* gradient = g.data();
  parallel_for(ids.size(), row_grain(width), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      adagrad_row(parameter + ids[i] * width, gradient + i * width, sum + ids[i] * width, width, static_cast<real>(lr),
                  static_cast<real>(eps), real{0});
    }
  });
}

void adamw_step(Tensor& p, const Tensor& g, Tensor& m, Tensor& v, const AdamWStep& s) {
  check_same("adamw", p, g, "gradient");
  check_same("adamw", p, m, "m");
  check_same("adamw", p, v, "v");
  const AdamStep step = constants(s);
  real* parameter = p.mutable_data();
  real* first = m.mutable_data();
  real* second = v.mutable_data();
  const real* gradient = g.data();
  parallel_for(p.size(), chunk, [&](Index begin, Index end) {
    kernels().adamw(parameter + begin, gradient + begin, first + begin, second + begin, end - begin, step);
  });
}

void adamw_rows_step(Tensor& p, const Ids& ids, const Tensor& g, Tensor& m, Tensor& v, const AdamWStep& s) {
  check_same("adamw", p, m, "m");
  check_same("adamw", p, v, "v");
  check_ids("adamw", ids, p.dim(0));
  const AdamStep step = constants(s);
  const Index width = p.dim(1);
  real* parameter = p.mutable_data();
  real* first = m.mutable_data();
  real* second = v.mutable_data();
  const real* gradient = g.data();
  parallel_for(ids.size(), row_grain(width), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Index row = ids[i] * width;
      kernels().adamw(parameter + row, gradient + i * width, first + row, second + row, width, step);
    }
  });
}

}  // namespace lexigrad::inline LEXIGRAD_NS
