// elementwise.cpp: arithmetic with one-sided broadcasting, and functions of one number.
//
// What is done most goes to the kernels; the rest are plain loops, limited by memory.
#include <cmath>
#include <functional>

#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/past_caches.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index chunk = 1 << 15;   // numbers that one thread takes at a time
constexpr Index costly = 1 << 13;  // the same where each number takes long

template <class F>
Tensor unary(const Tensor& x, const F& f) {
  const auto row = [=](const real* in, real* out, Index n) {
    for (Index i = 0; i < n; ++i) out[i] = f(in[i]);
  };
  return written(Tensor(x.shape()), chunk, chunk, row, x);
}

// out[i] = f(big[i], small[i]), where `small` repeats into `big`'s shape; row(big, small, out, n) does so for n numbers
// of both.
template <class F, class Row>
Tensor repeat_into(const Tensor& big, const Tensor& small, const F& f, const Row& row) {
  if (small.size() == 1) return unary(big, [f, c = *small.data()](real x) { return f(x, c); });
  Tensor result(big.shape());
  if (result.size() == 0) return result;  // but it may have many rows
  const real* x = big.data();
  const real* y = small.data();
  real* out = result.mutable_data();
  const int rank = big.rank();
  Index stride[Shape::max_rank] = {};  // of `small` along each axis of `big`; 0 where it repeats
  Index step = 1;
  for (int i = 1; i <= small.rank(); ++i) {
    stride[rank - i] = small.dim(-i) == 1 ? 0 : step;
    step *= small.dim(-i);
  }
  const Index width = big.shape().last();
  const bool number_repeats = small.shape().last() == 1 && width != 1;
  parallel_for_each(big.shape().rows(), row_grain(width, chunk), [&](Index r) {
    Index rest = r, offset = 0;
    for (int axis = rank - 2; axis >= 0; --axis) {
      offset += rest % big.dim(axis) * stride[axis];
      rest /= big.dim(axis);
    }
    if (number_repeats) {
      const real number = y[offset];
      for (Index i = r * width; i < (r + 1) * width; ++i) out[i] = f(x[i], number);
    } else {
      row(x + r * width, y + offset, out + r * width, width);
    }
  });
  return result;
}

// f of each two numbers, by a row that does the same for n of them.
template <class F, class Row>
Tensor binary(std::string_view op, const Tensor& a, const Tensor& b, const F& f, const Row& row) {
  if (a.shape() == b.shape()) return written(Tensor(a.shape()), chunk, chunk, row, a, b);
  if (broadcasts_to(b.shape(), a.shape())) return repeat_into(a, b, f, row);
  if (broadcasts_to(a.shape(), b.shape())) {
    const auto f_exchanged = [=](real x, real y) { return f(y, x); };
    return repeat_into(b, a, f_exchanged, [=](const real* x, const real* y, real* out, Index n) { row(y, x, out, n); });
  }
  throw ShapeError(op, {operand("a", a), operand("b", b)},
                   "neither shape repeats into the other (expand() one of them if both should grow)");
}
template <class F>
Tensor binary(std::string_view op, const Tensor& a, const Tensor& b, const F& f) {
  return binary(op, a, b, f, [=](const real* x, const real* y, real* out, Index n) {
    for (Index i = 0; i < n; ++i) out[i] = f(x[i], y[i]);
  });
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b) { return binary("add", a, b, std::plus(), kernels().add); }
Tensor sub(const Tensor& a, const Tensor& b) { return binary("sub", a, b, std::minus(), kernels().sub); }
Tensor mul(const Tensor& a, const Tensor& b) { return binary("mul", a, b, std::multiplies(), kernels().mul); }
Tensor div(const Tensor& a, const Tensor& b) { return binary("div", a, b, std::divides(), kernels().div); }

Tensor neg(const Tensor& x) { return scaled(x, -1.0); }
Tensor scaled(const Tensor& x, double alpha, double beta) {
  const real a = static_cast<real>(alpha), b = static_cast<real>(beta);
  if (beta == 0.0) return unary(x, [=](real v) { return a * v; });  // keeps -0
  return unary(x, [=](real v) { return a * v + b; });
}

void add_into(Tensor& target, const Tensor& x, double alpha) {
  require_same_shape("add_into", "target", target, "x", x);
  if (target.shares_buffer_with(x) && target.data() != x.data()) return add_into(target, x.clone(), alpha);
  const real a = static_cast<real>(alpha);
  real* out = target.mutable_data();  // by way of written(), the gradient of an 8 x 8 sum would take a sixth longer
  parallel_for(x.size(), chunk,
               [&](Index begin, Index end) { kernels().axpy(a, x.data() + begin, out + begin, end - begin); });
}

