// layer_norm.cpp: layer normalisation over the last axis (Ba, Kiros, Hinton 2016) and its gradient.
//
//   x̂ = (x - mean) · rstd,  rstd = 1 / √(var + eps),  y = x̂ · gamma + beta
//   dx = rstd · (g - mean(g) - x̂ · mean(g · x̂))  with g = dy · gamma;   dgamma = Σ dy · x̂;   dbeta = Σ dy
#include <algorithm>

#include "tensor/create.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

LayerNormResult layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double eps) {
  if (x.rank() == 0 || x.shape().last() == 0)
    throw ShapeError("layer_norm", {operand("x", x)}, "expected [.., D], D ≥ 1");
  const Index width = x.shape().last();
  if (gamma.defined()) require_shape("layer_norm", "gamma", gamma, {width});
  if (beta.defined()) require_shape("layer_norm", "beta", beta, {width});
  const Shape rows = x.shape().drop_last();
  LayerNormResult result{Tensor(x.shape()), Tensor(rows), Tensor(rows)};
  real* y = result.y.mutable_data();
  real* mean = result.mean.mutable_data();
  real* rstd = result.rstd.mutable_data();
  parallel_for_each(rows.size(), row_grain(width), [&](Index r) {
    kernels().layer_norm(x.data() + r * width, gamma.data_or_null(), beta.data_or_null(), y + r * width, width, eps,
                         mean + r, rstd + r);
  });
  return result;
}

LayerNormGradient layer_norm_backward(const Tensor& x, const Tensor& gamma, const Tensor& mean, const Tensor& rstd,
                                      Tensor dy) {
  const Index width = x.shape().last(), rows = x.shape().rows();
  if (gamma.defined()) require_shape("layer_norm", "gamma", gamma, {width});
  require_shape("layer_norm", "mean", mean, x.shape().drop_last());
  require_shape("layer_norm", "rstd", rstd, x.shape().drop_last());
  require_shape("layer_norm", "dy", dy, x.shape());
  Tensor dx = dy.reused();
  // Each fixed piece of rows has its own dgamma and dbeta; the pieces are added in order. Each costs a pass over its
  // sums, hence not many of them.
  const Index piece = std::max({row_grain(width), Index{128}, (rows + 63) / 64});
  const Index pieces = (rows + piece - 1) / piece;
  Tensor partial = zeros({pieces, 2, width});
  real* slopes = dx.mutable_data();
  real* sums = partial.mutable_data();
  parallel_for(rows, piece, [&](Index begin, Index end) {
    real* own = sums + begin / piece * 2 * width;
    for (Index r = begin; r < end; ++r) {
      kernels().layer_norm_backward(x.data() + r * width, gamma.data_or_null(), dy.data() + r * width, mean.data()[r],
                                    rstd.data()[r], slopes + r * width, own, own + width, width);
    }
  });
  const Tensor total = sum(partial, 0);
  return {dx, part(total, 0, 0, 1).reshape({width}), part(total, 0, 1, 1).reshape({width})};
}

}  // namespace lexigrad::inline LEXIGRAD_NS
