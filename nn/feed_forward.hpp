// feed_forward.hpp: the part of a block that works on each position alone: up to four times the width, GELU, and back.
#pragma once
#include "nn/dropout.hpp"
#include "nn/linear.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// y = down(gelu(up(x)))
struct FeedForward {
  static constexpr std::string_view kind = "FeedForward";
  Linear up;     ///< D → 4·D
  Linear down;   ///< 4·D → D
  Dropout drop;  ///< of what goes back into the residual stream

  /// `proj_std` is the spread of `down`, which leads back into the residual stream; `std` that of `up`.
  FeedForward(Index dim, double dropout, double proj_std, Rng& rng, double std = 0.02)
      : up(dim, 4 * dim, rng, {.bias = true, .std = std}),
        down(4 * dim, dim, rng, {.bias = true, .std = proj_std}),
        drop(dropout) {}

  /// x [.., D] → [.., D]; `rng` null: nothing is dropped
  Variable operator()(const Variable& x, Rng* rng = nullptr) const { return drop(down(gelu(up(x))), rng); }

  static void members(auto& self, auto&& visit) {
    visit("up", self.up);
    visit("down", self.down);
    visit("drop", self.drop);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
