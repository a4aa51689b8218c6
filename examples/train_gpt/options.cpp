// options.cpp: declaring them, presets, checks.
#include "train_gpt/options.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "cli.hpp"
#include "training/folder.hpp"
#include "training/limits.hpp"

namespace lexigrad::train_gpt {
namespace {

using Arguments = std::vector<std::string>;

// What each preset sets beside the defaults. char-cpu is nanoGPT's example for a CPU with twice its learning rate;
// gpt2-small has GPT-2 small's model and GPT-3's learning rate for that size, with steps of 8,192 tokens in place of
// half a million, which one machine without a GPU would take an hour for.
const std::map<std::string, Arguments> presets = {
    {"char-cpu", {}},
    {"char", {"--context=128", "--batch=24", "--steps=2500", "--lr=3e-3"}},
    {"gpt2-small",
     {"--tokenizer=gpt2", "--layers=12", "--heads=12", "--dim=768", "--context=1024", "--batch=1", "--accumulate=8",
      "--steps=10000", "--lr=6e-4", "--warmup=500", "--beta2=0.95", "--validation=0.01"}},
    {"fine-tune", {"--batch=4", "--steps=200", "--lr=3e-5", "--warmup=20", "--beta2=0.95"}},
};

std::string name_of(const std::string& argument) { return argument.substr(2, argument.find('=') - 2); }

bool is_free(const std::string& name) {
  return std::find(setting_rules.free.begin(), setting_rules.free.end(), name) != setting_rules.free.end();
}

bool was_given(const CLI::App& app, const std::string& name) { return app.get_option("--" + name)->count() > 0; }

void declare_data(CLI::App& app, Options& o) {
  app.add_option("--text", o.texts, "Text files to train on, - for standard input (default: none)")
      ->check(cli::file_name())
      ->group("Data");
  app.add_option("--tokens", o.tokens,
                 "A token file in place of texts, as tokenize writes it; it is mapped, so it may be larger than memory "
                 "(default: none)")
      ->check(cli::file_name())
      ->group("Data");
  app.add_option("--tokenizer", o.tokenizer,
                 "What a token is: char, bpe (byte-pair vocabulary made from the text) or gpt2 (of the folder --gpt2)")
      ->check(CLI::IsMember({"char", "bpe", "gpt2"}))
      ->capture_default_str()
      ->group("Data");
  app.add_option("--gpt2", o.gpt2, "Folder with vocab.json and merges.txt, or GPT-2's own two files (default: none)")
      ->check(cli::folder_name())
      ->group("Data");
  app.add_option("--vocab-size", o.vocab_size, "Entries of the vocabulary that bpe makes")
      ->capture_default_str()
      ->group("Data");
  app.add_option("--validation", o.validation, "Part of the text, from its end, that is not trained on")
      ->capture_default_str()
      ->group("Data");
}

void declare_model(CLI::App& app, Options& o) {
  app.add_option("--from", o.from,
                 "Begin with the model of this folder (GPT-2's format) and its vocabulary: fine-tuning (default: a new "
                 "model)")
      ->check(cli::folder_name())
      ->group("Model");
  app.add_option("--layers", o.layers, "Transformer blocks")->capture_default_str()->group("Model");
  app.add_option("--heads", o.heads, "Attention heads of a block; must divide --dim")
      ->capture_default_str()
      ->group("Model");
  app.add_option("--dim", o.dim, "Numbers in a token's vector")->capture_default_str()->group("Model");
  app.add_option("--context", o.context, "Tokens a prediction may look back on")->capture_default_str()->group("Model");
  app.add_option("--dropout", o.dropout, "Chance to drop a number while training")
      ->capture_default_str()
      ->group("Model");
}

void declare_training(CLI::App& app, Options& o) {
  const auto add = [&](const char* name, auto& value, const char* text) {
    app.add_option(name, value, text)->capture_default_str()->group("Training");
  };
  add("--batch", o.batch, "Windows of --context tokens in a micro-batch");
  add("--accumulate", o.accumulate, "Micro-batches in a step, one after the other");
  add("--steps", o.steps, "Training steps");
  add("--lr", o.lr, "Highest learning rate, after the warm-up");
  app.add_option("--min-lr", o.min_lr, "Learning rate at the end of the cosine (default: a tenth of --lr)")
      ->group("Training");
  add("--warmup", o.warmup, "Steps in which the learning rate rises");
  add("--beta1", o.beta1, "AdamW: how much of the mean of gradients stays, each step");
  add("--beta2", o.beta2, "AdamW: the same of squared gradients");
  add("--weight-decay", o.weight_decay, "Decoupled decay of matrices and tables, not of biases and norms");
  add("--clip", o.clip, "Longest gradient, all parameters together; 0: any");
  app.add_option("--seed", o.seed, "Seed of all random numbers")
      ->check(cli::seed())
      ->capture_default_str()
      ->group("Training");
}

void declare_watching(CLI::App& app, Options& o) {
  app.add_option("--validate-every", o.validate_every, "Steps between validations (default: ten in a run)")
      ->check(cli::positive());
  app.add_option("--save-every", o.save_every, "Steps between checkpoints (default: one a minute)")
      ->check(cli::positive());
  app.add_option("--sample-every", o.sample_every, "Steps between samples (default: one at the end)")
      ->check(cli::positive());
  app.add_option("--sample-tokens", o.sample_tokens, "Tokens in a sample, 0 for no samples")->capture_default_str();
  app.add_option("--prompt", o.prompt, "What samples begin with (default: <|endoftext|>, of characters a line end)");
}

// The settings of a new run: what was given, then the preset's, then the defaults.
Arguments fresh_arguments(const CLI::App& app, const Options& given, const TransformerOptions* base) {
  Arguments arguments;
  for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->count() > 0; })) {
    const std::string& name = option->get_lnames().front();
    if (is_free(name)) continue;
    for (const std::string& value : option->results()) arguments.push_back(fmt::format("--{}={}", name, value));
  }
  const std::string preset = !given.preset.empty() ? given.preset : given.from.empty() ? "char-cpu" : "fine-tune";
  for (const std::string& argument : presets.at(preset)) {
    if (!was_given(app, name_of(argument))) arguments.push_back(argument);
  }
  if (base == nullptr) return arguments;
  const std::pair<const char*, Index> sizes[] = {
      {"layers", base->layers}, {"heads", base->heads}, {"dim", base->dim}, {"context", base->context}};
  for (const auto& [name, size] : sizes) {
    if (!was_given(app, name)) arguments.push_back(fmt::format("--{}={}", name, size));
  }
  return arguments;
}

