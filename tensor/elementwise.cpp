// elementwise.cpp: arithmetic with one-sided broadcasting, and functions of one number.
//
// What is done most goes to the kernels; the rest are plain loops, limited by memory.
#include <cmath>

#include <fmt/core.h>

#include "tensor/create.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index chunk = 1 << 15;

// Calls visit(row, offset) for each row of `big`'s last axis with the offset of the row of `small` that repeats there.
template <class Visit>
void for_rows_of_repeated(const Shape& small, const Shape& big, Index begin, Index end, const Visit& visit) {
  const int rank = big.rank();
  Index stride[Shape::max_rank] = {};  // of `small` along each axis of `big`; 0 where it repeats
  Index step = 1;
  for (int i = 1; i <= small.rank(); ++i) {
    stride[rank - i] = small[-i] == 1 ? 0 : step;
    step *= small[-i];
  }
  for (Index row = begin; row < end; ++row) {
    Index rest = row, offset = 0;
    for (int axis = rank - 2; axis >= 0; --axis) {
      offset += rest % big[axis] * stride[axis];
      rest /= big[axis];
    }
    visit(row, offset);
  }
}

using RowKernel = void (*)(const real* a, const real* b, real* y, Index n);

// A function of two numbers, and the kernel that does the same for a row.
template <class F>
struct WithKernel {
  F f;
  RowKernel kernel;
  bool swapped = false;  // called with the operands exchanged
  real operator()(real x, real y) const { return swapped ? f(y, x) : f(x, y); }
};

template <class F>
WithKernel(F, RowKernel) -> WithKernel<F>;  // clang 14 does not deduce this

template <class F>
void row_of(const F& f, const real* x, const real* y, real* out, Index n) {
  for (Index i = 0; i < n; ++i) out[i] = f(x[i], y[i]);
}
template <class F>
void row_of(const WithKernel<F>& f, const real* x, const real* y, real* out, Index n) {
  f.swapped ? f.kernel(y, x, out, n) : f.kernel(x, y, out, n);
}

template <class F>
auto exchanged(const F& f) {
  return [&](real x, real y) { return f(y, x); };
}
template <class F>
WithKernel<F> exchanged(const WithKernel<F>& f) {
  return {f.f, f.kernel, true};
}

// out[i] = f(big[i], small[i]), where `small` repeats into `big`'s shape.
template <class F>
Tensor repeat_into(const Tensor& big, const Tensor& small, const F& f) {
  Tensor result(big.shape());
  const real* x = big.data();
  const real* y = small.data();
  real* out = result.mutable_data();
  if (big.size() == 0) return result;
  if (big.shape() == small.shape()) {
    parallel_for(big.size(), chunk,
                 [&](Index begin, Index end) { row_of(f, x + begin, y + begin, out + begin, end - begin); });
  } else if (small.size() == 1) {
    const real c = *y;
    parallel_for(big.size(), chunk, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) out[i] = f(x[i], c);
    });
  } else {
    const Index width = big.shape().last();
    const bool row_repeats = small.shape().last() == 1 && width != 1;
    parallel_for(big.shape().rows(), row_grain(width, chunk), [&](Index begin, Index end) {
      for_rows_of_repeated(small.shape(), big.shape(), begin, end, [&](Index row, Index offset) {
        const real* xr = x + row * width;
        const real* yr = y + offset;
        real* o = out + row * width;
        if (row_repeats) {
          for (Index i = 0; i < width; ++i) o[i] = f(xr[i], *yr);
        } else {
          row_of(f, xr, yr, o, width);
        }
      });
    });
  }
  return result;
}

template <class F>
Tensor binary(std::string_view op, const Tensor& a, const Tensor& b, const F& f) {
  if (broadcasts_to(b.shape(), a.shape())) return repeat_into(a, b, f);
  if (broadcasts_to(a.shape(), b.shape())) return repeat_into(b, a, exchanged(f));
  throw ShapeError(op, {operand("a", a), operand("b", b)},
                   "neither shape repeats into the other (expand() one of them if both should grow)");
}

template <class F>
Tensor unary(const Tensor& x, const F& f) {
  Tensor result(x.shape());
  const real* in = x.data();
  real* out = result.mutable_data();
  parallel_for(x.size(), chunk, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) out[i] = f(in[i]);
  });
  return result;
}

using Kernel = void (*)(const real* x, real* y, Index n);
Tensor by_kernel(const Tensor& x, Kernel kernel) {
  Tensor result(x.shape());
  const real* in = x.data();
  real* out = result.mutable_data();
  parallel_for(x.size(), 8192, [&](Index begin, Index end) { kernel(in + begin, out + begin, end - begin); });
  return result;
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b) {
  return binary("add", a, b, WithKernel{[](real x, real y) { return x + y; }, kernels().add});
}
Tensor sub(const Tensor& a, const Tensor& b) {
  return binary("sub", a, b, WithKernel{[](real x, real y) { return x - y; }, kernels().sub});
}
Tensor mul(const Tensor& a, const Tensor& b) {
  return binary("mul", a, b, WithKernel{[](real x, real y) { return x * y; }, kernels().mul});
}
Tensor div(const Tensor& a, const Tensor& b) {
  return binary("div", a, b, WithKernel{[](real x, real y) { return x / y; }, kernels().div});
}

