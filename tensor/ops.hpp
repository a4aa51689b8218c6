// ops.hpp: every function on tensors: what it computes and which shapes it takes.
//
// Functions check their arguments and throw ShapeError, IndexError or ValueError; the kernels below them trust. None
// changes its inputs, except those whose names say so (add_into, scatter_add_rows, the optimizer steps).
// Broadcasting is one-sided: the result has the shape of one operand, and the other one repeats into it, aligned at
// the last axis ([64] or [1, 64] or [] into [8, 64]); two operands that would both have to grow are an error.
// Derivatives of these are in autograd/functions.hpp.
#pragma once
#include <initializer_list>
#include <vector>

#include "tensor/ids.hpp"
#include "tensor/random.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

// Arithmetic, element by element, broadcasting one-sided -------------------------------------------- elementwise.cpp

Tensor add(const Tensor& a, const Tensor& b);                        ///< a + b
Tensor sub(const Tensor& a, const Tensor& b);                        ///< a - b
Tensor mul(const Tensor& a, const Tensor& b);                        ///< a · b, number by number
Tensor div(const Tensor& a, const Tensor& b);                        ///< a / b; x / 0 is infinite, 0 / 0 NaN
Tensor neg(const Tensor& x);                                         ///< -x
Tensor scaled(const Tensor& x, double alpha, double beta = 0.0);     ///< alpha · x + beta
void add_into(Tensor& target, const Tensor& x, double alpha = 1.0);  ///< target += alpha · x, of equal shapes
void scale_in_place(Tensor& target, double factor);                  ///< target *= factor
Tensor expand(const Tensor& x, const Shape& shape);                  ///< x repeated to `shape`, as broadcasting does

/// The functions above as operators; a double stands for a tensor that is this number everywhere.
/// x / c is x · (1 / c).
///@{
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
///@}

Tensor less(const Tensor& a, const Tensor& b);  ///< 1 where a < b, else 0 (so for NaN too)
/// a where `condition` is not 0, else b. One of the three has the result's shape, the others repeat into it.
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);

// Functions of one number ---------------------------------------------------------------------------- elementwise.cpp

Tensor exp(const Tensor& x);                             ///< e^x
Tensor log(const Tensor& x);                             ///< ln x: -inf at 0, NaN below
Tensor sqrt(const Tensor& x);                            ///< √x: NaN below 0
Tensor pow(const Tensor& x, double exponent);            ///< x^exponent, as std::pow: NaN for a root of what is below 0
Tensor abs(const Tensor& x);                             ///< |x|
Tensor abs_backward(const Tensor& x, const Tensor& dy);  ///< dy · sign(x); 0 where x is 0, NaN where it is NaN
/// The nearest number in [low, high]; NaN stays NaN. Throws ValueError when there is none.
Tensor clamp(const Tensor& x, double low, double high);
Tensor clamp_backward(const Tensor& x, const Tensor& dy, double low, double high);  ///< dy inside the bounds, else 0
Tensor tanh(const Tensor& x);                                                       ///< (e^x - e^-x) / (e^x + e^-x)
Tensor sigmoid(const Tensor& x);                                                    ///< 1 / (1 + e^-x)
Tensor tanh_backward(const Tensor& y, const Tensor& dy);  ///< dy · (1 - y²), the slope of tanh in terms of its result
Tensor sigmoid_backward(const Tensor& y, const Tensor& dy);  ///< dy · y · (1 - y), likewise
Tensor relu(const Tensor& x);                                ///< max(x, 0); NaN stays NaN
Tensor relu_backward(const Tensor& y, Tensor dy);            ///< dy where y > 0 (or NaN), else 0; in dy.reused()
/// Which formula of GELU, x · Φ(x): `erf` is exact; `tanh` is GPT-2's approximation (Hendrycks & Gimpel 2016).
enum class Gelu { tanh, erf };
Tensor gelu(const Tensor& x, Gelu form = Gelu::tanh);  ///< x · Φ(x), Φ the share of N(0, 1) below x
/// dy · the slope of gelu at x; in dy.reused()
Tensor gelu_backward(const Tensor& x, Tensor dy, Gelu form = Gelu::tanh);

