// options.hpp: what train_gpt can be told, its defaults and its presets. Read next: data.hpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "nn/transformer.hpp"
#include "training/settings.hpp"

namespace lexigrad::train_gpt {

/// The defaults are those of the preset char-cpu.
struct Options {
  std::string preset;              ///< "": char-cpu, or with `from` fine-tune
  std::vector<std::string> texts;  ///< files
  std::string tokens;              ///< a token file in place of texts
  std::string tokenizer = "char";  ///< char, bpe or gpt2
  std::string gpt2;                ///< a folder with a byte-pair vocabulary
  Index vocab_size = 4096;         ///< entries of a byte-pair vocabulary that is made
  double validation = 0.1;         ///< the part of the text, from its end, that is not trained on
  std::string from;                ///< the folder of a model to begin with
  std::string out = "gpt";

  Index layers = 4, heads = 4, dim = 128, context = 64;
  double dropout = 0.0;

  Index batch = 12, accumulate = 1, steps = 2000;
  double lr = 2e-3;
  std::optional<double> min_lr;  ///< nothing: a tenth of lr
  Index warmup = 100;
  double beta1 = 0.9, beta2 = 0.99, weight_decay = 0.1, clip = 1.0;
  std::uint64_t seed = 1;

  std::string resume;        ///< the folder of a run to go on with
  Index validate_every = 0;  ///< steps; 0: ten times in a run
  Index save_every = 0;      ///< steps; 0: once a minute
  Index sample_every = 0;    ///< steps; 0: at the end only
  Index sample_tokens = 200;
  std::string prompt;  ///< "": what stands between texts, or a line end

  TransformerOptions model(Index vocabulary) const;
  Index validation_interval() const;
};

/// Which options are kept in a checkpoint, and how.
inline const training::SettingRules setting_rules{
    {"resume", "preset", "save-every", "sample-every", "sample-tokens", "prompt"}, {"text", "tokens", "gpt2", "from"}};

/// Declares every option, with its default, to `app`.
void declare(CLI::App& app, Options& options);

/// The command line made whole: where a run is resumed its settings, else the preset's for whatever was not given.
struct Settings {
  Options options;
  std::vector<std::string> arguments;  ///< every setting as an argument, for the checkpoint
};
/// `base` has the sizes of the model that --from names, null without one. Throws cli::UsageError for options that
/// contradict the resumed run or make no sense, saying what was expected.
Settings settle(const CLI::App& app, const Options& given, const TransformerOptions* base);

}  // namespace lexigrad::train_gpt
