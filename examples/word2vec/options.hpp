// options.hpp: what word2vec can be told, with its defaults: those of word2vec.c where it has them. Read next:
// main.cpp.
#pragma once
#include <string>
#include <vector>

#include "cli.hpp"
#include "training/settings.hpp"
#include "word2vec/phrases.hpp"
#include "word2vec/training.hpp"

namespace lexigrad::word2vec {

struct Options {
  std::vector<std::string> texts;  ///< empty: the embedded corpus
  std::string out = "word2vec";
  std::string words = "blanks";
  Index vocab = 0;  ///< 0: no limit
  Index min_count = 5;
  Index phrases = 0;  ///< passes that join pairs of words
  double phrase_threshold = 100.0;

  bool cbow = false;
  Index dim = 100, window = 5, negative = 5;
  bool fixed_windows = false;
  double sample = 1e-3;
  Index epochs = 0;  ///< 0: by the size of the text
  double lr = 0.0;   ///< unless given, rate() chooses
  bool lr_given = false;
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: as many as there are
  bool lock_free = false;
  Index group = 0;  ///< 0: at most 256, by the commonest word

  std::string resume;  ///< the folder of a run to go on with
  Index save_every = 0;
  std::vector<std::string> show = {"cat", "king", "car"};
  Index map = 1000;  ///< words on the map; 0: none is drawn

  WordRule rule() const { return words == "letters" ? WordRule::letters : WordRule::blanks; }
  PhraseOptions phrase_options() const { return {phrases, phrase_threshold, min_count}; }
  VocabularyOptions vocabulary() const { return {min_count, vocab}; }

  // For a text of so many words of the vocabulary.
  Index epochs_for(Index text_words) const;
  double rate(Index text_words) const;  ///< at the beginning
  WindowOptions windows(Index text_words) const;
  TrainingOptions training(Index text_words) const;

  static constexpr Index usual_epochs = 5;  ///< for all but small texts
};

/// Declares every option, with its default, to `app`.
void declare(CLI::App& app, Options& options);
/// Which options are kept in a checkpoint, and how.
inline const training::SettingRules setting_rules{{"resume", "save-every", "show", "map", "threads"}, {"text"}};
/// Takes the settings of the run that is resumed in place of those in `options`. Throws cli::UsageError for an option
/// that was given to `app` and differs from them, FileError when the run's checkpoint cannot be read.
void take_settings(const CLI::App& app, Options& options);
/// Throws cli::UsageError for the first option that makes no sense, saying what was expected.
void check(const Options& options);

}  // namespace lexigrad::word2vec
