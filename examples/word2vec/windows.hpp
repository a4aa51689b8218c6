// windows.hpp: from a piece of text to what a step of training learns from: words, their contexts, and negatives.
//
//   the quick fox jumps ─ words without an id and some of the commonest left out ─► quick fox jumps
//   radius 1:  fox ← (quick, jumps);  negatives of fox: five words drawn by count^0.75
//
// Everything random here is a function of the generator alone, so pieces can be prepared by any thread.
// Read next: training.hpp.
#pragma once
#include <memory>

#include "tensor/ops.hpp"
#include "word2vec/sampling.hpp"
#include "word2vec/vocabulary.hpp"

namespace lexigrad::word2vec {

struct WindowOptions {
  WordRule rule = WordRule::blanks;
  const Phrases* phrases = nullptr;  ///< words that are one; must outlive the WindowMaker
  Index window = 5;                  ///< most words on each side
  bool fixed = false;    ///< false: the radius of each window is drawn from 1 … window, so near words count more
  Index negative = 5;    ///< negatives of each window
  double sample = 1e-3;  ///< t of keep_chance(); 0: nothing is left out
  bool cbow = false;     ///< the mean of the contexts is the input, not each of them
  /// Most windows in a group: one step of training. 0: 256, or as few as keep the commonest word from having more than
  /// about 2 / rate scores in a group: all their slopes are taken at one place, and of more the step overshoots. As a
  /// word that is rare in the text may fill a list, a group also ends where one word has been a context 2 / rate times
  /// in it (4 / rate for CBOW, where it is a part of a mean). Measured: at twice these numbers "a a a a …" diverges.
  Index group = 0;
  double rate = 0.025;  ///< the highest learning rate
};

/// A step of training.
struct Group {
  SampledWindows windows;
  Index words = 0;   ///< of the vocabulary, read from the text for it: how far it moves the run on
  Index inputs = 0;  ///< what the loss is a sum over: contexts, or windows for CBOW
};

/// Cuts pieces into groups.
class WindowMaker {
 public:
  WindowMaker(const Vocabulary& vocabulary, const WindowOptions& options);

  /// The groups of a piece, in order; the last one is shorter. No window reaches over the end of a line, and groups do
  /// not reach over the end of a piece. A word without neighbours has no window.
  std::vector<Group> groups(std::string_view piece, const Rng& rng) const;
  /// The same from a piece of the vocabulary's text.
  std::vector<Group> groups(std::size_t piece, const Rng& rng) const;
  const WindowOptions& options() const { return options_; }

 private:
  // next_ids(ids) gives those of a sentence, -1 for words without one, or false at the end.
  template <class NextIds>
  std::vector<Group> groups_of(const NextIds& next_ids, const Rng& rng) const;

  const Vocabulary* vocabulary_;
  WindowOptions options_;
  std::vector<float> keep_;  // chance of each word
  AliasTable negatives_;
};

}  // namespace lexigrad::word2vec
