// rows.cpp: kernels on one contiguous row, and the table of one instruction set.
//
// Compiled once per instruction set with its name in LEXIGRAD_ISA_NAME, as text in LEXIGRAD_ISA_TEXT (see meson.build);
// exports that table alone. Formulas and shapes stand in kernels.hpp. Where two products are added, one is rounded():
// only one way of fusing is left, so that the last vector of a row is computed as the others are.
#include "tensor/kernels/kernels.hpp"
#include "tensor/kernels/lane_math.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

/// y[i] = F(x[i]). What comes next is fetched, of x and of y, which is new memory: exp 7 % faster where it streams
/// through the last cache. With two operands nothing was gained. Past the caches y is never read; x comes from further.
template <Vec (*F)(Vec), class Whole = Full>
void map(const real* x, real* y, Index n) {
  each_vector<Whole>(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    __builtin_prefetch(x + i + (std::is_same_v<Whole, Past> ? 512 : 256));
    if constexpr (!std::is_same_v<Whole, Past>) __builtin_prefetch(y + i + 128, 1);
    store(y + i, F(load(x + i, part)), part);
  });
}
/// y[i] = F(a[i], b[i]).
template <Vec (*F)(Vec, Vec), class Whole = Full>
void map(const real* a, const real* b, real* y, Index n) {
  each_vector<Whole>(
      n, [=](Index i, auto part) LEXIGRAD_INLINE { store(y + i, F(load(a + i, part), load(b + i, part)), part); });
}
void copy_past_caches_row(const real* x, real* y, Index n, const real* next) {
  each_vector<Past>(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    if (x != nullptr) __builtin_prefetch(next + i);
    store(y + i, x == nullptr ? Vec{} : load(x + i, part), part);
  });
}

// 2u = x (c + c 0.044715 x²) with c = 2 √(2/π).
constexpr real gelu_c1 = real(1.5957691216057308);
constexpr real gelu_c3 = real(1.5957691216057308 * 0.044715);
// Far out, where σ and Φ are 0 or 1 to the last digit, x can as well be less: no infinity times 0 then. NaN stays.
constexpr real far_out = 40;

LEXIGRAD_LANES Vec gelu(Vec x) {
  const Vec v = larger(broadcast(-far_out), x);
  return v * sigmoid(v * fma(v * v, broadcast(gelu_c3), broadcast(gelu_c1)));
}

// d(x σ(2u))/dx = σ + x σ (1 - σ) 2u'.
LEXIGRAD_LANES Vec gelu_backward(Vec x, Vec dy) {
  const Vec v = within(x, far_out), square = v * v;
  Vec rest;
  const Vec share = sigmoid(v * fma(square, broadcast(gelu_c3), broadcast(gelu_c1)), rest);
  const Vec slope = fma(square, broadcast(3 * gelu_c3), broadcast(gelu_c1));  // 2u'
  return dy * fma(v * slope, share * rest, share);
}

LEXIGRAD_LANES Vec gelu_erf(Vec x) {
  const Vec v = larger(broadcast(-normal_end), x);
  return v * normal_distribution(smaller(broadcast(normal_end), v));
}
LEXIGRAD_LANES Vec gelu_erf_backward(Vec x, Vec dy) { return dy * gelu_erf_slope(within(x, slope_end)); }

LEXIGRAD_LANES Vec add(Vec a, Vec b) { return a + b; }
LEXIGRAD_LANES Vec sub(Vec a, Vec b) { return a - b; }
LEXIGRAD_LANES Vec mul(Vec a, Vec b) { return a * b; }
LEXIGRAD_LANES Vec div(Vec a, Vec b) { return a / b; }
LEXIGRAD_LANES Vec relu(Vec x) { return select(x < 0, Vec{}, x); }  // false for NaN, which passes
LEXIGRAD_LANES Vec relu_backward(Vec y, Vec dy) { return select(y <= 0, Vec{}, dy); }

void scale_row(real alpha, const real* x, real* y, Index n) {
  each_vector(n, [=](Index i, auto part) LEXIGRAD_INLINE { store(y + i, load(x + i, part) * alpha, part); });
}
/// Also asks for the numbers at each `next`, which are needed soon.
template <class... Next>
void axpy_row(real alpha, const real* x, real* y, Index n, Next... next) {
  each_vector(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    (__builtin_prefetch(next + i), ...);
    store(y + i, fma(load(x + i, part), broadcast(alpha), load(y + i, part)), part);
  });
}

