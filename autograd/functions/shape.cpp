// shape.cpp: derivatives of functions that move numbers: what was moved there is moved back.
#include "autograd/functions.hpp"
#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct Reshape {
  static constexpr std::string_view name = "reshape";
  Shape to, from;
  Tensor forward(const Tensor& x) { return x.reshape(to); }
  Tensor backward(const Tensor& dy) const { return dy.reshape(from); }
};

struct Expand {  // y = x, repeated;  the engine sums dy back to x's shape
  static constexpr std::string_view name = "expand";
  Shape to;
  Tensor forward(const Tensor& x) { return expand(x, to); }
  Tensor backward(const Tensor& dy) const { return dy; }
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
  Tensor forward(const Tensor& x) { return x.rows(first, count); }
  Tensor backward(const Tensor& dy) const {
    Tensor dx = zeros(from);
    dx.rows(first, count).copy_from(dy);
    return dx;
  }
};

struct Concat {  // y = [a, b] along an axis;  da, db are the parts of dy
  static constexpr std::string_view name = "concat";
  int axis;
  Index first = 0;  // places of a
  Tensor forward(const Tensor& a, const Tensor& b) {
    first = a.dim(axis);
    return concat({a, b}, axis);
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    return {needs[0] ? part(dy, axis, 0, first) : Tensor(),
            needs[1] ? part(dy, axis, first, dy.dim(axis) - first) : Tensor()};
  }
};

struct Gather {  // y[k] = x[ids[k]] along an axis;  dx[ids[k]] += dy[k]
  static constexpr std::string_view name = "gather";
  int axis;
  Ids ids;
  Shape from;
  Tensor forward(const Tensor& x) { return gather(x, axis, ids); }
  Tensor backward(const Tensor& dy) const {
    Tensor dx = zeros(from);
    scatter_add_into(dx, axis, ids, dy);
    return dx;
  }
};

struct ScatterAdd {  // y = x, and y[ids[k]] += values[k] along an axis;  dx = dy, dvalues[k] = dy[ids[k]]
  static constexpr std::string_view name = "scatter_add";
  int axis;
  Ids ids;
  Tensor forward(const Tensor& x, const Tensor& values) {
    Tensor y = x.clone();
    scatter_add_into(y, axis, ids, values);
    return y;
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    return {dy, needs[1] ? gather(dy, axis, ids) : Tensor()};
  }
};

}  // namespace

Variable reshape(const Variable& x, const Shape& shape) { return apply(Reshape{shape, x.shape()}, x); }
Variable transpose(const Variable& x) { return apply(TransposeOp{}, x); }
Variable expand(const Variable& x, const Shape& shape) { return apply(Expand{shape}, x); }
Variable rows(const Variable& x, Index first, Index count) { return apply(Rows{first, count, x.shape()}, x); }

Variable concat(const std::vector<Variable>& parts, int axis) {
  if (parts.empty()) throw ShapeError("concat", "there are no parts");
  if (parts.size() == 1) return parts.front();
  // By halves: n parts, log n copies.
  const auto middle = parts.begin() + static_cast<std::ptrdiff_t>(parts.size() / 2);
  return apply(Concat{axis}, concat(std::vector(parts.begin(), middle), axis),
               concat(std::vector(middle, parts.end()), axis));
}
Variable gather(const Variable& x, int axis, const Ids& ids) { return apply(Gather{axis, ids, x.shape()}, x); }
Variable scatter_add(const Variable& x, int axis, const Ids& ids, const Variable& values) {
  return apply(ScatterAdd{axis, ids}, x, values);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
