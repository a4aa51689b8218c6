// optim.cpp: one step of an optimizer on one parameter: a single pass over its numbers, in place, in parallel.
#include <cmath>

#include "tensor/gather.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index chunk = 1 << 14;

// body(place in p, its gradient, count) over pieces of all of p; or over the rows of a table that `rows` names, with
// gradient g[i] for rows[i].
template <class Body>
void each_piece(std::string_view op, const Tensor& p, const Tensor& g, const Ids* rows, const Body& body) {
  if (rows == nullptr) {
    require_same_shape(op, "parameter", p, "gradient", g);
    return parallel_for(p.size(), chunk, [&](Index begin, Index end) { body(begin, g.data() + begin, end - begin); });
  }
  check_ids(op, *rows, p.dim(0));
  const Index width = p.dim(1);
  if (g.size() != rows->size() * width) throw ShapeError(op, {operand("gradient", g)}, "expected a row for each id");
  const Groups groups = group_by_id(*rows);
  each_row_sum(groups, g.data(), width,
               [&](Index group, const real* sum) { body(groups.id(group) * width, sum, width); });
}

}  // namespace

void sgd_step(Tensor& p, const Tensor& g, Tensor& m, const SgdStep& s) {
  if (m.defined()) require_same_shape("sgd", "parameter", p, "momentum", m);
  const real rate = static_cast<real>(s.lr), decay = static_cast<real>(s.decay), keep = static_cast<real>(s.momentum);
  // Nesterov's step is d + keep · m, the plain one m.
  const real ahead = s.nesterov ? real{1} : real{0}, along = s.nesterov ? keep : real{1};
  real* parameter = p.mutable_data();
  real* momentum = m.defined() ? m.mutable_data() : nullptr;
  // Copies: numbers that a store might change are read anew.
  each_piece("sgd", p, g, nullptr, [=](Index place, const real* gradient, Index count) {
    real* x = parameter + place;
    if (momentum == nullptr) {
      for (Index i = 0; i < count; ++i) x[i] -= rate * (gradient[i] + decay * x[i]);
      return;
    }
    for (Index i = 0; i < count; ++i) {
      const real d = gradient[i] + decay * x[i], moved = keep * momentum[place + i] + d;
      momentum[place + i] = moved;
      x[i] -= rate * (ahead * d + along * moved);
    }
  });
}

void adagrad_step(Tensor& p, const Tensor& g, Tensor& sums, const AdagradStep& s, const Ids* rows) {
  require_same_shape("adagrad", "parameter", p, "sum", sums);
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
  require_same_shape("adamw", "parameter", p, "m", m);
  require_same_shape("adamw", "parameter", p, "v", v);
  const double t = static_cast<double>(s.step);
  const double decay = s.decoupled ? s.decay : 0.0, l2 = s.decay - decay;
  const AdamStep step{s.lr, s.beta1, s.beta2, s.eps, decay, l2, 1.0 - std::pow(s.beta1, t), 1.0 - std::pow(s.beta2, t)};
  real* parameter = p.mutable_data();
  real* first = m.mutable_data();
  real* second = v.mutable_data();
  each_piece("adamw", p, g, rows, [&](Index place, const real* gradient, Index count) {
    kernels().adamw(parameter + place, gradient, first + place, second + place, count, step);
  });
}

}  // namespace lexigrad::inline LEXIGRAD_NS
