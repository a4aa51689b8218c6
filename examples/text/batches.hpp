// batches.hpp: windows of a stream of ids, as a language model takes them.
//
// The targets are the inputs moved by one: after inputs[b, t] comes targets[b, t]. Windows go over the ends of
// documents; `<|endoftext|>` tells the model.
// Read next: ngram.hpp, what a model has to beat.
#pragma once
#include <vector>

#include "tensor/ids.hpp"
#include "tensor/random.hpp"
#include "text/tokens.hpp"

namespace lexigrad::text {

struct Batch {
  Ids inputs, targets;  ///< both [B, T]
};

/// One window of `length` tokens, and its targets, from each of the places on. Throws IndexError for a place whose last
/// target lies outside.
Batch windows_at(const Tokens& tokens, const std::vector<Index>& places, Index length);

/// Training batches: each row is a window at a random place of the stream, all places equally likely.
///
/// Batch number `step` is a function of the generator and the step alone: it does not depend on threads, and a run that
/// stops and is taken up at a step sees the batches it would have seen.
class Batches {
 public:
  /// Draws from `rng` as given (fork one for it). A text with fewer different windows (tokens - context) than `batch`
  /// has rows gets as many rows as it has windows; batch() tells. Throws ValueError when the text is too short for one
  /// window (check_length()) or a size is below 1.
  Batches(Tokens tokens, Index batch, Index context, Rng rng);

  /// The batch of the next step.
  Batch next() { return at(step_++); }
  /// The batch of any step ≥ 0; does not move on.
  Batch at(Index step) const;

  Index step() const { return step_; }  ///< the step that next() gives
  /// Goes to a step. Throws ValueError below 0.
  void seek(Index step);
  Index batch() const { return batch_; }      ///< rows B, cut where the text is short
  Index context() const { return context_; }  ///< window length T
  Index windows() const;                      ///< different windows in the text

 private:
  Tokens tokens_;
  Index batch_, context_;
  RandomBlock numbers_;
  Index step_ = 0;
};

/// Evaluation batches: windows side by side that predict each token but the first exactly once. Windows of `context`
/// tokens, `batch` to a batch (fewer in the last); what is left over is a batch [1, rest] of its own at the end, so the
/// mean loss is to be weighed with targets.size(). Throws ValueError below two tokens and for sizes below 1.
std::vector<Batch> evaluation_batches(const Tokens& tokens, Index batch, Index context);

}  // namespace lexigrad::text
