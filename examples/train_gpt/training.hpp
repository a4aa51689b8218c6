// training.hpp: the loop of train_gpt: micro-batches, a step, and on the way validation, samples and checkpoints.
//
// Two states of the model are kept: the last one with all that a resumed run needs (checkpoint.safetensors), and the
// one with the least validation loss, in GPT-2's format. Read next: training.cpp.
#pragma once
#include <functional>
#include <vector>

#include "nn/checkpoint.hpp"
#include "nn/transformer.hpp"
#include "train_gpt/data.hpp"
#include "training/curve.hpp"

namespace lexigrad::train_gpt {

/// What is done beside the loop.
struct Around {
  Metadata metadata;                       ///< of the checkpoint: settings and text of the run
  std::function<void()> save_model;        ///< writes the model for others: the validation loss is the least so far
  std::function<void(Index step)> sample;  ///< shows a text that the model makes
};

struct Result {
  Index steps = 0;  ///< done
  bool interrupted = false;
  double seconds = 0.0;
  std::vector<training::Record> history;
  double best = 0.0;    ///< least validation loss that was measured on the way; infinite when none was
  Index best_step = 0;  ///< where
};

/// Mean loss in nats a token over windows of up to `context` tokens, side by side, at most `most` tokens of them spread
/// over the whole stream; with enough, every token but the first is predicted once. Drops nothing, records nothing.
double validation_loss(const Transformer& model, const text::Tokens& tokens, Index most);

/// Trains in place, to the end or until the user asks to stop. A resumed run has the bits of one that never stopped.
/// Throws FileError for a checkpoint that does not fit; NonFiniteError, naming the step, the learning rate and what to
/// try, when loss, gradients or parameters are not finite: the last checkpoint is then older, and whole.
Result train(Transformer& model, const Data& data, const Options& options, const Around& around);

}  // namespace lexigrad::train_gpt