/// What becomes of the losses of many items: their mean, their sum, or each for itself.
enum class Reduction { mean, sum, none };

// Reductions: fixed chunks, added in order, so the same bits with any thread count ------------------------ reduce.cpp

Tensor sum(const Tensor& x);   ///< all numbers → []; the sum of none is 0
Tensor mean(const Tensor& x);  ///< all numbers → []; throws ShapeError when there are none
/// Sum over one axis, which is removed (or kept with size 1).
Tensor sum(const Tensor& x, int axis, bool keep_axis = false);
/// The adjoint of broadcasting: sums `x` over the axes in which `shape` repeats into x's shape.
Tensor sum_to(const Tensor& x, const Shape& shape);
Tensor mean(const Tensor& x, int axis, bool keep_axis = false);  ///< throws ShapeError when the axis is empty
/// The greatest number, NaN if there is one: of all → [], or along one axis. Throws ShapeError when there are none.
Tensor max(const Tensor& x);
Tensor max(const Tensor& x, int axis, bool keep_axis = false);  ///< along one axis, which goes (or stays as 1)
/// Where the greatest number stands, the first of equals (the first NaN, if any): its place among all numbers. Throws
/// ShapeError when there are none.
Index argmax(const Tensor& x);
Ids argmax(const Tensor& x, int axis);  ///< its place along one axis, which is removed
double sum_squares(const Tensor& x);    ///< in 64-bit: 1e30 squared does not overflow
bool all_finite(const Tensor& x);       ///< true when no number is infinite or NaN

// Matrices ------------------------------------------------------------------------------------------------ matmul.cpp

/// Which operand of a product is read transposed.
enum class Transpose { none, a, b, both };
/// a [.., M, K] · b [K, N] → [.., M, N], or batched with equal leading axes: [B.., M, K] · [B.., K, N] → [B.., M, N].
/// With Transpose::a, a is [.., K, M], and b has its leading axes; with Transpose::b, b is [.., N, K]. Throws
/// ShapeError when they do not fit.
Tensor matmul(const Tensor& a, const Tensor& b, Transpose transpose = Transpose::none);
/// x [.., in] · weightᵀ [out, in] + bias [out] → [.., out]; `bias` may be undefined.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias);
Tensor transpose(const Tensor& x);  ///< swaps the last two axes (a copy)

// Tables -------------------------------------------------------------------------------------------------- gather.cpp

/// The rows of `table` [V, D] named by `ids` [..] → [.., D]. A lookup, no arithmetic: the rows come bit for bit.
/// Throws IndexError for an id outside [0, V).
Tensor gather_rows(const Tensor& table, const Ids& ids);
/// Rows for some ids [R], written once where several ids share one: row s belongs to the ids starts[s] … starts[s + 1]
/// - 1, and id i has factors[i] times that.
struct SharedRows {
  Tensor rows;                     ///< [S, D], or a row for each id [R, D]
  std::vector<Index> starts = {};  ///< S + 1 places among the ids, ascending from 0 to R; empty: a row for each id
  Tensor factors = {};             ///< [R]; undefined: 1
  bool shared() const { return !starts.empty() || factors.defined(); }
  /// Which row id i has, sought from that of an id before it on.
  Index row_of(Index i, Index row) const {
    if (starts.empty()) return i;
    while (starts[static_cast<std::size_t>(row) + 1] <= i) ++row;
    return row;
  }
  Tensor expanded() const;  ///< [R, D]: each id's own
};
/// target [V, D]: row ids[i] += alpha · row of id i. Equal ids add up in their order, with any thread count.
void scatter_add_rows(Tensor& target, const Ids& ids, const SharedRows& rows, double alpha = 1.0);
/// A table [count, D] of zeros, and in row i the sum of the rows of all ids that are i, in their order.
Tensor spread_rows(const Ids& ids, const Tensor& rows, Index count);
/// Σ over all numbers of those sums, squared.
double sum_squares_of_rows(const Ids& ids, const Tensor& rows);
/// Rows ids[..] of `table` whose Euclidean norm is over max_norm are scaled down to it, in place (the buffer is left
/// alone when there are none). Throws ValueError unless max_norm is above 0.
void renorm_rows(Tensor& table, const Ids& ids, double max_norm);