real max_row(const real* x, Index n) {
  const real lowest = -__builtin_inff();
  Vec best[4] = {broadcast(lowest), broadcast(lowest), broadcast(lowest), broadcast(lowest)};
  Bits nan = {};
  const auto take = [&](Index s, Vec v) LEXIGRAD_INLINE {
    nan |= v != v;
    best[s] = larger(v, best[s]);
  };
  Index i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
#pragma GCC unroll 4
    for (Index s = 0; s < 4; ++s) take(s, load(x + i + s * lanes));
  }
  each_vector(n - i, [&](Index j, auto part) LEXIGRAD_INLINE { take(0, load(x + i + j, part, lowest)); });
  const real result = fold<int{lanes}>(larger(larger(best[0], best[1]), larger(best[2], best[3])),
                                       [](auto a, auto b) LEXIGRAD_INLINE { return a > b ? a : b; });
  const LaneInt any_nan = fold<int{lanes}>(nan, [](auto a, auto b) LEXIGRAD_INLINE { return a | b; });
  return any_nan != 0 ? real(__builtin_nanf("")) : result;
}

double sum_row(const real* x, Index n) {
  return block_sum(n, [=](Index i, auto part) LEXIGRAD_INLINE { return load(x + i, part); });
}
real dot_row(const real* a, const real* b, Index n) {
  return static_cast<real>(
      block_sum(n, [=](Index i, auto part) LEXIGRAD_INLINE { return load(a + i, part) * load(b + i, part); }));
}

/// sums[i] += Σ over some rows of x.
template <int Rows>
LEXIGRAD_LANES void add_rows(const real* x, Index n, double* sums) {
  Index i = 0;
  for (; i + wide_lanes <= n; i += wide_lanes) {
    Half sum = {};
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) sum += *reinterpret_cast<const HalfMemory*>(x + r * n + i);
    *reinterpret_cast<WideMemory*>(sums + i) += __builtin_convertvector(sum, Wide);
  }
  for (; i < n; ++i) {
    real sum = 0;
    for (int r = 0; r < Rows; ++r) sum += x[r * n + i];
    sums[i] += static_cast<double>(sum);
  }
}
void sum_columns_rows(const real* x, Index rows, Index n, double* sums) {
  for (; rows >= 8; rows -= 8, x += 8 * n) add_rows<8>(x, n, sums);
  for (; rows > 0; --rows, x += n) add_rows<1>(x, n, sums);
}

// The next row of y is fetched while this one is written. Past the caches that is a tenth faster (memory would wait
// while y · dy is summed); dy's as well gains nothing, and during the sum it is slower.
template <class Whole = Full>
void softmax_backward_row(const real* y, const real* dy, real* dx, Index n) {
  const real mean = dot_row(y, dy, n);
  each_vector<Whole>(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    __builtin_prefetch(y + n + i);
    store(dx + i, load(y + i, part) * (load(dy + i, part) - mean), part);
  });
}
template <class Whole = Full>
void log_softmax_backward_row(const real* y, const real* dy, real* dx, Index n) {
  const Vec total = broadcast(static_cast<real>(-sum_row(dy, n)));
  each_vector<Whole>(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    store(dx + i, fma(exp_bounded(load(y + i, part)), total, load(dy + i, part)), part);
  });
}

/// Σ (x - center)² in double.
LEXIGRAD_LANES double wide_sum_squares(const real* x, double center, Index n) {
  const auto term = [=](Index i) LEXIGRAD_INLINE {
    const Wide v = __builtin_convertvector(*reinterpret_cast<const HalfMemory*>(x + i), Wide) - center;
    return v * v;
  };
  Wide sums[4] = {};
  Index i = 0;
  for (; i + 4 * wide_lanes <= n; i += 4 * wide_lanes) {
#pragma GCC unroll 4
    for (Index s = 0; s < 4; ++s) sums[s] += term(i + s * wide_lanes);
  }
  double sum = sum_lanes<int{wide_lanes}>((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < n; ++i) sum += (static_cast<double>(x[i]) - center) * (static_cast<double>(x[i]) - center);
  return sum;
}
double sum_squares_row(const real* x, Index n) { return wide_sum_squares(x, 0, n); }

// The exponents are at most 0 where shift is the greatest of the row, and nobody wants a larger one.
real exp_sum_row(const real* x, real shift, real* y, Index n) {
  return static_cast<real>(block_sum(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    const Vec v = exp_bounded(load(x + i, part) - shift);
    if (y != nullptr) store(y + i, v, part);
    return v;
  }));
}

