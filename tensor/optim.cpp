// optim.cpp: one step of an optimizer on one parameter: a single pass over its numbers, in place, in parallel.
#include <cmath>

#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index chunk = 1 << 14;

void check_same(std::string_view op, const Tensor& p, const Tensor& other, std::string_view name) {
  require_same_shape(op, operand("parameter", p), operand(name, other));
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

// body(place in p, its gradient, count) over pieces of all of p; or over the rows `rows` of a table, with gradient g[i]
// for rows[i].
template <class Body>
void each_piece(std::string_view op, const Tensor& p, const Tensor& g, const Ids* rows, const Body& body) {
  if (rows == nullptr) {
    check_same(op, p, g, "gradient");
    parallel_for(p.size(), chunk, [&](Index begin, Index end) { body(begin, g.data() + begin, end - begin); });
    return;
  }
  check_ids(op, *rows, p.dim(0));
  const Index width = p.dim(1);
  if (g.size() != rows->size() * width) throw ShapeError(op, {operand("gradient", g)}, "expected a row for each id");
  parallel_for(rows->size(), row_grain(width), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) body((*rows)[i] * width, g.data() + i * width, width);
  });
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

void adagrad_step(Tensor& p, const Tensor& g, Tensor& sums, const AdagradStep& s, const Ids* rows) {
  check_same("adagrad", p, sums, "sum");
  const real lr = static_cast<real>(s.lr), eps = static_cast<real>(s.eps), decay = static_cast<real>(s.decay);
  real* parameter = p.mutable_data();
  real* sum = sums.mutable_data();
  each_piece("adagrad", p, g, rows, [&](Index place, const real* gradient, Index count) {
    for (Index i = 0; i < count; ++i) {
      real& x = parameter[place + i];
      const real d = gradient[i] + decay * x;
      sum[place + i] += d * d;
      x -= lr * d / (std::sqrt(sum[place + i]) + eps);
    }
  });
}

void adamw_step(Tensor& p, const Tensor& g, Tensor& m, Tensor& v, const AdamWStep& s, const Ids* rows) {
  check_same("adamw", p, m, "m");
  check_same("adamw", p, v, "v");
  const AdamStep step = constants(s);
  real* parameter = p.mutable_data();
  real* first = m.mutable_data();
  real* second = v.mutable_data();
  each_piece("adamw", p, g, rows, [&](Index place, const real* gradient, Index count) {
    kernels().adamw(parameter + place, gradient, first + place, second + place, count, step);
  });
}

}  // namespace lexigrad::inline LEXIGRAD_NS
