// limits.hpp: sizes that nobody means, or that no memory holds, refused before anything is made of them.
//
// Read next: step.hpp.
#pragma once
#include "nn/transformer.hpp"

namespace lexigrad::training {

/// Throws cli::UsageError for more tokens in a micro-batch, or in a step, or more steps than can be meant.
void check_step(Index steps, Index batch, Index accumulate, Index context);

/// Throws cli::UsageError for too many layers; ValueError for a model that does not fit into the machine's memory with
/// what AdamW keeps, naming both sizes.
void check_model(const TransformerOptions& model);

}  // namespace lexigrad::training