void check_data(const CLI::App& app, const std::string& preset, const Options& o) {
  using cli::require;
  require(o.texts.empty() != o.tokens.empty(), o.tokens.empty()
                                                   ? "nothing to train on: expected --text FILE or --tokens FILE"
                                                   : "--text and --tokens exclude each other");
  require(o.validation >= 0.0 && o.validation <= 0.5,
          fmt::format("--validation {}: expected a number from 0 to 0.5", o.validation));
  require(o.vocab_size >= 257,
          fmt::format("--vocab-size {}: expected 257 or more (256 bytes, <|endoftext|>)", o.vocab_size));
  if (!o.from.empty()) {
    for (const char* name : {"tokenizer", "gpt2", "vocab-size", "layers", "heads", "dim"}) {
      require(!was_given(app, name), fmt::format("--{}: the model in {} has its own; leave it out", name, o.from));
    }
    require(preset.empty() || preset == "fine-tune",
            fmt::format("--preset {}: the sizes are those of the model in {}; expected fine-tune", preset, o.from));
    return;
  }
  require(preset != "fine-tune", "--preset fine-tune: expected --from DIR");
  require(o.tokenizer != "gpt2" || !o.gpt2.empty(),
          "--tokenizer gpt2: expected --gpt2 DIR, a folder with vocab.json and merges.txt");
  require(!was_given(app, "vocab-size") || o.tokenizer == "bpe",
          fmt::format("--vocab-size {}: only --tokenizer bpe makes a vocabulary of a size", o.vocab_size));
  require(o.gpt2.empty() || o.tokenizer == "gpt2" || !o.tokens.empty(), "--gpt2 DIR: expected --tokenizer gpt2");
  require(o.tokens.empty() || !o.gpt2.empty(), "--tokens FILE: expected --gpt2 DIR, the vocabulary of its ids");
}

