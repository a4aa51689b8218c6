// ops.hpp: every function on tensors: what it computes and which shapes it takes.
//
// Functions check their arguments and throw ShapeError, IndexError or ValueError; the kernels below them trust. None
// changes its inputs, except those whose names say so (add_into, scatter_add_rows, the optimizer steps).
// Broadcasting is one-sided: the result has the shape of one operand, and the other one repeats into it, aligned at
// the last axis ([64] or [1, 64] or [] into [8, 64]); two operands that would both have to grow are an error.
// Derivatives of these are in autograd/functions.hpp.
#pragma once
#include "tensor/ids.hpp"
#include "tensor/random.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

// Arithmetic, element by element, broadcasting one-sided -------------------------------------------- elementwise.cpp

Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);
Tensor neg(const Tensor& x);
/// alpha · x + beta
Tensor scaled(const Tensor& x, double alpha, double beta = 0.0);
/// target += alpha · x, in place; shapes must be equal.
void add_into(Tensor& target, const Tensor& x, double alpha = 1.0);
void scale_in_place(Tensor& target, double factor);
/// x repeated to `shape`, as broadcasting does.
Tensor expand(const Tensor& x, const Shape& shape);

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator-(const Tensor& x) { return neg(x); }
inline Tensor operator+(const Tensor& x, double c) { return scaled(x, 1.0, c); }
inline Tensor operator+(double c, const Tensor& x) { return scaled(x, 1.0, c); }
inline Tensor operator-(const Tensor& x, double c) { return scaled(x, 1.0, -c); }
inline Tensor operator-(double c, const Tensor& x) { return scaled(x, -1.0, c); }
inline Tensor operator*(const Tensor& x, double c) { return scaled(x, c); }
inline Tensor operator*(double c, const Tensor& x) { return scaled(x, c); }
inline Tensor operator/(const Tensor& x, double c) { return scaled(x, 1.0 / c); }

// Functions of one number ---------------------------------------------------------------------------- elementwise.cpp

Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);                          ///< 1 / (1 + e^-x)
Tensor relu(const Tensor& x);                             ///< max(x, 0); NaN stays NaN
Tensor relu_backward(const Tensor& y, const Tensor& dy);  ///< dy where y > 0 (or NaN), else 0
/// Which formula of GELU, x · Φ(x): `erf` is exact; `tanh` is GPT-2's approximation (Hendrycks & Gimpel 2016).
enum class Gelu { tanh, erf };
Tensor gelu(const Tensor& x, Gelu form = Gelu::tanh);
Tensor gelu_backward(const Tensor& x, const Tensor& dy, Gelu form = Gelu::tanh);

// Reductions: fixed chunks, added in order, so the same bits with any thread count ------------------------ reduce.cpp

Tensor sum(const Tensor& x);   ///< all numbers → []; the sum of none is 0
Tensor mean(const Tensor& x);  ///< all numbers → []; throws ShapeError when there are none
/// Sum over one axis, which is removed (or kept with size 1).
Tensor sum(const Tensor& x, int axis, bool keep_axis = false);
/// The adjoint of broadcasting: sums `x` over the axes in which `shape` repeats into x's shape.
Tensor sum_to(const Tensor& x, const Shape& shape);
double sum_squares(const Tensor& x);  ///< in 64-bit: 1e30 squared does not overflow
bool all_finite(const Tensor& x);
/// Position of the greatest number of each row of the last axis, the first of equals. [.., N] → [..]
Ids argmax(const Tensor& x);

// Matrices ------------------------------------------------------------------------------------------------ matmul.cpp

/// Which operand of a product is read transposed.
enum class Transpose { none, a, b, both };
/// a [.., M, K] · b [K, N] → [.., M, N], or batched with equal leading axes: [B.., M, K] · [B.., K, N] → [B.., M, N].
/// With Transpose::a, a is [.., K, M]; with Transpose::b, b is [.., N, K].
Tensor matmul(const Tensor& a, const Tensor& b, Transpose transpose = Transpose::none);
/// x [.., in] · weightᵀ [out, in] + bias [out] → [.., out]; `bias` may be undefined.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias);
/// target [M, N] += a · b with two-axis operands, transposed as said.
void matmul_into(Tensor& target, const Tensor& a, const Tensor& b, Transpose transpose);
Tensor transpose(const Tensor& x);  ///< swaps the last two axes (a copy)

// Tables -------------------------------------------------------------------------------------------------- gather.cpp

/// The rows of `table` [V, D] named by `ids` [..] → [.., D]. A lookup, no arithmetic: the rows come bit for bit.
/// Throws IndexError for an id outside [0, V).
Tensor gather_rows(const Tensor& table, const Ids& ids);
/// target [V, D]: row ids[i] += alpha · rows[i]. Equal ids add up in their order, with any thread count.
void scatter_add_rows(Tensor& target, const Ids& ids, const Tensor& rows, double alpha = 1.0);
/// Sums rows of equal ids: sorted distinct ids and one row for each, added in the order of appearance.
struct RowSum {
  Ids ids;      ///< [R], ascending
  Tensor rows;  ///< [R, D]
};
RowSum coalesce_rows(const Ids& ids, const Tensor& rows);

