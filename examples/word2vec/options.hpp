// options.hpp: what word2vec can be told, with its defaults: those of word2vec.c where it has them. Read next:
// main.cpp.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "cli.hpp"
#include "word2vec/training.hpp"

namespace lexigrad::word2vec {

struct Options {
  std::vector<std::string> texts;  ///< empty: the embedded corpus
  std::string out = "word2vec";
  std::string words = "blanks";
  Index vocab = 0;  ///< 0: no limit
  Index min_count = 5;

  bool cbow = false;
  Index dim = 100, window = 5, negative = 5;
  bool fixed_windows = false;
  double sample = 1e-3;
  Index epochs = 0;  ///< 0: by the size of the text
  double lr = 0.0;   ///< 0: 0.025, or 0.05 for CBOW
  bool lr_given = false;
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: as many as there are
  bool lock_free = false;
  Index group = 256;

  std::string resume;  ///< the folder of a run to go on with
  Index save_every = 0;
  std::vector<std::string> show = {"cat", "king", "car"};

  VocabularyOptions vocabulary() const { return {min_count, vocab}; }
  WindowOptions windows() const;
  /// For a text of so many words of the vocabulary.
  TrainingOptions training(Index words) const;
};

/// Declares every option, with its default, to `app`.
void declare(CLI::App& app, Options& options);
/// What does not change the numbers, and may differ from one part of a run to the next.
const std::set<std::string>& free_options();
/// Takes the settings of the run that is resumed in place of those in `options`. Throws UsageError for an option that
/// was given to `app` and differs from them, FileError when the run's checkpoint cannot be read.
void take_settings(const CLI::App& app, Options& options);
/// Throws UsageError for the first option that makes no sense, saying what was expected.
void check(const Options& options);

/// The checkpoint in a run's folder.
std::string checkpoint_path(const std::string& folder);

}  // namespace lexigrad::word2vec