void scale_in_place(Tensor& target, double factor) {
  written(target, chunk, chunk, [=](real* x, Index n) { kernels().scale(static_cast<real>(factor), x, x, n); });
}

Tensor expand(const Tensor& x, const Shape& shape) {
  if (!broadcasts_to(x.shape(), shape)) {
    throw ShapeError("expand", {operand("x", x)}, "does not repeat into " + to_string(shape));
  }
  return binary("expand", Tensor(shape), x, [](real, real number) { return number; });
}

Tensor exp(const Tensor& x) { return written(Tensor(x.shape()), costly, costly, kernels().exp, x); }
Tensor log(const Tensor& x) { return written(Tensor(x.shape()), costly, costly, kernels().log, x); }
Tensor tanh(const Tensor& x) { return written(Tensor(x.shape()), costly, costly, kernels().tanh, x); }
Tensor sigmoid(const Tensor& x) { return written(Tensor(x.shape()), costly, costly, kernels().sigmoid, x); }
Tensor tanh_backward(const Tensor& y, const Tensor& dy) {
  return binary("tanh", dy, y, [](real d, real v) { return d * (1 - v * v); });
}
Tensor sigmoid_backward(const Tensor& y, const Tensor& dy) {
  return binary("sigmoid", dy, y, [](real d, real v) { return d * v * (1 - v); });
}

Tensor sqrt(const Tensor& x) { return written(Tensor(x.shape()), costly, costly, kernels().sqrt, x); }
Tensor abs(const Tensor& x) {
  return unary(x, [](real v) { return std::abs(v); });
}
Tensor abs_backward(const Tensor& x, const Tensor& dy) {
  return binary("abs", dy, x, [](real d, real v) { return v > 0 ? d : v < 0 ? -d : v == 0 ? real{0} : v; });
}

Tensor pow(const Tensor& x, double exponent) {
  if (exponent == 2.0) return unary(x, [](real v) { return v * v; });
  return unary(x, [p = static_cast<real>(exponent)](real v) { return std::pow(v, p); });
}

Tensor clamp(const Tensor& x, double low, double high) {
  if (!(low <= high)) throw ValueError("clamp", "no number lies between {} and {}", low, high);
  const real l = static_cast<real>(low), h = static_cast<real>(high);
  return unary(x, [=](real v) { return v < l ? l : v > h ? h : v; });  // both false for NaN, which passes
}
Tensor clamp_backward(const Tensor& x, const Tensor& dy, double low, double high) {
  const real l = static_cast<real>(low), h = static_cast<real>(high);
  return binary("clamp", dy, x, [=](real d, real v) { return v < l || v > h ? real{0} : d; });
}

Tensor less(const Tensor& a, const Tensor& b) {
  return binary("less", a, b, [](real x, real y) { return x < y ? real{1} : real{0}; });
}

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  const auto row = [](const real* c, const real* x, const real* y, real* out, Index n) {
    for (Index i = 0; i < n; ++i) out[i] = c[i] != 0 ? x[i] : y[i];
  };
  for (const Shape& shape : {condition.shape(), a.shape(), b.shape()}) {
    const auto repeats = [&](const Tensor& t) { return broadcasts_to(t.shape(), shape); };
    if (!repeats(condition) || !repeats(a) || !repeats(b)) continue;
    const auto repeated = [&](const Tensor& t) { return t.shape() == shape ? t : expand(t, shape); };
    return written(Tensor(shape), chunk, chunk, row, repeated(condition), repeated(a), repeated(b));
  }
  throw ShapeError("where", {operand("condition", condition), operand("a", a), operand("b", b)},
                   "none of the shapes is one that the others repeat into");
}

Tensor relu(const Tensor& x) { return written(Tensor(x.shape()), costly, costly, kernels().relu, x); }

Tensor relu_backward(const Tensor& y, Tensor dy) {
  require_same_shape("relu", "y", y, "dy", dy);
  return written(dy.reused(), chunk, chunk, kernels().relu_backward, y, dy);
}

Tensor gelu(const Tensor& x, Gelu form) {
  return written(Tensor(x.shape()), costly, costly, form == Gelu::tanh ? kernels().gelu : kernels().gelu_erf, x);
}

Tensor gelu_backward(const Tensor& x, Tensor dy, Gelu form) {
  require_same_shape("gelu", "x", x, "dy", dy);
  const PairKernel row = form == Gelu::tanh ? kernels().gelu_backward : kernels().gelu_erf_backward;
  return written(dy.reused(), costly, costly, row, x, dy);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