// Softmax and cross-entropy ------------------------------------------------------------------------------ softmax.cpp

/// Along the last axis: e^(x - max) / Σ e^(x - max). A row of -inf only, or one with +inf or NaN, gives NaN.
Tensor softmax(const Tensor& x);
Tensor log_softmax(const Tensor& x);  ///< x - max - log Σ e^(x - max), along the last axis

enum class Reduction { mean, sum, none };
struct CrossEntropyOptions {
  Index ignore_index = -100;  ///< targets of this value count for nothing
  double label_smoothing = 0.0;
  Reduction reduction = Reduction::mean;
};
/// Cross-entropy of logits [.., C] against classes [..]: -log softmax(logits)[target], smoothed as
/// (1 - s) · that + s · mean over the classes. Also gives what the backward pass needs.
struct CrossEntropy {
  Tensor loss;     ///< [] or, with Reduction::none, [..]
  Tensor dlogits;  ///< gradient of Σ loss by the logits, if it was asked for
};
/// Throws IndexError for a target outside [0, C); ValueError when all targets are ignored under Reduction::mean.
CrossEntropy cross_entropy(const Tensor& logits, const Ids& targets, const CrossEntropyOptions& options,
                           bool want_gradient);

// Output head on an embedding table, without the matrix of all logits ---------------------------
// tied_cross_entropy.cpp

struct TiedCrossEntropy {
  Tensor loss;    ///< []
  Tensor dh;      ///< [.., D], if wanted
  Tensor dtable;  ///< [V, D], if wanted
};
/// Cross-entropy of logits h [.., D] · tableᵀ [V, D] against the next tokens [..]. Works through blocks of about
/// 256 tokens: one block's logits, its softmax gradient in their place, then its share of dh and dtable. Memory is
/// O(block × V), never O(tokens × V). Reduction::none is not offered.
TiedCrossEntropy tied_cross_entropy(const Tensor& h, const Tensor& table, const Ids& targets,
                                    const CrossEntropyOptions& options, bool want_dh, bool want_dtable);

// Transformer parts ------------------------------------------------------------------- layer_norm.cpp, attention.cpp

struct LayerNormResult {
  Tensor y;           ///< x's shape
  Tensor mean, rstd;  ///< [..]: one number a row
};
/// y = (x - mean) / √(var + eps) · gamma + beta over the last axis, biased variance. gamma, beta [D] or undefined.
LayerNormResult layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double eps);
struct LayerNormGradient {
  Tensor dx, dgamma, dbeta;
};
LayerNormGradient layer_norm_backward(const Tensor& x, const Tensor& gamma, const Tensor& mean, const Tensor& rstd,
                                      const Tensor& dy);

struct AttentionResult {
  Tensor y;          ///< [B, T, D]
  Tensor logsumexp;  ///< [B, H, T]: log Σ e^score of each query, all that backward needs beside its inputs
};
/// Multi-head attention on packed queries, keys and values: qkv [B, T, 3·D], H heads of width D / H:
/// softmax(q kᵀ / √(D/H)) v for each head; with `causal`, position t sees positions 0 … t only.
AttentionResult attention(const Tensor& qkv, Index heads, bool causal);
Tensor attention_backward(const Tensor& qkv, const Tensor& y, const Tensor& logsumexp, const Tensor& dy, Index heads,
                          bool causal);

/// y = x · mask / (1 - p), where element i of the mask is 1 when block.uniform(i) >= p; p = 1 gives zeros.
Tensor dropout(const Tensor& x, double p, const RandomBlock& block);

// Optimizer steps, one pass, in place ----------------------------------------------------------------------- optim.cpp

/// p -= lr · (g + decay · p)
void sgd_step(Tensor& p, const Tensor& g, double lr, double decay);
struct AdamWStep {
  double lr, beta1, beta2, eps, decay;
  Index step;  ///< 1 for the first
};
/// m = β1 m + (1-β1) g;  v = β2 v + (1-β2) g²;  p -= lr·decay·p;  p -= lr · m̂ / (√v̂ + eps) with m̂ = m / (1-β1^t).
void adamw_step(Tensor& p, const Tensor& g, Tensor& m, Tensor& v, const AdamWStep& s);
/// The same for the rows ids[i] of a table only, with gradient g[i]; each id may stand once.
void adamw_rows_step(Tensor& p, const Ids& ids, const Tensor& g, Tensor& m, Tensor& v, const AdamWStep& s);

}  // namespace lexigrad::inline LEXIGRAD_NS
