// activation.cpp: derivatives of functions of one number. What is saved is whatever makes the derivative short.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct Exp {  // y = e^x;  dx = dy · y
  static constexpr std::string_view name = "exp";
  Saved y;
  Tensor forward(const Tensor& x) {
    Tensor result = exp(x);
    y = result;
    return result;
  }
  Tensor backward(const Tensor& dy) const { return dy * y; }
};

struct Log {  // y = ln x;  dx = dy / x
  static constexpr std::string_view name = "log";
  Saved x;
  Tensor forward(const Tensor& in) {
    x = in;
    return log(in);
  }
  Tensor backward(const Tensor& dy) const { return dy / x; }
};

struct Tanh {  // dx = dy · (1 - y²)
  static constexpr std::string_view name = "tanh";
  Saved y;
  Tensor forward(const Tensor& x) {
    Tensor result = tanh(x);
    y = result;
    return result;
  }
  Tensor backward(const Tensor& dy) const { return dy * (1.0 - y * y); }
};

struct Sigmoid {  // dx = dy · y · (1 - y)
  static constexpr std::string_view name = "sigmoid";
  Saved y;
  Tensor forward(const Tensor& x) {
    Tensor result = sigmoid(x);
    y = result;
    return result;
  }
  Tensor backward(const Tensor& dy) const { return dy * y * (1.0 - y); }
};

struct Relu {  // y = max(x, 0);  dx = dy where y > 0
  static constexpr std::string_view name = "relu";
  Saved y;
  Tensor forward(const Tensor& x) {
    Tensor result = relu(x);
    y = result;
    return result;
  }
  Tensor backward(const Tensor& dy) const { return relu_backward(y, dy); }
};

struct GeluOp {  // y = x · Φ(x)
  static constexpr std::string_view name = "gelu";
  Gelu form;
  Saved x;
  Tensor forward(const Tensor& in) {
    x = in;
    return gelu(in, form);
  }
  Tensor backward(const Tensor& dy) const { return gelu_backward(x, dy, form); }
};

}  // namespace

Variable exp(const Variable& x) { return apply(Exp{}, x); }
Variable log(const Variable& x) { return apply(Log{}, x); }
Variable tanh(const Variable& x) { return apply(Tanh{}, x); }
Variable sigmoid(const Variable& x) { return apply(Sigmoid{}, x); }
Variable relu(const Variable& x) { return apply(Relu{}, x); }
Variable gelu(const Variable& x, Gelu form) { return apply(GeluOp{form, {}}, x); }

}  // namespace lexigrad::inline LEXIGRAD_NS