/// A vector of p, or of `otherwise` where there is no p.
LEXIGRAD_LANES Vec load_or(real otherwise, const real* p, Index i, auto part) {
  return p != nullptr ? load(p + i, part) : broadcast(otherwise);
}

// Distances are taken from `center`, the mean as a real; its rounding error is their own mean, `rest`. So large means
// cost no digits, and a constant row has distances that are exactly alike.
void layer_norm_row(const real* x, const real* gamma, const real* beta, real* y, Index n, double eps, real* mean,
                    real* rstd) {
  const double count = static_cast<double>(n);
  const real center = static_cast<real>(sum_row(x, n) / count);
  double sums[2];  // of the distances, and of their squares
  block_sums<2>(n, sums, [=](Index i, auto part) LEXIGRAD_INLINE {
    __builtin_prefetch(y + i, 1);
    const Vec d = load(x + i, part) - center;
    return Terms<2>{{d, d * d}};
  });
  const double rest = sums[0] / count;
  // Squares that are large, or infinite in float, are summed anew.
  const double squares = sums[1] > 1e37 ? wide_sum_squares(x, static_cast<double>(center), n) : sums[1];
  const double variance = squares / count - rest * rest;
  *mean = static_cast<real>(static_cast<double>(center) + rest);
  *rstd = static_cast<real>(1 / __builtin_sqrt((variance > 0 || variance != variance ? variance : 0) + eps));
  const real offset = static_cast<real>(rest), factor = *rstd;
  each_vector(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    __builtin_prefetch(x + n + i);
    const Vec h = ((load(x + i, part) - center) - offset) * factor;
    store(y + i, fma(h, load_or(1, gamma, i, part), load_or(0, beta, i, part)), part);
  });
}

// With h = (x - mean) rstd, the normalized row, and g = dy gamma: dx = rstd (g - mean(g) - h mean(g h)). The row of dx
// is fetched while the sums are made, and that needs the rows of x and dy to be there: they are fetched with the row
// before. Either alone gains nothing: dx would then wait in one line with what is needed first.
void layer_norm_backward_row(const real* x, const real* gamma, const real* dy, real mean, real rstd, real* dx,
                             real* dgamma, real* dbeta, Index n) {
  double sums[2];  // of g, and of g (x - mean)
  block_sums<2>(n, sums, [=](Index i, auto part) LEXIGRAD_INLINE {
    __builtin_prefetch(dx + i, 1);
    const Vec g = load(dy + i, part) * load_or(1, gamma, i, part);
    return Terms<2>{{g, g * (load(x + i, part) - mean)}};
  });
  const double share = static_cast<double>(rstd) / static_cast<double>(n);
  const Vec mean_g = broadcast(static_cast<real>(sums[0] * share));  // times rstd
  const Vec slope = broadcast(static_cast<real>(-sums[1] * share * static_cast<double>(rstd)));
  each_vector(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    __builtin_prefetch(x + n + i);
    __builtin_prefetch(dy + n + i);
    const Vec d = load(dy + i, part);  // read before dx is written: they may be the same
    const Vec h = (load(x + i, part) - mean) * rstd;
    const Vec g = d * load_or(1, gamma, i, part);
    if (dgamma != nullptr) store(dgamma + i, fma(d, h, load(dgamma + i, part)), part);
    if (dbeta != nullptr) store(dbeta + i, load(dbeta + i, part) + d, part);
    store(dx + i, fma(h, slope, fma(g, broadcast(rstd), -mean_g)), part);
  });
}

// Square by square down 16 rows, so that a whole cache line is written before the next. Down 64, four lines of each row
// of y, where these rows lie 4 KB apart and so have few places in a cache, and past the caches.
template <class Whole = Full>
void transpose_rows(const real* x, Index rows, Index columns, Index x_stride, real* y, Index y_stride) {
  const Index strip = std::is_same_v<Whole, Past> || y_stride % 1024 == 0 ? 64 : 16;
  const Index whole_rows = rows - rows % lanes, whole_columns = columns - columns % lanes;
  for (Index first = 0; first < whole_rows; first += strip) {
    const Index last = first + strip < whole_rows ? first + strip : whole_rows;
    for (Index j = 0; j < whole_columns; j += lanes) {
      for (Index i = first; i < last; i += lanes) {
        Vec square[lanes];
#pragma GCC unroll 16
        for (Index k = 0; k < lanes; ++k) {
          if constexpr (std::is_same_v<Whole, Past>) __builtin_prefetch(x + (i + k) * x_stride + j + 32);
          square[k] = load(x + (i + k) * x_stride + j);
        }
        transpose(square);
#pragma GCC unroll 16
        for (Index k = 0; k < lanes; ++k) store(y + (j + k) * y_stride + i, square[k], Whole{});
      }
    }
  }
  for (Index i = 0; i < rows; ++i)
    for (Index j = i < whole_rows ? whole_columns : 0; j < columns; ++j) y[j * y_stride + i] = x[i * x_stride + j];
}

