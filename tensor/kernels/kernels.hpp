// kernels.hpp: the table of inner loops, compiled once per instruction set and chosen once at start-up.
//
// Kernels work on raw, contiguous numbers on the calling thread. They check nothing, allocate nothing and throw
// nothing; every count may be 0 unless said otherwise. An element's result never depends on its position in the row,
// and y may be x itself (but not overlap it in part). NaN comes out wherever NaN goes in. Internal to tensor/.
// Read next: lanes.hpp (one vector), rows.cpp, gemm.cpp.
#pragma once
#include <vector>

#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// One step of Adam or AdamW. In double, since 1 - 0.999f is wrong in its fifth digit.
struct AdamStep {
  double lr, beta1, beta2, eps;
  double decay;                     ///< AdamW's: p *= 1 - lr · decay, before anything else
  double l2;                        ///< Adam's: l2 · p is added to the gradient
  double correction1, correction2;  ///< 1 - beta^t
};

/// Parts of a matrix product; tensor/gemm.cpp puts them together. A is cut into panels of `mr` rows, B into panels of
/// `nr` columns: the micro-kernel holds a tile [mr, nr] of C in registers.
struct MatmulKernels {
  Index mr, nr;
  Index kc;     ///< inner size of one pass: a panel of B (kc · nr numbers) stays in the first cache or the second
  Index whole;  ///< where B is not packed, its columns are a multiple of this: a vector, or 1 where ends are masked

  /// A panel: out[p][j] = b[p, j] for b[k, n] with n <= nr; columns that do not exist are 0 up to a multiple of `whole`
  /// and undefined beyond. Rows of `out` are `row` numbers apart.
  void (*pack_b)(const real* b, Index row_stride, Index col_stride, Index k, Index n, real* out, Index row);

  /// As many rows of a transposed A as strip_panels panels have: `depth` of K, `col` apart. As panels they go to `to`.
  struct Strip {
    const real* from;
    Index col, depth;
    real* to;
  };
  /// With AVX-512 these panels are two cache lines of each of K. At most so many tiles share the packing of one strip.
  static constexpr Index strip_panels = 4, strip_tiles = 12;

  /// Where panels lie: from one to the next, and strides inside. Packed: {mr · k, 1, mr}, {nr · k, nr}. A may also be
  /// read where it lies, {mr · row, row, col}; and B {0, row} if its rows are contiguous and n is a multiple of
  /// `whole`. What of B is read where it lies may be written to `packed`, as panels, on the way, and is then read
  /// there. While a panel of B is multiplied that is packed, the next one is fetched or turned; behind the last one, of
  /// `behind` columns at `next`. Of the rows of A, read where they lie, the first `far` are fetched while those before
  /// them are multiplied (there may be more than m); columns of B that are read where they lie, with those before them.
  /// The last tiles, or those of the last whole panel, pack A's `next`, if there is a strip, to memory that none of
  /// them reads.
  struct PanelsA {
    const real* data;
    Index panel, row, col, far = 0;
    const Strip* next = nullptr;
  };
  struct PanelsB {
    const real* data;
    Index panel, row;
    real* packed = nullptr;
    Index col = 1, behind = 0;
    const real* next = nullptr;
    /// As block() packs: a panel of less than nr columns has rows of as many vectors as it needs, so that every cache
    /// line on the way is read; where four vectors of columns are left, they are two panels of two.
    bool compact = false;
    Index alternate = 0;  ///< from one place in `packed` to the other, if panels share two in turn; 0: each has its own
  };
  /// c[m, n] = a[m, k] · b[k, n] + add[m, n]; rows of c are ldc apart, those of `add` add_row (0: one row for all; add
  /// may be c, or null for nothing). Each element is summed over k in order: its bits do not depend on m, n or where it
  /// stands.
  void (*block)(Index m, Index n, Index k, const PanelsA& a, const PanelsB& b, real* c, Index ldc, const real* add,
                Index add_row);
};

/// Products of a few rows of k numbers each, given by pointers to where they lie.
struct RowProducts {
  /// s[i, j] = x[i] · y[j] for s [m, n].
  void (*dots)(const real* const* x, Index m, const real* const* y, Index n, Index k, real* s);
  /// out[i] = Σ_j e[i · e_row + j · e_col] · y[j], or with `add` so much more. No row of y is one of out; where a row
  /// stands twice in out, both sums are added to it.
  void (*combine)(const real* e, Index e_row, Index e_col, const real* const* y, Index n, real* const* out, Index m,
                  Index k, bool add);
};

/// Makes a row of n numbers from others as long. Also in a form that stores past the caches, for a result that none
/// holds: y then begins with a cache line, and a fence has to follow.
template <class... In>
struct WritingKernel {
  void (*by_caches)(In... in, real* y, Index n);
  void (*past_caches)(In... in, real* y, Index n);
  void operator()(In... in, real* y, Index n) const { by_caches(in..., y, n); }
};
using RowKernel = WritingKernel<const real*>;
using PairKernel = WritingKernel<const real*, const real*>;

