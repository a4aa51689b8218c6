// functions.hpp: every differentiable function: formula and shapes. Each is a struct and a function in functions/.
//
// Values and checks are those of tensor/ops.hpp. A function given only variables that want no gradient records nothing.
// Adding one: the struct and its function in functions/, a declaration here, a row in the table of
// tests/autograd/gradcheck_table.cpp (a test fails when that row is missing).
#pragma once
#include "autograd/op.hpp"
#include "tensor/ops.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

// functions/arithmetic.cpp: element by element, broadcasting one-sided
Variable add(const Variable& a, const Variable& b);                   ///< a + b
Variable sub(const Variable& a, const Variable& b);                   ///< a - b
Variable mul(const Variable& a, const Variable& b);                   ///< a · b
Variable div(const Variable& a, const Variable& b);                   ///< a / b
Variable neg(const Variable& x);                                      ///< -x
Variable scaled(const Variable& x, double alpha, double beta = 0.0);  ///< alpha · x + beta

/// The functions above as operators; a double stands for a constant that is this number everywhere.
///@{
inline Variable operator+(const Variable& a, const Variable& b) { return add(a, b); }
inline Variable operator-(const Variable& a, const Variable& b) { return sub(a, b); }
inline Variable operator*(const Variable& a, const Variable& b) { return mul(a, b); }
inline Variable operator/(const Variable& a, const Variable& b) { return div(a, b); }
inline Variable operator-(const Variable& x) { return neg(x); }
inline Variable operator+(const Variable& x, double c) { return scaled(x, 1.0, c); }
inline Variable operator+(double c, const Variable& x) { return scaled(x, 1.0, c); }
inline Variable operator-(const Variable& x, double c) { return scaled(x, 1.0, -c); }
inline Variable operator-(double c, const Variable& x) { return scaled(x, -1.0, c); }
inline Variable operator*(const Variable& x, double c) { return scaled(x, c); }
inline Variable operator*(double c, const Variable& x) { return scaled(x, c); }
inline Variable operator/(const Variable& x, double c) { return scaled(x, 1.0 / c); }
///@}

Variable where(const Tensor& condition, const Variable& a, const Variable& b);  ///< a where condition ≠ 0, else b

// functions/activation.cpp: functions of one number
Variable exp(const Variable& x);                             ///< e^x
Variable log(const Variable& x);                             ///< ln x
Variable sqrt(const Variable& x);                            ///< √x; the slope at 0 is infinite
Variable pow(const Variable& x, double exponent);            ///< x^exponent
Variable abs(const Variable& x);                             ///< |x|; the slope at 0 is taken as 0
Variable clamp(const Variable& x, double low, double high);  ///< slope 1 from low to high, both included, else 0
Variable tanh(const Variable& x);                            ///< slope 1 - y²
Variable sigmoid(const Variable& x);                         ///< 1 / (1 + e^-x), slope y · (1 - y)
Variable relu(const Variable& x);                            ///< max(x, 0); the slope at 0 is taken as 0
Variable gelu(const Variable& x, Gelu form = Gelu::tanh);    ///< x · Φ(x)

// functions/shape.cpp
Variable reshape(const Variable& x, const Shape& shape);        ///< the same numbers; shares the buffer
Variable transpose(const Variable& x);                          ///< swaps the last two axes
Variable expand(const Variable& x, const Shape& shape);         ///< repeated to `shape`, as broadcasting does
Variable rows(const Variable& x, Index first, Index count);     ///< x[first : first + count] of the first axis
Variable concat(const std::vector<Variable>& parts, int axis);  ///< side by side along an axis
Variable gather(const Variable& x, int axis, const Ids& ids);   ///< y[.., k, ..] = x[.., ids[.., k, ..], ..]
/// x with values[.., k, ..] added at [.., ids[.., k, ..], ..]
Variable scatter_add(const Variable& x, int axis, const Ids& ids, const Variable& values);

// functions/reduce.cpp
Variable sum(const Variable& x);   ///< all numbers → []
Variable mean(const Variable& x);  ///< all numbers → []
Variable max(const Variable& x);   ///< all numbers → []; of equal ones the first gets the gradient
Variable sum(const Variable& x, int axis, bool keep_axis = false);   ///< along one axis, which goes (or stays as 1)
Variable mean(const Variable& x, int axis, bool keep_axis = false);  ///< Σ / n along one axis
Variable max(const Variable& x, int axis, bool keep_axis = false);   ///< the greatest along one axis
/// Mean, sum, or each of (prediction - target)²; the shapes must be equal.
Variable mse(const Variable& prediction, const Variable& target, Reduction reduction = Reduction::mean);

// functions/matmul.cpp
/// [.., M, K] · [K, N], or batched with equal leading axes; operands are read transposed where said, an a
/// with more than two axes only batched.
Variable matmul(const Variable& a, const Variable& b, Transpose transpose = Transpose::none);
/// x [.., in] · weightᵀ [out, in] + bias [out]; without the bias where that is undefined.
Variable linear(const Variable& x, const Variable& weight, const Variable& bias = {});

// functions/softmax.cpp
Variable softmax(const Variable& x, int axis = -1);      ///< e^x / Σ e^x along an axis
Variable log_softmax(const Variable& x, int axis = -1);  ///< x - log Σ e^x along an axis

// functions/embedding.cpp
/// What a lookup's gradient leaves out or divides.
struct LookupOptions {
  std::optional<Index> padding_idx;  ///< this row is read like any other, but gets no gradient from the lookup
  bool scale_grad_by_freq = false;   ///< gradients of a row are divided by how often its id occurs in `ids`
};
/// Rows of table [V, D] named by ids [..] → [.., D]. The gradient is rows: no [V, D] buffer is made for it.
Variable embedding(const Variable& table, const Ids& ids, const LookupOptions& options = {});

// functions/cross_entropy.cpp
/// logits [.., C], targets [..] → [] (mean or sum) or [..] (none)
Variable cross_entropy(const Variable& logits, const Ids& targets, const CrossEntropyOptions& options = {});
/// The same of the logits h [.., D] · tableᵀ [V, D], never holding them all. Reductions mean and sum.
Variable tied_cross_entropy(const Variable& h, const Variable& table, const Ids& targets,
                            const CrossEntropyOptions& options = {});

// functions/negative_sampling.cpp
/// The loss of word vectors, tables input and output [V, D] → []. Both gradients are rows: those that were used.
Variable negative_sampling(const Variable& input, const Variable& output, const SampledWindows& windows);

// functions/layer_norm.cpp
Variable layer_norm(const Variable& x, double eps = 1e-5);  ///< without scale and shift
/// (x - mean) / √(var + eps) · gamma [D] + beta [D] over the last axis of x [.., D] (Ba, Kiros, Hinton 2016)
Variable layer_norm(const Variable& x, const Variable& gamma, const Variable& beta, double eps = 1e-5);

// functions/attention.cpp
/// qkv [B, T, 3·D] → [B, T, D], multi-head scaled dot-product attention
Variable attention(const Variable& qkv, Index heads, bool causal = true);

// functions/dropout.cpp
/// Zeroes each number with chance p in [0, 1] and divides the rest by 1 - p (Srivastava et al. 2014). Takes x.size()
/// numbers out of `rng`.
Variable dropout(const Variable& x, double p, Rng& rng);

}  // namespace lexigrad::inline LEXIGRAD_NS
