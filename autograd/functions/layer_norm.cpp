// layer_norm.cpp: derivative of layer normalisation; the formulas stand in tensor/layer_norm.cpp.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct LayerNormOp {
  static constexpr std::string_view name = "layer_norm";
  double eps;
  Saved x, gamma;
  Tensor mean, rstd;
  Tensor forward(const Tensor& in, const Tensor& scale, const Tensor& shift) {
    LayerNormResult result = layer_norm(x.keep(in), gamma.keep(scale), shift, eps);
    mean = result.mean;
    rstd = result.rstd;
    return result.y;
  }
  std::array<Gradient, 3> backward(Tensor dy) const {
    LayerNormGradient g = layer_norm_backward(x, gamma, mean, rstd, std::move(dy));
    return {g.dx, g.dgamma, g.dbeta};
  }
};

}  // namespace

Variable layer_norm(const Variable& x, double eps) { return layer_norm(x, {}, {}, eps); }
Variable layer_norm(const Variable& x, const Variable& gamma, const Variable& beta, double eps) {
  return apply(LayerNormOp{eps, {}, {}, {}, {}}, x, gamma, beta);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
