// arithmetic.cpp: derivatives of + - * / and of choosing. Where an operand was repeated, the engine sums its gradient
// back.
#include "autograd/functions.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct Add {  // y = a + b
  static constexpr std::string_view name = "add";
  Tensor forward(const Tensor& a, const Tensor& b) { return a + b; }
  std::array<Gradient, 2> backward(const Tensor& dy) const { return {dy, dy}; }
};

struct Sub {  // y = a - b
  static constexpr std::string_view name = "sub";
  Tensor forward(const Tensor& a, const Tensor& b) { return a - b; }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const { return {dy, needs[1] ? -dy : Tensor()}; }
};

struct Mul {  // y = a · b
  static constexpr std::string_view name = "mul";
  Saved a, b;
  Tensor forward(const Tensor& x, const Tensor& y, Needs needs) {
    if (needs[1]) a = x;
    if (needs[0]) b = y;
    return x * y;
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    return {needs[0] ? dy * b : Tensor(), needs[1] ? dy * a : Tensor()};
  }
};

struct Div {  // y = a / b;  da = dy / b;  db = -dy · y / b
  static constexpr std::string_view name = "div";
  Saved b, y;
  Tensor forward(const Tensor& num, const Tensor& den, Needs needs) {
    b = den;
    Tensor result = num / den;
    if (needs[1]) y = result;
    return result;
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    return {needs[0] ? dy / b : Tensor(), needs[1] ? -(dy * y / b) : Tensor()};
  }
};

struct Scaled {  // y = alpha · x + beta
  static constexpr std::string_view name = "scaled";
  double alpha, beta;
  Tensor forward(const Tensor& x) { return scaled(x, alpha, beta); }
  Tensor backward(const Tensor& dy) const { return alpha == 1.0 ? dy : scaled(dy, alpha); }
};

struct Where {  // y = a where the condition holds, else b
  static constexpr std::string_view name = "where";
  Saved condition;
  Tensor forward(const Tensor& a, const Tensor& b) { return where(condition, a, b); }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    return {needs[0] ? where(condition, dy, scalar(0)) : Tensor(),
            needs[1] ? where(condition, scalar(0), dy) : Tensor()};
  }
};

}  // namespace

Variable add(const Variable& a, const Variable& b) { return apply(Add{}, a, b); }
Variable sub(const Variable& a, const Variable& b) { return apply(Sub{}, a, b); }
Variable mul(const Variable& a, const Variable& b) { return apply(Mul{}, a, b); }
Variable div(const Variable& a, const Variable& b) { return apply(Div{}, a, b); }
Variable neg(const Variable& x) { return scaled(x, -1.0); }
Variable where(const Tensor& condition, const Variable& a, const Variable& b) { return apply(Where{condition}, a, b); }
Variable scaled(const Variable& x, double alpha, double beta) { return apply(Scaled{alpha, beta}, x); }

}  // namespace lexigrad::inline LEXIGRAD_NS
