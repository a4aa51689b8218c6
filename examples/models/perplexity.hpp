// perplexity.hpp: how well a model foretells a text: e to the mean loss of its tokens, with a window that slides.
//
// A text longer than the context is read in windows `stride` apart; each token is counted once, in the first window
// that foretells it, so every token but those at the beginning has at least context - stride tokens before it. A
// smaller stride is kinder to the model and slower.
#pragma once
#include <functional>
#include <span>

#include "nn/transformer.hpp"

namespace lexigrad::models {

struct Score {
  double nats = 0.0;  ///< sum of the losses
  Index tokens = 0;   ///< how many were foretold: all but the first

  double mean() const { return nats / static_cast<double>(tokens); }  ///< nats a token
  double perplexity() const;                                          ///< e^mean()
};

/// Scores `ids`; `progress` is told how many tokens are done. Throws NonFiniteError for a model whose loss is no
/// number; ValueError for fewer than two tokens, and for a stride that is not in [1, context]; IndexError for an id
/// outside the vocabulary.
Score score(const Transformer& model, std::span<const Index> ids, Index stride,
            const std::function<void(Index)>& progress = {});

}  // namespace lexigrad::models
