// softmax.cpp: derivatives of softmax and log-softmax along the last axis.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Σ of each row, kept as [.., 1] so that it repeats over the row.
Tensor row_sums(const Tensor& x) { return sum(x, -1, true); }

struct Softmax {  // y = softmax(x);  dx = y · (dy - Σ dy · y)
  static constexpr std::string_view name = "softmax";
  Saved y;
  Tensor forward(const Tensor& x) {
    Tensor result = softmax(x);
    y = result;
    return result;
  }
  Tensor backward(const Tensor& dy) const { return (dy - row_sums(dy * y)) * y; }
};

struct LogSoftmax {  // y = log softmax(x);  dx = dy - e^y · Σ dy
  static constexpr std::string_view name = "log_softmax";
  Saved y;
  Tensor forward(const Tensor& x) {
    Tensor result = log_softmax(x);
    y = result;
    return result;
  }
  Tensor backward(const Tensor& dy) const { return dy - exp(y) * row_sums(dy); }
};

}  // namespace

Variable softmax(const Variable& x) { return apply(Softmax{}, x); }
Variable log_softmax(const Variable& x) { return apply(LogSoftmax{}, x); }

}  // namespace lexigrad::inline LEXIGRAD_NS
