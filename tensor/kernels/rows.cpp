// rows.cpp: kernels on one contiguous row, and the table of one instruction set.
//
// Compiled once per instruction set with LEXIGRAD_ISA_NAME set (see meson.build); exports that table alone. Formulas
// and shapes stand in kernels.hpp. Where two products are added, one is rounded(): only one way of fusing is left, so
// that the last vector of a row is computed as the others are.
#include "tensor/kernels/kernels.hpp"
#include "tensor/kernels/lane_math.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

template <class F>
LEXIGRAD_LANES void map(const real* x, real* y, Index n, F f) {
  each_vector(
      n, [=](Index i, auto part) __attribute__((always_inline)) { store(y + i, f(load(x + i, part)), part); });
}
template <class F>
LEXIGRAD_LANES void map(const real* a, const real* b, real* y, Index n, F f) {
  each_vector(
      n, [=](Index i, auto part)
             __attribute__((always_inline)) { store(y + i, f(load(a + i, part), load(b + i, part)), part); });
}

void exp_row(const real* x, real* y, Index n) {
  map(
      x, y, n, [](Vec v) __attribute__((always_inline)) { return exp(v); });
}
void log_row(const real* x, real* y, Index n) {
  map(
      x, y, n, [](Vec v) __attribute__((always_inline)) { return log(v); });
}
void tanh_row(const real* x, real* y, Index n) {
  map(
      x, y, n, [](Vec v) __attribute__((always_inline)) { return tanh(v); });
}
void sigmoid_row(const real* x, real* y, Index n) {
  map(
      x, y, n, [](Vec v) __attribute__((always_inline)) { return sigmoid(v); });
}

// 2u = x (c + c 0.044715 x²) with c = 2 √(2/π).
constexpr real gelu_c1 = real(1.5957691216057308);
constexpr real gelu_c3 = real(1.5957691216057308 * 0.044715);

void gelu_row(const real* x, real* y, Index n) {
  map(
      x, y, n, [](Vec v) __attribute__((always_inline)) {
        return v * sigmoid(v * fma(v * v, broadcast(gelu_c3), broadcast(gelu_c1)));
      });
}

// d(x σ(2u))/dx = σ + x σ (1 - σ) 2u'. With e = e^-|2u|: σ(|2u|) = 1 / (1 + e), σ (1 - σ) = e / (1 + e)², which neither
// overflow nor cancel. Where e is 0 so is the second term, whatever u' is.
void gelu_backward_row(const real* x, const real* dy, real* dx, Index n) {
  map(
      x, dy, dx, n, [](Vec v, Vec d) __attribute__((always_inline)) {
        const Vec square = v * v;
        const Vec e = exp(-absolute(v * fma(square, broadcast(gelu_c3), broadcast(gelu_c1))));
        const Vec up = 1 / (1 + e);
        const Vec slope = fma(square, broadcast(3 * gelu_c3), broadcast(gelu_c1));  // 2u'
        const Vec second = select(e == 0, Vec{}, v * slope * (e * up * up));
        return d * (select(v < 0, e * up, up) + second);
      });
}

void gelu_erf_row(const real* x, real* y, Index n) {
  map(
      x, y, n, [](Vec v) __attribute__((always_inline)) {
        Vec bell;
        return v * normal_distribution(v, bell);
      });
}

// d(x Φ(x))/dx = Φ(x) + x φ(x), φ(x) = e^(-x²/2) / √(2π).
void gelu_erf_backward_row(const real* x, const real* dy, real* dx, Index n) {
  map(
      x, dy, dx, n, [](Vec v, Vec d) __attribute__((always_inline)) {
        Vec bell;
        const Vec phi = normal_distribution(v, bell);
        const Vec slope = fma(v * bell, broadcast(real(0.3989422804014326779)), phi);
        return d * select(bell == 0, phi, slope);  // infinite x: the second term is 0
      });
}

void scale_row(real alpha, const real* x, real* y, Index n) {
  map(
      x, y, n, [=](Vec v) __attribute__((always_inline)) { return v * alpha; });
}
void axpy_row(real alpha, const real* x, real* y, Index n) {
  map(
      x, y, y, n, [=](Vec v, Vec w) __attribute__((always_inline)) { return fma(v, broadcast(alpha), w); });
}

