// sampling.hpp: from logits to the token that is taken: the likeliest, or one drawn with temperature, top-k and top-p.
#pragma once
#include <vector>

#include "tensor/random.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::models {

/// How a token is drawn. The limits are applied in the order of the members, as Hugging Face's library does.
struct SamplingOptions {
  double temperature = 1.0;  ///< logits are divided by it; 0: always the likeliest token
  Index top_k = 0;           ///< only the k likeliest; 0, or more than there are: all. 1 is the likeliest, too.
  double top_p = 1.0;  ///< of those, the likeliest that together have this share of the chance (Holtzman et al. 2020)
};

/// Throws ValueError, naming option and value, for a temperature or top_k below 0, or a top_p outside (0, 1].
void check(const SamplingOptions& options);

/// A token drawn from logits [V]. Takes one number from `rng`, or none where only one token can come. Of equal logits
/// the lower id counts as likelier. Throws ValueError as check() does; NonFiniteError for a logit that is NaN or +∞.
Index sample(const Tensor& logits, const SamplingOptions& options, Rng& rng);

/// A token and its chance.
struct Candidate {
  Index id = 0;
  double chance = 0.0;  ///< softmax over all logits
};
/// The `count` likeliest tokens (or as many as there are), likeliest first. Throws NonFiniteError as sample() does.
std::vector<Candidate> likeliest(const Tensor& logits, Index count);

}  // namespace lexigrad::models
