// activation.cpp: derivatives of functions of one number. What is saved is whatever makes the derivative short.
#include "autograd/functions.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Most derivatives are short in terms of the result, or of the input: an op that keeps the one or the other of y =
// F(x).
template <Tensor (*F)(const Tensor&)>
struct KeepsResult {
  Saved y;
  Tensor forward(const Tensor& x) { return y.keep(F(x)); }
};
template <Tensor (*F)(const Tensor&)>
struct KeepsInput {
  Saved x;
  Tensor forward(const Tensor& in) { return F(x.keep(in)); }
};

struct Exp : KeepsResult<exp> {  // y = e^x;  dx = dy · y
  static constexpr std::string_view name = "exp";
  Tensor backward(const Tensor& dy) const { return dy * y; }
};

struct Log : KeepsInput<log> {  // y = ln x;  dx = dy / x
  static constexpr std::string_view name = "log";
  Tensor backward(const Tensor& dy) const { return dy / x; }
};

struct Sqrt : KeepsResult<sqrt> {  // y = √x;  dx = dy / 2y
  static constexpr std::string_view name = "sqrt";
  Tensor backward(const Tensor& dy) const { return dy * 0.5 / y; }
};

struct Abs : KeepsInput<abs> {  // y = |x|;  dx = dy · sign(x)
  static constexpr std::string_view name = "abs";
  Tensor backward(const Tensor& dy) const { return abs_backward(x, dy); }
};

struct Tanh : KeepsResult<tanh> {  // dx = dy · (1 - y²)
  static constexpr std::string_view name = "tanh";
  Tensor backward(const Tensor& dy) const { return tanh_backward(y, dy); }
};

struct Sigmoid : KeepsResult<sigmoid> {  // dx = dy · y · (1 - y)
  static constexpr std::string_view name = "sigmoid";
  Tensor backward(const Tensor& dy) const { return sigmoid_backward(y, dy); }
};

struct Relu : KeepsResult<relu> {  // y = max(x, 0);  dx = dy where y > 0
  static constexpr std::string_view name = "relu";
  Tensor backward(Tensor dy) const { return relu_backward(y, std::move(dy)); }
};

struct Pow {  // y = x^p;  dx = dy · p · x^(p - 1)
  static constexpr std::string_view name = "pow";
  double exponent;
  Saved x;
  Tensor forward(const Tensor& in) { return pow(x.keep(in), exponent); }
  Tensor backward(const Tensor& dy) const {
    if (exponent == 0.0) return zeros(dy.shape());  // also where x is 0, whose power -1 is infinite
    return dy * scaled(pow(x, exponent - 1.0), exponent);
  }
};

struct Clamp {  // y = min(max(x, low), high);  dx = dy inside the bounds, 0 outside
  static constexpr std::string_view name = "clamp";
  double low, high;
  Saved x;
  Tensor forward(const Tensor& in) { return clamp(x.keep(in), low, high); }
  Tensor backward(const Tensor& dy) const { return clamp_backward(x, dy, low, high); }
};

struct GeluOp {  // y = x · Φ(x)
  static constexpr std::string_view name = "gelu";
  Gelu form;
  Saved x;
  Tensor forward(const Tensor& in) { return gelu(x.keep(in), form); }
  Tensor backward(Tensor dy) const { return gelu_backward(x, std::move(dy), form); }
};

}  // namespace

Variable exp(const Variable& x) { return apply(Exp{}, x); }
Variable log(const Variable& x) { return apply(Log{}, x); }
Variable sqrt(const Variable& x) { return apply(Sqrt{}, x); }
Variable pow(const Variable& x, double exponent) { return apply(Pow{exponent, {}}, x); }
Variable abs(const Variable& x) { return apply(Abs{}, x); }
Variable clamp(const Variable& x, double low, double high) { return apply(Clamp{low, high, {}}, x); }
Variable tanh(const Variable& x) { return apply(Tanh{}, x); }
Variable sigmoid(const Variable& x) { return apply(Sigmoid{}, x); }
Variable relu(const Variable& x) { return apply(Relu{}, x); }
Variable gelu(const Variable& x, Gelu form) { return apply(GeluOp{form, {}}, x); }

}  // namespace lexigrad::inline LEXIGRAD_NS
