// transformer.hpp: the whole front of GPT-2: ids → rows of the table + rows of positions → blocks → the tied head.
//
//   ids [B, T] ─ wte ─► [B, T, D] ─ + wpe ─► blocks ─► ln_f ─► head: h · wteᵀ ─► chance of each next token
//
// With no blocks at all it is the smallest language model that trains an embedding.
#pragma once
#include <vector>

#include "nn/block.hpp"
#include "nn/embedding.hpp"
#include "nn/tied_head.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Sizes; the defaults are GPT-2 small's.
struct TransformerOptions {
  Index vocab = 50257;               ///< V: count of tokens
  Index context = 1024;              ///< longest sequence: the rows of wpe
  Index dim = 768;                   ///< D: numbers in a token's vector
  Index layers = 12;                 ///< blocks; 0 is allowed
  Index heads = 12;                  ///< of each block; must divide dim
  double dropout = 0.0;              ///< chance in [0, 1]
  double layer_norm_epsilon = 1e-5;  ///< of all norms
  double initializer_range = 0.02;   ///< spread of the weights at the start; 0: all zeros, to be loaded into
};

/// A GPT-2 of any size (Radford et al. 2019).
struct Transformer {
  static constexpr std::string_view kind = "Transformer";
  TransformerOptions options;  ///< as given
  Embedding wte;               ///< [vocab, D]: one row for each token
  Embedding wpe;               ///< [context, D]: one row for each position
  Dropout drop;                ///< of the sum of both rows
  std::vector<Block> blocks;   ///< one after the other
  LayerNorm ln_f;              ///< after the last block
  TiedHead head;               ///< shares wte's table

  /// GPT-2's initialisation: N(0, r²) with r = 0.02, and r / √(2·layers) for weights that lead back into the residual
  /// stream. Throws ValueError for sizes that make no model.
  Transformer(const TransformerOptions& options, Rng& rng);

  /// ids [B, T] → the vector at each position after the last norm [B, T, D].
  /// Throws ShapeError when T is longer than the context.
  Variable operator()(const Ids& ids) const { return from_vectors(wte(ids), nullptr); }
  Variable operator()(const Ids& ids, Rng& rng) const { return from_vectors(wte(ids), &rng); }  ///< with dropout
  /// The same with token vectors [B, T, D] in place of a lookup; `rng` null: nothing is dropped.
  Variable from_vectors(const Variable& tokens, Rng* rng) const;

  /// Mean loss, in nats a token, of predicting next [B, T] at each position of ids [B, T].
  Variable loss(const Ids& ids, const Ids& next) const { return head.cross_entropy((*this)(ids), next); }
  /// The same with dropout.
  Variable loss(const Ids& ids, const Ids& next, Rng& rng) const { return head.cross_entropy((*this)(ids, rng), next); }
  /// Chances of the token after each position: ids [B, T] → [B, T, V]. Records nothing.
  Tensor next_token_probabilities(const Ids& ids) const;

  static void members(auto& self, auto&& visit) {
    visit("wte", self.wte);
    visit("wpe", self.wpe);
    visit("drop", self.drop);
    visit("blocks", self.blocks);
    visit("ln_f", self.ln_f);
    visit("head", self.head);
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
