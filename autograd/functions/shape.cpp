// shape.cpp: derivatives of functions that move numbers and change none.
#include "autograd/functions.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct Reshape {
  static constexpr std::string_view name = "reshape";
  Shape to, from;
  Tensor forward(const Tensor& x) {
    from = x.shape();
    return x.reshape(to);
  }
  Tensor backward(const Tensor& dy) const { return dy.reshape(from); }
};

struct TransposeOp {
  static constexpr std::string_view name = "transpose";
  Tensor forward(const Tensor& x) { return transpose(x); }
  Tensor backward(const Tensor& dy) const { return transpose(dy); }
};

struct Rows {  // y = x[first : first + count];  dx = dy there, 0 elsewhere
  static constexpr std::string_view name = "rows";
  Index first, count;
  Shape from;
  Tensor forward(const Tensor& x) {
    from = x.shape();
    return x.rows(first, count);
  }
  Tensor backward(const Tensor& dy) const {
    Tensor dx = zeros(from);
    dx.rows(first, count).copy_from(dy);
    return dx;
  }
};

}  // namespace

Variable reshape(const Variable& x, const Shape& shape) { return apply(Reshape{shape, {}}, x); }
Variable transpose(const Variable& x) { return apply(TransposeOp{}, x); }
Variable rows(const Variable& x, Index first, Index count) { return apply(Rows{first, count, {}}, x); }

}  // namespace lexigrad::inline LEXIGRAD_NS
