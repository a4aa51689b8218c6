// reduce.cpp: derivatives of sums and means: the incoming number, repeated.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct Sum {  // y = Σ x;  dx = dy everywhere
  static constexpr std::string_view name = "sum";
  Shape from;
  Tensor forward(const Tensor& x) {
    from = x.shape();
    return sum(x);
  }
  Tensor backward(const Tensor& dy) const { return expand(dy, from); }
};

struct Mean {  // y = Σ x / n;  dx = dy / n everywhere
  static constexpr std::string_view name = "mean";
  Shape from;
  Tensor forward(const Tensor& x) {
    from = x.shape();
    return mean(x);
  }
  Tensor backward(const Tensor& dy) const { return expand(dy / static_cast<double>(from.size()), from); }
};

}  // namespace

Variable sum(const Variable& x) { return apply(Sum{}, x); }
Variable mean(const Variable& x) { return apply(Mean{}, x); }

}  // namespace lexigrad::inline LEXIGRAD_NS
