// ngram.hpp: how well counting predicts the held-out text: what a trained model has to beat.
//
// A model no better than the unigram has learnt which tokens are frequent and nothing else; one no better than the
// bigram looks at one token before. Both see the training part only and predict what the model predicts.
// Read next: the program train_embeddings, which prints them beside its own numbers.
#pragma once
#include <span>

#include "tensor/real.hpp"

namespace lexigrad::text {

struct NgramScore {
  double nats = 0.0;        ///< mean of -ln p(token | before) over the held-out tokens but the first
  double perplexity = 1.0;  ///< e^nats: as uncertain as a fair choice among so many tokens
  double lambda = 0.0;      ///< weight of the bigram in the mixture; 0 for the unigram
  Index predictions = 0;    ///< tokens predicted: held_out.size() - 1
};

/// Add-one smoothed unigram: p(w) = (n(w) + 1) / (N + V), n counting the N training tokens but the first.
/// Throws ValueError for fewer than two tokens in either text, IndexError for an id outside [0, vocab).
NgramScore unigram_score(std::span<const Index> train, std::span<const Index> held_out, Index vocab);

/// Interpolated bigram (Jelinek and Mercer, 1980): p(w | v) = λ n(v, w) / n(v ·) + (1 - λ) p(w); where v was never seen
/// before a token, p(w). λ is the best of 0, 0.05, … 0.95 for the last tenth of the training text by the counts of the
/// rest (0.5 for fewer than 20 tokens); the counts are then those of the whole training text. Throws as above.
NgramScore bigram_score(std::span<const Index> train, std::span<const Index> held_out, Index vocab);

}  // namespace lexigrad::text