void adamw_row(real* p, const real* g, real* m, real* v, Index n, const AdamStep& step) {
  const Vec keep_p = broadcast(static_cast<real>(1 - step.lr * step.decay));
  const Vec beta1 = broadcast(static_cast<real>(step.beta1)), new1 = broadcast(static_cast<real>(1 - step.beta1));
  const Vec beta2 = broadcast(static_cast<real>(step.beta2)), new2 = broadcast(static_cast<real>(1 - step.beta2));
  const Vec rate = broadcast(static_cast<real>(step.lr / step.correction1));
  const Vec root = broadcast(static_cast<real>(1 / __builtin_sqrt(step.correction2)));
  const Vec eps = broadcast(static_cast<real>(step.eps)), l2 = broadcast(static_cast<real>(step.l2));
  each_vector(n, [=](Index i, auto part) LEXIGRAD_INLINE {
    const Vec before = load(p + i, part);
    const Vec grad = fma(before, l2, load(g + i, part));
    const Vec fresh1 = rounded(grad * new1), fresh2 = rounded(grad * grad * new2);
    const Vec first = fma(load(m + i, part), beta1, fresh1), second = fma(load(v + i, part), beta2, fresh2);
    const Vec step_size = rate * first / fma(square_root(second), root, eps);
    store(m + i, first, part);
    store(v + i, second, part);
    store(p + i, before * keep_p - step_size, part);
  });
}

}  // namespace

extern const MatmulKernels LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME);      // in gemm.cpp
extern const RowProducts LEXIGRAD_JOIN(row_products_kernels_, LEXIGRAD_ISA_NAME);  // in row_products.cpp

extern const Kernels LEXIGRAD_JOIN(kernels_, LEXIGRAD_ISA_NAME) = {
    .isa = LEXIGRAD_ISA_TEXT,
    .lanes = lanes,
    .exp = {map<exp>, map<exp, Past>},
    .log = {map<log>, map<log, Past>},
    .tanh = {map<tanh>, map<tanh, Past>},
    .sqrt = {map<square_root>, map<square_root, Past>},
    .relu = {map<relu>, map<relu, Past>},
    .sigmoid = {map<sigmoid>, map<sigmoid, Past>},
    .gelu = {map<gelu>, map<gelu, Past>},
    .gelu_erf = {map<gelu_erf>, map<gelu_erf, Past>},
    .gelu_backward = {map<gelu_backward>, map<gelu_backward, Past>},
    .gelu_erf_backward = {map<gelu_erf_backward>, map<gelu_erf_backward, Past>},
    .relu_backward = {map<relu_backward>, map<relu_backward, Past>},
    .add = {map<add>, map<add, Past>},
    .sub = {map<sub>, map<sub, Past>},
    .mul = {map<mul>, map<mul, Past>},
    .div = {map<div>, map<div, Past>},
    .scale = scale_row,
    .axpy = axpy_row<>,
    .axpy_fetching = axpy_row<const real*, const real*>,
    .max = max_row,
    .sum = sum_row,
    .sum_squares = sum_squares_row,
    .dot = dot_row,
    .exp_sum = exp_sum_row,
    .sum_columns = sum_columns_rows,
    .softmax_backward = {softmax_backward_row, softmax_backward_row<Past>},
    .log_softmax_backward = {log_softmax_backward_row, log_softmax_backward_row<Past>},
    .transpose = transpose_rows,
    .transpose_past_caches = transpose_rows<Past>,
    .copy_past_caches = copy_past_caches_row,
    .layer_norm = layer_norm_row,
    .layer_norm_backward = layer_norm_backward_row,
    .adamw = adamw_row,
    .matmul = &LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME),
    .row_products = &LEXIGRAD_JOIN(row_products_kernels_, LEXIGRAD_ISA_NAME),
};

}  // namespace lexigrad::inline LEXIGRAD_NS
