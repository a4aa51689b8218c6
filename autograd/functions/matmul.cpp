// matmul.cpp: derivatives of matrix products: each operand's gradient is a product with the other one, transposed.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// [.., M, N] as one matrix [rows, N].
Tensor flat(const Tensor& x) { return x.reshape(Shape{x.shape().rows(), x.shape().last()}); }

bool reads_transposed(Transpose t, Transpose operand) { return t == operand || t == Transpose::both; }
Transpose transposing(bool a, bool b) {
  return a ? (b ? Transpose::both : Transpose::a) : (b ? Transpose::b : Transpose::none);
}

struct MatMul {  // y = a b;  da = dy bᵀ;  db = aᵀ dy;  of an operand that is read transposed, the transpose of that
  static constexpr std::string_view name = "matmul";
  Transpose transposed;
  Saved a, b;
  bool batched = false;
  Tensor forward(const Tensor& x, const Tensor& y, Needs needs) {
    if (needs[1]) a = x;
    if (needs[0]) b = y;
    batched = y.rank() > 2;
    return matmul(x, y, transposed);
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    const bool ta = reads_transposed(transposed, Transpose::a), tb = reads_transposed(transposed, Transpose::b);
    Tensor da, db;
    if (needs[0]) da = ta ? matmul(b, dy, transposing(tb, true)) : matmul(dy, b, transposing(false, !tb));
    if (needs[1]) {
      const bool one_b = !batched && dy.rank() > 2;  // rows of all a's met the same b
      const Tensor x = one_b ? flat(a) : a.get(), d = one_b ? flat(dy) : dy;
      db = tb ? matmul(d, x, transposing(true, ta)) : matmul(x, d, transposing(!ta, false));
    }
    return {da, db};
  }
};

struct LinearOp {  // y = x wᵀ + b;  dx = dy w;  dw = dyᵀ x;  db = Σ over rows of dy, where there is a b
  static constexpr std::string_view name = "linear";
  Saved x, w;
  Tensor forward(const Tensor& in, const Tensor& weight, const Tensor& bias, Needs needs) {
    if (needs[1]) x = in;
    if (needs[0]) w = weight;
    return linear(in, weight, bias);
  }
  std::array<Gradient, 3> backward(const Tensor& dy, Needs needs) const {
    // db first, which only reads dy, while that is in a cache; dx last, so that the op it goes to finds it in one.
    Tensor dx, dw, db;
    if (needs[2]) db = sum(flat(dy), 0);
    if (needs[1]) dw = matmul(flat(dy), flat(x), Transpose::a);
    if (needs[0]) dx = dy.rank() > 1 ? matmul(dy, w) : matmul(flat(dy), w).reshape({-1});  // of one vector
    return {dx, dw, db};
  }
};

}  // namespace

Variable matmul(const Variable& a, const Variable& b, Transpose t) { return apply(MatMul{t, {}, {}}, a, b); }
Variable linear(const Variable& x, const Variable& weight, const Variable& bias) {
  return apply(LinearOp{}, x, weight, bias);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
