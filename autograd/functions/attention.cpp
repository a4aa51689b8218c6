// attention.cpp: derivative of attention; the formulas stand in tensor/attention.cpp.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct AttentionOp {
  static constexpr std::string_view name = "attention";
  Index heads;
  bool causal;
  Saved qkv, y;
  Tensor logsumexp;
  Tensor forward(const Tensor& in) {
    AttentionResult result = attention(in, heads, causal);
    qkv = in;
    y = result.y;
    logsumexp = result.logsumexp;
    return result.y;
  }
  Tensor backward(const Tensor& dy) const { return attention_backward(qkv, y, logsumexp, dy, heads, causal); }
};

}  // namespace

Variable attention(const Variable& qkv, Index heads, bool causal) {
  return apply(AttentionOp{heads, causal, {}, {}, {}}, qkv);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
