// block.hpp: one transformer block, normalised before each part as in GPT-2:
//   h = x + attention(ln_1(x));   y = h + feed_forward(ln_2(h))
#pragma once
#include "nn/attention.hpp"
#include "nn/feed_forward.hpp"
#include "nn/layer_norm.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// One of the N equal parts of a transformer, D wide from end to end (Radford et al. 2019).
struct Block {
  static constexpr std::string_view kind = "Block";
  LayerNorm ln_1;            ///< before the attention
  CausalSelfAttention attn;  ///< mixes positions
  LayerNorm ln_2;            ///< before the feed-forward part
  FeedForward mlp;           ///< works on each position alone

  /// `proj_std` is the spread of the two weights that lead back into the residual stream, `std` that of the other two.
  /// Throws ValueError for heads that do not divide the width and a dropout outside [0, 1].
  Block(Index dim, Index heads, double dropout, double proj_std, Rng& rng, double std = 0.02, double epsilon = 1e-5)
      : ln_1(dim, epsilon),
        attn(dim, heads, dropout, proj_std, rng, std),
        ln_2(dim, epsilon),
        mlp(dim, dropout, proj_std, rng, std) {}

  /// x [B, T, D] → [B, T, D]; `rng` null: nothing is dropped
  Variable operator()(const Variable& x, Rng* rng = nullptr) const {
    const Variable h = x + attn(ln_1(x), rng);
    return h + mlp(ln_2(h), rng);
  }
  Variable operator()(const Variable& x, Rng& rng) const { return (*this)(x, &rng); }  ///< with dropout

  static void members(auto& self, auto&& visit) {
    visit("ln_1", self.ln_1);
    visit("attn", self.attn);
    visit("ln_2", self.ln_2);
    visit("mlp", self.mlp);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