/// n is the count of numbers in each row.
struct Kernels {
  const char* isa;  ///< "baseline", "v3" or "v4"; "portable" on other than x86-64
  Index lanes;      ///< reals in one vector

  // Elementwise, y[i] = f(x[i]) and y[i] = f(a[i], b[i]).
  RowKernel exp, log, tanh, sqrt, relu;
  RowKernel sigmoid;  ///< 1 / (1 + e^-x)
  /// GELU in its tanh form, 0.5 x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³), computed as x σ(2u); and GELU itself,
  /// x Φ(x) with the normal distribution function Φ(x) = 0.5 (1 + erf(x / √2)).
  RowKernel gelu, gelu_erf;
  PairKernel gelu_backward, gelu_erf_backward;  ///< of x and dy: dx = dy · gelu'(x)
  PairKernel relu_backward;                     ///< of y and dy: dx = dy where y > 0 or NaN, else 0
  PairKernel add, sub, mul, div;
  void (*scale)(real alpha, const real* x, real* y, Index n);  ///< y = alpha x
  void (*axpy)(real alpha, const real* x, real* y, Index n);   ///< y += alpha x
  /// The same; meanwhile the rows that will be next are fetched, a line at a time: all at once would hold up this one.
  void (*axpy_fetching)(real alpha, const real* x, real* y, Index n, const real* next_x, const real* next_y);

  // Sums over a row. Numbers are added in blocks of 1024, blocks in double.
  real (*max)(const real* x, Index n);            ///< NaN if any is NaN; n >= 1
  double (*sum)(const real* x, Index n);          ///< Σ x
  double (*sum_squares)(const real* x, Index n);  ///< Σ x², in double throughout: does not overflow for any float
  real (*dot)(const real* a, const real* b, Index n);
  /// y = e^(x - shift), returns Σ y; no x is more than 88 above shift. y may be null.
  real (*exp_sum)(const real* x, real shift, real* y, Index n);
  /// sums[i] += Σ over the rows of x [rows, n]; eight rows at a time are added as reals.
  void (*sum_columns)(const real* x, Index rows, Index n, double* sums);

  PairKernel softmax_backward;      ///< of y and dy: dx = y · (dy - Σ y · dy)
  PairKernel log_softmax_backward;  ///< of y and dy: dx = dy - e^y · Σ dy

  /// y[j, i] = x[i, j] for x [rows, columns]; rows of x and of y are a stride apart.
  void (*transpose)(const real* x, Index rows, Index columns, Index x_stride, real* y, Index y_stride);
  /// The same past the caches; y and its rows begin with cache lines.
  void (*transpose_past_caches)(const real* x, Index rows, Index columns, Index x_stride, real* y, Index y_stride);
  /// y = x past the caches: y begins with a cache line. Meanwhile the n numbers at `next` are fetched, a line at a
  /// time: all at once would hold up this row. Where x is null, y is zeros, and nothing is fetched.
  void (*copy_past_caches)(const real* x, real* y, Index n, const real* next);

  /// y = (x - mean) · rstd · gamma + beta with rstd = 1 / √(variance + eps), the variance over n; gamma and beta may be
  /// null. Gives out mean and rstd for the backward pass.
  void (*layer_norm)(const real* x, const real* gamma, const real* beta, real* y, Index n, double eps, real* mean,
                     real* rstd);
  /// With h = (x - mean) · rstd and g = dy · gamma: dx = rstd · (g - mean(g) - h · mean(g · h)), dgamma += dy · h,
  /// dbeta += dy. gamma, dgamma and dbeta may be null.
  void (*layer_norm_backward)(const real* x, const real* gamma, const real* dy, real mean, real rstd, real* dx,
                              real* dgamma, real* dbeta, Index n);

  /// g += l2 · p; p *= 1 - lr · decay; m = β₁ m + (1 - β₁) g; v = β₂ v + (1 - β₂) g²;
  /// p -= lr · (m / correction1) / (√(v / correction2) + eps)   (Loshchilov & Hutter, 2019; as PyTorch has it)
  void (*adamw)(real* p, const real* g, real* m, real* v, Index n, const AdamStep& step);

  const MatmulKernels* matmul;
  const RowProducts* row_products;
};

/// The table in use: the best that this CPU has, or the one that LEXIGRAD_ISA (baseline, v3, v4) names. Throws
/// ValueError when that is no name or one that this build or CPU lacks.
const Kernels& kernels();

/// All tables that this CPU can run, the plainest first; for tests.
std::vector<const Kernels*> available_kernels();

}  // namespace lexigrad::inline LEXIGRAD_NS
