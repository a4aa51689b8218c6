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
          .decay = s.decay,
          .correction1 = 1.0 - std::pow(s.beta1, t),
          .correction2 = 1.0 - std::pow(s.beta2, t),
          .grad_scale = 1.0};
}

}  // namespace

void sgd_step(Tensor& p, const Tensor& g, double lr, double decay) {
  check_same("sgd", p, g, "gradient");
  const real keep = static_cast<real>(1.0 - lr * decay), rate = static_cast<real>(lr);
  real* out = p.mutable_data();
  const real* gradient = g.data();
  parallel_for(p.size(), chunk, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) out[i] = keep * out[i] - rate * gradient[i];
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
