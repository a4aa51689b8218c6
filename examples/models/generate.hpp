// generate.hpp: a text goes on, token by token: logits, a draw, and the token drawn is read in turn.
//
// Each token costs one position (nn/kv_cache.hpp). Positions have rows of a table, so a full context cannot be shifted:
// the last tokens are read again from position 0, and the text goes on. How many is `keep`: half of the context makes
// that rare; all of it, after every token, is what a plain loop over the last tokens does.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "models/sampling.hpp"
#include "nn/transformer.hpp"

namespace lexigrad::models {

struct GenerateOptions {
  Index max_tokens = 100;                        ///< most tokens to be made
  SamplingOptions sampling = {};                 ///< how each is drawn
  std::optional<Index> stop = std::nullopt;      ///< this token ends the text; it is not part of it
  Index keep = 0;                                ///< tokens that stay when the context is full; 0: half of it
  std::function<bool(Index)> on_token = {};      ///< told each token as it is made; false: enough
  std::function<void(Index kept)> on_full = {};  ///< told the first time that older tokens are left behind
};

/// The tokens that follow `prompt`. Of a prompt longer than the context its last tokens are read, and on_full is told.
/// The same prompt, options and generator give the same tokens on any number of threads.
/// Throws ValueError for an empty prompt, max_tokens below 0, a `keep` that is not in [0, context] and as check() does;
/// IndexError for an id outside the vocabulary; NonFiniteError for logits that are none.
std::vector<Index> generate(const Transformer& model, std::span<const Index> prompt, const GenerateOptions& options,
                            Rng& rng);

}  // namespace lexigrad::models
