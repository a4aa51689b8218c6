// training.hpp: the loop: batches in, loss, gradients, a step; progress on the way. Read next: meaning.hpp.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "nn/checkpoint.hpp"
#include "nn/linear.hpp"
#include "nn/transformer.hpp"
#include "text/batches.hpp"
#include "train_embeddings/options.hpp"
#include "training/curve.hpp"
#include "training/progress.hpp"

namespace lexigrad::train_embeddings {

/// The transformer, and for the control `ids` the layer that stands in for the lookup.
struct Model {
  static constexpr std::string_view kind = "Model";
  Transformer transformer;
  std::optional<Linear> from_label;  ///< 1 → D: the id as a number, id / vocabulary, through a Linear

  Model(const Options& options, Index vocabulary, Rng& rng);

  /// The vector at each position [B, T, D]; `rng` null: no dropout.
  Variable hidden(const Ids& ids, Rng* rng) const;
  Variable loss(const text::Batch& batch, Rng* rng) const;

  static void members(auto& self, auto&& visit) {
    visit("transformer", self.transformer);
    visit("from_label", self.from_label);
  }
};

struct TrainingResult {
  Index steps = 0;  ///< done
  bool interrupted = false;
  double seconds = 0.0;
  std::vector<training::Record> history;
};

/// Where a run keeps its state, to be resumed from.
struct Keeping {
  std::string path;        ///< of the checkpoint: parameters, the optimizer's state, generator, step, curve so far
  Index every = 0;         ///< steps between two; 0: one a minute. The last step is always kept.
  bool resume = false;     ///< begin with what the file holds
  Metadata metadata = {};  ///< what else the file is to say: the settings and the text of the run
};

/// The count of steps for a text of this many tokens. Throws cli::UsageError for more epochs than can be counted.
Index planned_steps(const Options& options, Index tokens);

/// Mean loss in nats a token over a stream that was not trained on; every token but the first is predicted once.
double held_out_loss(const Model& model, const std::vector<Index>& tokens, const Options& options);

/// Trains in place. `report` is called after every step; stops after the step when it gives false (Ctrl-C). A resumed
/// run has the bits of one that never stopped. Throws FileError for a checkpoint that does not fit; NonFiniteError,
/// naming the step, the learning rate and what to try, when loss or gradients are not finite.
TrainingResult train(Model& model, const text::Corpus& corpus, const Options& options, const Rng& rng,
                     const Keeping& keeping, const std::function<bool(const training::Progress&)>& report);

}  // namespace lexigrad::train_embeddings
