// attention.cpp: derivative of attention; the formulas stand in tensor/attention.cpp.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct AttentionOp {
  static constexpr std::string_view name = "attention";
  Index heads;
  bool causal;
  Saved qkv = {};
  Tensor logsumexp = {};
  Tensor forward(const Tensor& in) {
    AttentionResult result = attention(qkv.keep(in), heads, causal);
    logsumexp = result.logsumexp;
    return result.y;
  }
  Tensor backward(const Tensor& dy) const { return attention_backward(qkv, logsumexp, dy, heads, causal); }
};

}  // namespace

Variable attention(const Variable& qkv, Index heads, bool causal) { return apply(AttentionOp{heads, causal}, qkv); }

}  // namespace lexigrad::inline LEXIGRAD_NS