void check_numbers(const Options& o) {
  using cli::require;
  const auto at_least = [](const char* name, Index value, Index least) {
    require(value >= least, fmt::format("--{} {}: expected {} or more", name, value, least));
  };
  const auto in = [](const char* name, double value, double least, double below, const char* expected) {
    require(value >= least && value < below, fmt::format("--{} {}: expected {}", name, value, expected));
  };
  at_least("layers", o.layers, 0);
  at_least("heads", o.heads, 1);
  at_least("dim", o.dim, 1);
  at_least("context", o.context, 1);
  at_least("batch", o.batch, 1);
  at_least("accumulate", o.accumulate, 1);
  at_least("steps", o.steps, 1);
  at_least("warmup", o.warmup, 0);
  at_least("validate-every", o.validate_every, 0);
  at_least("save-every", o.save_every, 0);
  at_least("sample-every", o.sample_every, 0);
  at_least("sample-tokens", o.sample_tokens, 0);
  require(o.dim % o.heads == 0, fmt::format("--dim {} is not divisible by --heads {}", o.dim, o.heads));
  require(std::isfinite(o.lr) && o.lr > 0.0, fmt::format("--lr {}: expected a number above 0", o.lr));
  if (o.min_lr) {
    require(*o.min_lr >= 0.0 && *o.min_lr <= o.lr,
            fmt::format("--min-lr {}: expected a number from 0 to --lr {}", *o.min_lr, o.lr));
  }
  in("dropout", o.dropout, 0.0, 1.0, "0 or more, below 1");
  in("beta1", o.beta1, 0.0, 1.0, "0 or more, below 1");
  in("beta2", o.beta2, 0.0, 1.0, "0 or more, below 1");
  in("weight-decay", o.weight_decay, 0.0, HUGE_VAL, "0 or more");
  in("clip", o.clip, 0.0, HUGE_VAL, "0 or more");
  require(!o.out.empty(), "--out: expected the name of a folder");
  training::check_step(o.steps, o.batch, o.accumulate, o.context);
}

}  // namespace

TransformerOptions Options::model(Index vocabulary) const {
  return {.vocab = vocabulary, .context = context, .dim = dim, .layers = layers, .heads = heads, .dropout = dropout};
}

Index Options::validation_interval() const {
  return validate_every > 0 ? validate_every : std::max<Index>(1, (steps + 9) / 10);
}

void declare(CLI::App& app, Options& o) {
  std::vector<std::string> names;
  for (const auto& [name, arguments] : presets) names.push_back(name);
  app.add_option("--preset", o.preset,
                 "Settings by name, for all that is not given: char-cpu (4 blocks of 128), char (the same for longer), "
                 "gpt2-small (12 of 768), fine-tune (default: char-cpu; with --from fine-tune)")
      ->check(CLI::IsMember(names));
  app.add_option("--out", o.out, "Folder for the model, its vocabulary and the curve")
      ->check(cli::folder_name())
      ->capture_default_str();
  app.add_option(
         "--resume", o.resume,
         "Go on with the run in this folder: its settings are taken, and the result is that of a run that never "
         "stopped (default: a new run)")
      ->check(cli::folder_name());
  declare_watching(app, o);
  declare_data(app, o);
  declare_model(app, o);
  declare_training(app, o);
}

Settings settle(const CLI::App& app, const Options& given, const TransformerOptions* base) {
  const bool resumed = !given.resume.empty();
  CLI::App whole;
  Settings settings;
  declare(whole, settings.options);
  Options& o = settings.options;
  if (resumed) {
    cli::require(given.preset.empty(), fmt::format("--preset {}: a resumed run keeps its settings", given.preset));
    const std::string checkpoint = given.resume + "/" + training::checkpoint_name;
    training::parse_stored_settings(whole, checkpoint, "train_gpt");
    training::refuse_changes(app, whole, given.resume, setting_rules);
    o.out = given.resume;
  } else {
    cli::parse(whole, fresh_arguments(app, given, base));
    check_data(app, given.preset, o);
  }
  o.preset = given.preset;
  o.resume = given.resume;
  o.save_every = given.save_every;
  o.sample_every = given.sample_every;
  o.sample_tokens = given.sample_tokens;
  o.prompt = given.prompt;
  check_numbers(o);
  settings.arguments = training::settings_of(whole, setting_rules);
  return settings;
}

}  // namespace lexigrad::train_gpt
