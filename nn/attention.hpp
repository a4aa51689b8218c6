// attention.hpp: causal multi-head self-attention: each position gathers from itself and those before it.
#pragma once
#include "nn/dropout.hpp"
#include "nn/linear.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// softmax(q kᵀ / √(D/H)) v for each of H heads, over this position and those before it (Vaswani et al. 2017).
struct CausalSelfAttention {
  static constexpr std::string_view kind = "CausalSelfAttention";
  Linear qkv;    ///< D → 3·D: queries, keys and values of all heads at once
  Linear proj;   ///< D → D
  Dropout drop;  ///< of what goes back into the residual stream
  Index heads;   ///< H; each is D / H wide

  /// `proj_std` is the spread of the weight that leads back into the residual stream, `std` that of the other one.
  /// Throws ValueError when the heads do not divide the width.
  CausalSelfAttention(Index dim, Index head_count, double dropout, double proj_std, Rng& rng, double std = 0.02)
      : qkv(checked_width(dim, head_count), 3 * dim, rng, {.bias = true, .std = std}),
        proj(dim, dim, rng, {.bias = true, .std = proj_std}),
        drop(dropout),
        heads(head_count) {}

  /// x [B, T, D] → [B, T, D]; `rng` null: nothing is dropped
  Variable operator()(const Variable& x, Rng* rng = nullptr) const {
    return drop(proj(attention(qkv(x), heads, true)), rng);
  }

  static void members(auto& self, auto&& visit) {
    visit("qkv", self.qkv);
    visit("proj", self.proj);
    visit("drop", self.drop);
  }

 private:
  static Index checked_width(Index dim, Index heads) {
    if (dim >= 1 && heads >= 1 && dim % heads == 0) return dim;
    throw ValueError(kind, "{} heads do not divide the width {}", heads, dim);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