// Moving numbers along an axis ----------------------------------------------------------------------------- axis.cpp

/// Parts side by side along `axis`; their other axes are equal. Throws ShapeError otherwise, or when there is no part.
Tensor concat(const std::vector<Tensor>& parts, int axis);
/// The same for parts in braces.
inline Tensor concat(std::initializer_list<Tensor> parts, int axis) { return concat(std::vector<Tensor>(parts), axis); }
/// Places [first, first + count) of an axis (a copy). Throws IndexError out of range.
Tensor part(const Tensor& x, int axis, Index first, Index count);
/// Numbers picked along an axis: with x [.., N, ..] and ids [.., K, ..] equal in the other axes,
/// y[.., k, ..] = x[.., ids[.., k, ..], ..]. Throws IndexError for an id outside [0, N).
Tensor gather(const Tensor& x, int axis, const Ids& ids);
/// The adjoint of gather: target[.., ids[.., k, ..], ..] += values[.., k, ..]. Equal ids add up in their order.
void scatter_add_into(Tensor& target, int axis, const Ids& ids, const Tensor& values);

// Softmax and cross-entropy ------------------------------------------------------------------------------ softmax.cpp

/// Along an axis: e^(x - max) / Σ e^(x - max). A row of -inf only, or one with +inf or NaN, gives NaN.
Tensor softmax(const Tensor& x, int axis = -1);
Tensor log_softmax(const Tensor& x, int axis = -1);                    ///< x - max - log Σ e^(x - max), along an axis
Tensor softmax_backward(const Tensor& y, const Tensor& dy, int axis);  ///< y · (dy - Σ y · dy), y the result
Tensor log_softmax_backward(const Tensor& y, const Tensor& dy, int axis);  ///< dy - e^y · Σ dy, y the result

/// How losses over classes are weighed and gathered.
struct CrossEntropyOptions {
  Index ignore_index = -100;              ///< targets of this value count for nothing
  double label_smoothing = 0.0;           ///< s in [0, 1]: this share of the target is spread over all classes
  Reduction reduction = Reduction::mean;  ///< of the losses of all targets
  Tensor class_weights = {};              ///< [C], or undefined: all 1
};
/// Cross-entropy of logits [.., C] against classes [..]: with l(c) = -w(c) · log softmax(logits)[c], the loss of one
/// row is (1 - s) · l(target) + s/C · Σ l(c). The mean divides by the weights of the targets that are not ignored, as
/// PyTorch does. Also gives what the backward pass needs.
struct CrossEntropy {
  Tensor loss;     ///< [] or, with Reduction::none, [..]
  Tensor dlogits;  ///< gradient of Σ loss by the logits, if it was asked for
};
/// Throws IndexError for a target outside [0, C); ValueError when all targets are ignored under Reduction::mean (or
/// have weight 0).
CrossEntropy cross_entropy(const Tensor& logits, const Ids& targets, const CrossEntropyOptions& options,
                           bool want_gradient);

// Output head on an embedding table, without the matrix of all logits ------------------------ tied_cross_entropy.cpp

