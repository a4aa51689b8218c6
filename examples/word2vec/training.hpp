// training.hpp: the loop: text in, windows, loss, gradients, a step; and what is kept so that a run can go on.
//
// Each group of windows is one step down the gradient of `negative_sampling`: all gradients of the group first, then
// the rows are moved, those of equal words added in order. So the bits do not depend on the threads. A group has to be
// small: the commonest words are in it many times, and all of their slopes are taken at the same place. Within a window
// of skip-gram the contexts take turns (SampledWindows::step): without that, analogies of people were found less often.
// Read next: lock_free.hpp, the other way.
#pragma once
#include <functional>

#include "nn/checkpoint.hpp"
#include "nn/embedding.hpp"
#include "word2vec/windows.hpp"

namespace lexigrad::word2vec {

/// The order in which an epoch takes the pieces of a text: it reads on at this many places in turn, evenly apart. From
/// end to end, the last part of a text that changes its subject on the way would have the last word on all of it.
constexpr std::size_t stretches = 32;
std::vector<std::size_t> side_by_side(std::size_t pieces);

/// How the input table begins: uniform in ± 1 / (2 dim), as word2vec has it.
Tensor first_rows(Index words, Index dim, Rng rng);

/// Two tables: a word's row when it stands around others, which is its vector, and its row when it is to be told.
struct Model {
  static constexpr std::string_view kind = "Word2Vec";
  Embedding input, output;

  /// Input as first_rows(), output 0.
  Model(Index words, Index dim, Rng rng);

  static void members(auto& self, auto&& visit) {
    visit("input", self.input);
    visit("output", self.output);
  }
};

struct TrainingOptions {
  Index epochs = 5;
  double lr = 0.025;  ///< at the beginning; falls in a straight line to a ten-thousandth of it at the end
  bool lock_free = false;
  std::uint64_t seed = 1;
  std::string checkpoint = {};  ///< path, written now and then; "": none is written
  Index save_every = 0;         ///< rounds between checkpoints; 0: one a minute
  bool resume = false;          ///< begin with what the checkpoint holds
  Metadata metadata = {};       ///< what else it is to say
};

struct Progress {
  Index epoch = 0;    ///< the one under way, from 1
  double done = 0.0;  ///< share of the whole run
  double loss = 0.0;  ///< mean of this epoch so far, for each input
  double words_per_second = 0.0;
  double seconds = 0.0, seconds_left = 0.0;
  bool epoch_over = false;
};

struct TrainingResult {
  std::vector<double> losses;  ///< of each finished epoch: Σ loss / Σ inputs, summed in 64-bit
  bool interrupted = false;
  double seconds = 0.0;
  Metadata metadata = {};  ///< of the last checkpoint, which the caller writes
};

/// Trains in place. `report` is called now and then, and the run stops when it gives false. Throws
/// FileError for a checkpoint that does not fit; NonFiniteError when the loss is not finite.
TrainingResult train(Model& model, const Texts& texts, const Vocabulary& vocabulary, const WindowMaker& windows,
                     const TrainingOptions& options, const std::function<bool(const Progress&)>& report);

}  // namespace lexigrad::word2vec