Tensor neg(const Tensor& x) {
  return unary(x, [](real v) { return -v; });
}

Tensor scaled(const Tensor& x, double alpha, double beta) {
  const real a = static_cast<real>(alpha), b = static_cast<real>(beta);
  if (beta == 0.0) return unary(x, [=](real v) { return a * v; });  // keeps -0
  return unary(x, [=](real v) { return a * v + b; });
}

void add_into(Tensor& target, const Tensor& x, double alpha) {
  require_same_shape("add_into", "target", target, "x", x);
  const real a = static_cast<real>(alpha);
  const real* in = x.data();
  real* out = target.mutable_data();
  parallel_for(x.size(), chunk,
               [&](Index begin, Index end) { kernels().axpy(a, in + begin, out + begin, end - begin); });
}

void scale_in_place(Tensor& target, double factor) {
  const real a = static_cast<real>(factor);
  real* out = target.mutable_data();
  parallel_for(target.size(), chunk,
               [&](Index begin, Index end) { kernels().scale(a, out + begin, out + begin, end - begin); });
}

Tensor expand(const Tensor& x, const Shape& shape) {
  if (!broadcasts_to(x.shape(), shape)) {
    throw ShapeError("expand", {operand("x", x)}, "does not repeat into " + to_string(shape));
  }
  return repeat_into(empty(shape), x, [](real, real y) { return y; });
}

Tensor exp(const Tensor& x) { return by_kernel(x, kernels().exp); }
Tensor log(const Tensor& x) { return by_kernel(x, kernels().log); }
Tensor tanh(const Tensor& x) { return by_kernel(x, kernels().tanh); }
Tensor sigmoid(const Tensor& x) { return by_kernel(x, kernels().sigmoid); }
Tensor tanh_backward(const Tensor& y, const Tensor& dy) {
  return binary("tanh", dy, y, [](real d, real v) { return d * (1 - v * v); });
}
Tensor sigmoid_backward(const Tensor& y, const Tensor& dy) {
  return binary("sigmoid", dy, y, [](real d, real v) { return d * v * (1 - v); });
}

Tensor sqrt(const Tensor& x) { return by_kernel(x, kernels().sqrt); }
Tensor abs(const Tensor& x) {
  return unary(x, [](real v) { return std::abs(v); });
}
Tensor abs_backward(const Tensor& x, const Tensor& dy) {
  return binary("abs", dy, x, [](real d, real v) { return v > 0 ? d : v < 0 ? -d : v == 0 ? real{0} : v; });
}

Tensor pow(const Tensor& x, double exponent) {
  const real p = static_cast<real>(exponent);
  if (exponent == 2.0) return unary(x, [](real v) { return v * v; });
  return unary(x, [=](real v) { return std::pow(v, p); });
}

Tensor clamp(const Tensor& x, double low, double high) {
  if (!(low <= high)) throw ValueError("clamp", fmt::format("no number lies between {} and {}", low, high));
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
Tensor equal(const Tensor& a, const Tensor& b) {
  return binary("equal", a, b, [](real x, real y) { return x == y ? real{1} : real{0}; });
}

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  const Tensor* biggest = &condition;
  for (const Tensor* t : {&a, &b}) {
    if (broadcasts_to(biggest->shape(), t->shape())) biggest = t;
  }
  const Shape shape = biggest->shape();
  if (!broadcasts_to(condition.shape(), shape) || !broadcasts_to(a.shape(), shape) ||
      !broadcasts_to(b.shape(), shape)) {
    throw ShapeError("where", {operand("condition", condition), operand("a", a), operand("b", b)},
                     "none of the shapes is one that the others repeat into");
  }
  const auto repeated = [&](const Tensor& t) { return t.shape() == shape ? t : expand(t, shape); };
  const Tensor conditions = repeated(condition), as = repeated(a), bs = repeated(b);
  Tensor result(shape);
  const real* c = conditions.data();
  const real* x = as.data();
  const real* y = bs.data();
  real* out = result.mutable_data();
  parallel_for(result.size(), chunk, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) out[i] = c[i] != 0 ? x[i] : y[i];
  });
  return result;
}

Tensor relu(const Tensor& x) { return by_kernel(x, kernels().relu); }

Tensor relu_backward(const Tensor& y, const Tensor& dy) {
  return binary("relu", y, dy,
                WithKernel{[](real v, real d) { return v <= 0 ? real{0} : d; }, kernels().relu_backward});
}

Tensor gelu(const Tensor& x, Gelu form) {
  return by_kernel(x, form == Gelu::tanh ? kernels().gelu : kernels().gelu_erf);
}

Tensor gelu_backward(const Tensor& x, const Tensor& dy, Gelu form) {
  require_same_shape("gelu", "x", x, "dy", dy);
  const auto kernel = form == Gelu::tanh ? kernels().gelu_backward : kernels().gelu_erf_backward;
  Tensor result(x.shape());
  const real* in = x.data();
  const real* d = dy.data();
  real* out = result.mutable_data();
  parallel_for(x.size(), 8192,
               [&](Index begin, Index end) { kernel(in + begin, d + begin, out + begin, end - begin); });
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