/// The loss, and gradients of the loss.
struct TiedCrossEntropy {
  Tensor loss;    ///< []
  Tensor dh;      ///< [.., D], if wanted
  Tensor dtable;  ///< [V, D], if wanted
};
/// Cross-entropy of logits h [.., D] · tableᵀ [V, D] against the next tokens [..]. Works through blocks of 256 tokens,
/// or as many more as have 8 million logits: one block's logits, its softmax gradient in their place, then its share of
/// dh and dtable. Memory is O(block × V), never O(tokens × V). Reduction::none is not offered.
TiedCrossEntropy tied_cross_entropy(const Tensor& h, const Tensor& table, const Ids& targets,
                                    const CrossEntropyOptions& options, bool want_dh, bool want_dtable);

// Word vectors ------------------------------------------------------------------------------- negative_sampling.cpp

/// Windows of a text: words, what stands around each, and what does not. In window w the contexts are
/// contexts[starts[w]] … contexts[starts[w + 1] - 1], and samples[w] is the word itself followed by its negatives. A
/// negative that happens to be the word counts nothing.
struct SampledWindows {
  Ids contexts;               ///< [P], rows of the input table
  std::vector<Index> starts;  ///< W + 1 places in contexts, from 0 to P
  Ids samples;                ///< [W, 1 + K], rows of the output table
  bool mean = false;          ///< false: each context is an input (skip-gram); true: their mean is the one input (CBOW)
  /// Of a mean, each context gets the whole gradient in place of its share 1 / m: not the derivative, but what word2vec
  /// does.
  bool undivided = false;
  /// Of skip-gram, near what word2vec does: each input meets the word's row where those before it in the window move it
  /// in a step of this size, with the errors they have at one place. No derivative, either. 0: all meet the same.
  double step = 0.0;

  Index count() const { return static_cast<Index>(starts.size()) - 1; }  ///< W
};
/// The loss, and its gradients by the rows that were used, if wanted. Of means, all contexts of a window share a row,
/// and the row of each sample is its slope times the mean.
struct NegativeSampling {
  Tensor loss;           ///< []
  SharedRows dcontexts;  ///< of P contexts
  SharedRows dsamples;   ///< of W · (1 + K) samples
};
/// Σ over the inputs x of each window and its samples y of -log σ(x · word) - Σ log σ(-x · negative), for tables input
/// and output [V, D] (Mikolov, Sutskever, Chen, Corrado, Dean 2013). The negatives are shared by all inputs of a
/// window, so that a window is three small matrix products (Ji, Satish, Li, Dubey 2016). Throws ShapeError, IndexError.
NegativeSampling negative_sampling(const Tensor& input, const Tensor& output, const SampledWindows& windows,
                                   bool want_contexts, bool want_samples);
/// Goes down that gradient window by window, lr at a time (which is the step, too), in place and on the calling thread
/// alone; gives the loss. Each window sees what the one before it changed, so the steps are finer than one step of all
/// windows together.
double negative_sampling_descent(Tensor& input, Tensor& output, const SampledWindows& windows, double lr);

// Transformer parts ------------------------------------------------------------------- layer_norm.cpp, attention.cpp

/// What is normalised, and what the backward pass needs.
struct LayerNormResult {
  Tensor y;     ///< x's shape
  Tensor mean;  ///< [..]: one number a row
  Tensor rstd;  ///< [..]: 1 / √(var + eps) of each row
};
/// y = (x - mean) / √(var + eps) · gamma + beta over the last axis, biased variance. gamma, beta [D] or undefined.
LayerNormResult layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double eps);
/// Gradients by the three inputs; an undefined gamma counts as ones.
struct LayerNormGradient {
  Tensor dx;      ///< x's shape
  Tensor dgamma;  ///< [D]
  Tensor dbeta;   ///< [D]
};
/// With x̂ = (x - mean) · rstd and g = dy · gamma: dx = rstd · (g - mean(g) - x̂ · mean(g · x̂)), dgamma = Σ dy · x̂,
/// dbeta = Σ dy over the rows. dx is made in dy.reused().
LayerNormGradient layer_norm_backward(const Tensor& x, const Tensor& gamma, const Tensor& mean, const Tensor& rstd,
                                      Tensor dy);