real max_row(const real* x, Index n) {
  const real lowest = -__builtin_inff();
  Vec best[4] = {broadcast(lowest), broadcast(lowest), broadcast(lowest), broadcast(lowest)};
  Bits nan = {};
  Index i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
#pragma GCC unroll 4
    for (Index s = 0; s < 4; ++s) {
      const Vec v = load(x + i + s * lanes);
      nan |= v != v;
      best[s] = larger(v, best[s]);
    }
  }
  each_vector(
      n - i, [&](Index j, auto part) __attribute__((always_inline)) {
        const Vec v = load(x + i + j, part, lowest);
        nan |= v != v;
        best[0] = larger(v, best[0]);
      });
  const Vec all = larger(larger(best[0], best[1]), larger(best[2], best[3]));
  real result = all[0];
  LaneInt any_nan = nan[0];
  for (Index lane = 1; lane < lanes; ++lane) {
    result = all[lane] > result ? all[lane] : result;
    any_nan |= nan[lane];
  }
  return any_nan != 0 ? real(__builtin_nanf("")) : result;
}

double sum_row(const real* x, Index n) {
  return block_sum(
      n, [=](Index i, auto part) __attribute__((always_inline)) { return load(x + i, part); });
}
real dot_row(const real* a, const real* b, Index n) {
  return static_cast<real>(block_sum(
      n, [=](Index i, auto part) __attribute__((always_inline)) { return load(a + i, part) * load(b + i, part); }));
}

/// Σ (x - center)² in double.
LEXIGRAD_LANES double wide_sum_squares(const real* x, double center, Index n) {
  const auto term = [=](Index i) __attribute__((always_inline)) {
    const Wide v = __builtin_convertvector(*reinterpret_cast<const HalfMemory*>(x + i), Wide) - center;
    return v * v;
  };
  Wide sums[4] = {};
  Index i = 0;
  for (; i + 4 * wide_lanes <= n; i += 4 * wide_lanes) {
#pragma GCC unroll 4
    for (Index s = 0; s < 4; ++s) sums[s] += term(i + s * wide_lanes);
  }
  for (; i + wide_lanes <= n; i += wide_lanes) sums[0] += term(i);
  const Wide all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double sum = 0;
  for (Index lane = 0; lane < wide_lanes; ++lane) sum += all[lane];
  for (; i < n; ++i) sum += (static_cast<double>(x[i]) - center) * (static_cast<double>(x[i]) - center);
  return sum;
}
double sum_squares_row(const real* x, Index n) { return wide_sum_squares(x, 0, n); }

real exp_sum_row(const real* x, real shift, real* y, Index n) {
  return static_cast<real>(block_sum(
      n, [=](Index i, auto part) __attribute__((always_inline)) {
        const Vec v = exp(load(x + i, part) - shift);
        store(y + i, v, part);
        return v;
      }));
}

// Distances are taken from `center`, the mean as a real; its rounding error is their own mean, `rest`. So large means
// cost no digits, and a constant row has distances that are exactly alike.
void layer_norm_row(const real* x, const real* gamma, const real* beta, real* y, Index n, double eps, real* mean,
                    real* rstd) {
  const double count = static_cast<double>(n);
  const real center = static_cast<real>(sum_row(x, n) / count);
  const double rest =
      block_sum(
          n, [=](Index i, auto part) __attribute__((always_inline)) { return load(x + i, part) - center; }) /
      count;
  double squares = block_sum(
      n, [=](Index i, auto part) __attribute__((always_inline)) {
        const Vec d = load(x + i, part) - center;
        return d * d;
      });
  if (squares > 1e37) squares = wide_sum_squares(x, static_cast<double>(center), n);  // or infinite, in float
  const double variance = squares / count - rest * rest;
  const double inverse = 1 / __builtin_sqrt((variance > 0 || variance != variance ? variance : 0) + eps);
  *mean = static_cast<real>(static_cast<double>(center) + rest);
  *rstd = static_cast<real>(inverse);
  const real offset = static_cast<real>(rest);
  const real factor = *rstd;
  each_vector(
      n, [=](Index i, auto part) __attribute__((always_inline)) {
        const Vec h = ((load(x + i, part) - center) - offset) * factor;
        const Vec g = gamma != nullptr ? load(gamma + i, part) : broadcast(1);
        const Vec b = beta != nullptr ? load(beta + i, part) : Vec{};
        store(y + i, fma(h, g, b), part);
      });
}

