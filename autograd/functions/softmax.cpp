// softmax.cpp: derivatives of softmax and log-softmax along an axis.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct Softmax {  // y = softmax(x);  dx = y · (dy - Σ dy · y)
  static constexpr std::string_view name = "softmax";
  int axis;
  Saved y;
  Tensor forward(const Tensor& x) { return y.keep(softmax(x, axis)); }
  Tensor backward(const Tensor& dy) const { return softmax_backward(y, dy, axis); }
};

struct LogSoftmax {  // y = log softmax(x);  dx = dy - e^y · Σ dy
  static constexpr std::string_view name = "log_softmax";
  int axis;
  Saved y;
  Tensor forward(const Tensor& x) { return y.keep(log_softmax(x, axis)); }
  Tensor backward(const Tensor& dy) const { return log_softmax_backward(y, dy, axis); }
};

}  // namespace

Variable softmax(const Variable& x, int axis) { return apply(Softmax{axis, {}}, x); }
Variable log_softmax(const Variable& x, int axis) { return apply(LogSoftmax{axis, {}}, x); }

}  // namespace lexigrad::inline LEXIGRAD_NS
