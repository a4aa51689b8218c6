// options.hpp: what train_embeddings can be told, with its defaults. Read next: main.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "nn/transformer.hpp"
#include "text/corpus.hpp"
#include "training/settings.hpp"

namespace lexigrad::train_embeddings {

/// Controls: what happens when the meaning is taken out of the text, or the table out of the model.
enum class Control { none, shuffle, ids };

struct Options {
  std::vector<std::string> texts;  ///< empty: the embedded corpus
  std::string out = "out";
  std::string tokenizer = "words";
  std::string gpt2;  ///< the folder of a byte-pair vocabulary
  bool lowercase = false;
  Index vocab = 0;  ///< 0: all words that occur min_count times; 4096 byte pairs
  Index min_count = 2;

  Index dim = 64, layers = 1, heads = 4, context = 32, batch = 16;
  Index steps = 0;      ///< 0: as epochs says
  double epochs = 0.0;  ///< 0: chosen by the size of the text
  double lr = 4e-3;
  double weight_decay = 0.1;
  double dropout = 0.0;
  std::uint64_t seed = 1;

  std::string init;      ///< word vectors that the table begins with; "": noise
  bool freeze = false;   ///< the table stays as it begins
  std::string resume;    ///< the folder of a run to go on with
  Index save_every = 0;  ///< steps between checkpoints; 0: one a minute

  std::vector<std::string> show = {"cat", "king", "car", "."};
  std::string control_name = "none";

  Control control() const;
  text::CorpusOptions corpus() const;
  TransformerOptions model(Index vocabulary) const;
};

/// Declares every option, with its default, to `app`.
void declare(CLI::App& app, Options& options);
/// Which options are kept in a checkpoint, and how.
inline const training::SettingRules setting_rules{{"resume", "save-every", "show"}, {"text", "gpt2", "init"}};
/// Takes the settings of the run that is resumed in place of those in `options`. Throws cli::UsageError for an option
/// that was given to `app` and differs from them, FileError when the run's checkpoint cannot be read.
void take_settings(const CLI::App& app, Options& options);
/// Throws cli::UsageError for the first option that makes no sense, or was given to `app` and would do nothing, saying
/// what was expected.
void check(const CLI::App& app, const Options& options);

}  // namespace lexigrad::train_embeddings