void layer_norm_backward_row(const real* x, const real* gamma, const real* dy, real mean, real rstd, real* dx,
                             real* dgamma, real* dbeta, Index n) {
  const auto normalized = [=](Index i, auto part) __attribute__((always_inline)) {
    return (load(x + i, part) - mean) * rstd;
  };
  const auto grad = [=](Index i, auto part) __attribute__((always_inline)) {
    const Vec d = load(dy + i, part);
    return gamma != nullptr ? d * load(gamma + i, part) : d;
  };
  const double count = static_cast<double>(n);
  const real mean_g = static_cast<real>(block_sum(n, grad) / count);
  const real mean_gh = static_cast<real>(
      block_sum(
          n, [=](Index i, auto part) __attribute__((always_inline)) { return grad(i, part) * normalized(i, part); }) /
      count);
  each_vector(
      n, [=](Index i, auto part) __attribute__((always_inline)) {
        const Vec d = load(dy + i, part);  // read before dx is written: they may be the same
        const Vec h = normalized(i, part);
        const Vec centered = grad(i, part) - mean_g;
        if (dgamma != nullptr) store(dgamma + i, fma(d, h, load(dgamma + i, part)), part);
        if (dbeta != nullptr) store(dbeta + i, load(dbeta + i, part) + d, part);
        store(dx + i, fma(h, broadcast(-mean_gh), centered) * rstd, part);
      });
}

void adamw_row(real* p, const real* g, real* m, real* v, Index n, const AdamStep& step) {
  const Vec scale = broadcast(static_cast<real>(step.grad_scale));
  const Vec keep_p = broadcast(static_cast<real>(1 - step.lr * step.decay));
  const Vec beta1 = broadcast(static_cast<real>(step.beta1)), new1 = broadcast(static_cast<real>(1 - step.beta1));
  const Vec beta2 = broadcast(static_cast<real>(step.beta2)), new2 = broadcast(static_cast<real>(1 - step.beta2));
  const Vec rate = broadcast(static_cast<real>(step.lr / step.correction1));
  const Vec root = broadcast(static_cast<real>(1 / __builtin_sqrt(step.correction2)));
  const Vec eps = broadcast(static_cast<real>(step.eps)), l2 = broadcast(static_cast<real>(step.l2));
  each_vector(
      n, [=](Index i, auto part) __attribute__((always_inline)) {
        const Vec before = load(p + i, part);
        const Vec grad = fma(before, l2, rounded(load(g + i, part) * scale));
        const Vec fresh1 = rounded(grad * new1);
        const Vec fresh2 = rounded(grad * grad * new2);
        const Vec first = fma(load(m + i, part), beta1, fresh1);
        const Vec second = fma(load(v + i, part), beta2, fresh2);
        const Vec step_size = rate * first / fma(square_root(second), root, eps);
        const Vec kept = before * keep_p;
        store(m + i, first, part);
        store(v + i, second, part);
        store(p + i, kept - step_size, part);
      });
}

}  // namespace

#define LEXIGRAD_JOIN2(a, b) a##b
#define LEXIGRAD_JOIN(a, b) LEXIGRAD_JOIN2(a, b)
#define LEXIGRAD_TEXT2(a) #a
#define LEXIGRAD_TEXT(a) LEXIGRAD_TEXT2(a)

extern const MatmulKernels LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME);  // in gemm.cpp
extern const Kernels LEXIGRAD_JOIN(kernels_, LEXIGRAD_ISA_NAME);

const Kernels LEXIGRAD_JOIN(kernels_, LEXIGRAD_ISA_NAME) = {
    .isa = LEXIGRAD_TEXT(LEXIGRAD_ISA_NAME),
    .lanes = lanes,
    .exp = exp_row,
    .log = log_row,
    .tanh = tanh_row,
    .sigmoid = sigmoid_row,
    .gelu = gelu_row,
    .gelu_backward = gelu_backward_row,
    .gelu_erf = gelu_erf_row,
    .gelu_erf_backward = gelu_erf_backward_row,
    .scale = scale_row,
    .axpy = axpy_row,
    .max = max_row,
    .sum = sum_row,
    .sum_squares = sum_squares_row,
    .dot = dot_row,
    .exp_sum = exp_sum_row,
    .layer_norm = layer_norm_row,
    .layer_norm_backward = layer_norm_backward_row,
    .adamw = adamw_row,
    .matmul = &LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME),
};

}  // namespace lexigrad::inline LEXIGRAD_NS
