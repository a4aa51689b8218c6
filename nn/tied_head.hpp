// tied_head.hpp: the output head that shares the embedding's table (weight tying: Press & Wolf 2017; Inan et al. 2017).
//
// The head asks of every row of the table how well it fits the hidden vector: logits = h · tableᵀ. It has the table's
// size, so GPT-2 uses the table itself: half the numbers, and every step moves every row, since the softmax does.
#pragma once
#include "nn/embedding.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// The embedding's table as an output layer.
struct TiedHead {
  static constexpr std::string_view kind = "TiedHead";
  Parameter weight;  ///< the embedding's table [V, D], shared

  /// Shares the table with `embedding`: one parameter with two names.
  explicit TiedHead(const Embedding& embedding) : weight(embedding.weight.share()) {}

  /// h [.., D] → logits [.., V]: all of them, so for a few positions, not for training.
  Variable operator()(const Variable& h) const { return linear(h, weight); }
  /// Mean loss of predicting `targets` [..] from h [.., D], in blocks of tokens: the logits are never all in memory.
  Variable cross_entropy(const Variable& h, const Ids& targets, const CrossEntropyOptions& options = {}) const {
    return tied_cross_entropy(h, weight, targets, options);
  }

  static void members(auto& self, auto&& visit) { visit("weight", self.weight); }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