/// What each position gathered, and what the backward pass needs.
struct AttentionResult {
  Tensor y;          ///< [B, T, D]
  Tensor logsumexp;  ///< [B, H, T]: log Σ e^score of each query, all that backward needs beside its inputs
};
/// Multi-head attention on packed queries, keys and values: qkv [B, T, 3·D], H heads of width D / H:
/// softmax(q kᵀ / √(D/H)) v for each head (Vaswani et al. 2017); with `causal`, position t sees positions 0 … t only.
/// Throws ShapeError, and ValueError when the heads do not divide D.
AttentionResult attention(const Tensor& qkv, Index heads, bool causal);
/// The gradient by qkv. Chances are made once more from logsumexp, so no [T, T] matrix is kept (Dao et al. 2022).
Tensor attention_backward(const Tensor& qkv, const Tensor& logsumexp, const Tensor& dy, Index heads, bool causal);

/// Causal attention that goes on where it stopped: qkv [N, 3·D] are the positions `past` … past + N - 1, whose keys and
/// values are written into keys, values [H, C, D / H] behind the `past` ones that stand there. Each position sees
/// itself and all before it → y [N, D]: the rows that attention() has there for the whole sequence, but for rounding.
/// Throws ShapeError when the shapes do not fit, or there is no room for N more.
Tensor cached_attention(const Tensor& qkv, Tensor& keys, Tensor& values, Index past);

/// y = x · mask / (1 - p), where element i of the mask is 1 when block.uniform(i) >= p; p = 1 gives zeros.
Tensor dropout(const Tensor& x, double p, const RandomBlock& block);

// Optimizer steps, one pass, in place ----------------------------------------------------------------------- optim.cpp

/// The numbers of one step of gradient descent.
struct SgdStep {
  double lr;              ///< learning rate
  double decay = 0.0;     ///< L2
  double momentum = 0.0;  ///< share of m that stays
  bool nesterov = false;  ///< looks one step ahead
};
/// d = g + decay · p;  p -= lr · d. With a tensor m: m = momentum · m + d;  p -= lr · (nesterov ? d + momentum · m : m)
/// (Polyak 1964; Sutskever et al. 2013). Without momentum m is undefined.
void sgd_step(Tensor& p, const Tensor& g, Tensor& m, const SgdStep& s);
// Of a table, `rows` names the only rows to be stepped, with gradient g[i] for rows[i]; those of equal ids are summed.

/// The numbers of one Adagrad step.
struct AdagradStep {
  double lr;     ///< learning rate
  double eps;    ///< keeps the divisor away from 0
  double decay;  ///< L2
};
/// d = g + decay · p;  s += d²;  p -= lr · d / (√s + eps)   (Duchi, Hazan, Singer 2011)
void adagrad_step(Tensor& p, const Tensor& g, Tensor& sums, const AdagradStep& s, const Ids* rows = nullptr);
/// The numbers of one Adam or AdamW step.
struct AdamWStep {
  double lr;              ///< learning rate
  double beta1;           ///< share of m that stays
  double beta2;           ///< share of v that stays
  double eps;             ///< keeps the divisor away from 0
  double decay;           ///< weight decay
  Index step;             ///< 1 for the first
  bool decoupled = true;  ///< AdamW; false: Adam's L2, where decay · p is added to the gradient
};
/// m = β1 m + (1-β1) g;  v = β2 v + (1-β2) g²;  p -= lr·decay·p;  p -= lr · m̂ / (√v̂ + eps) with m̂ = m / (1-β1^t),
/// v̂ = v / (1-β2^t), t the step (Kingma & Ba 2015; Loshchilov & Hutter 2019).
void adamw_step(Tensor& p, const Tensor& g, Tensor& m, Tensor& v, const AdamWStep& s, const Ids* rows = nullptr);

}  // namespace lexigrad::inline LEXIGRAD_NS
