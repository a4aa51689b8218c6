// options.cpp: declaring and checking them.
#include "train_embeddings/options.hpp"

#include <cmath>

#include <fmt/format.h>

#include "cli.hpp"
#include "nn/printable.hpp"
#include "text/utf8.hpp"
#include "training/folder.hpp"
#include "training/limits.hpp"

namespace lexigrad::train_embeddings {

Control Options::control() const {
  return control_name == "shuffle" ? Control::shuffle : control_name == "ids" ? Control::ids : Control::none;
}

text::CorpusOptions Options::corpus() const {
  text::CorpusOptions corpus;
  corpus.tokenizer = {tokenizer == "char" ? text::Unit::chars : text::Unit::words, lowercase};
  corpus.min_count = min_count;
  corpus.max_vocab = vocab;
  corpus.shuffled = control() == Control::shuffle;
  return corpus;
}

TransformerOptions Options::model(Index vocabulary) const {
  return {.vocab = vocabulary, .context = context, .dim = dim, .layers = layers, .heads = heads, .dropout = dropout};
}

void declare(CLI::App& app, Options& o) {
  app.add_option("--text", o.texts, "Text files to train on, - for standard input (default: the embedded corpus)")
      ->check(cli::file_name());
  app.add_option("--out", o.out, "Folder for model, vectors, pictures and report")
      ->check(cli::folder_name())
      ->capture_default_str();
  app.add_option("--tokenizer", o.tokenizer,
                 "What a token is: words, char, bpe (byte pairs learned from the text) or gpt2 (those of the folder "
                 "--gpt2)")
      ->check(CLI::IsMember({"words", "char", "bpe", "gpt2"}))
      ->capture_default_str();
  app.add_option("--gpt2", o.gpt2, "Folder with vocab.json and merges.txt, or GPT-2's own two files (default: none)")
      ->check(cli::folder_name());
  app.add_flag("--lowercase", o.lowercase, "Take all text as lower case (default: case is kept)");
  app.add_option("--vocab", o.vocab,
                 "Most entries of the vocabulary, the commonest words first (default: no limit; of bpe 4096)")
      ->check(cli::positive());
  app.add_option("--min-count", o.min_count, "Words that occur less often become <|unk|>")->capture_default_str();
  app.add_option("--dim", o.dim, "Numbers in each word's vector")->capture_default_str()->group("Model");
  app.add_option("--layers", o.layers, "Transformer blocks, 0 for none")->capture_default_str()->group("Model");
  app.add_option("--heads", o.heads, "Attention heads of a block; must divide --dim")
      ->capture_default_str()
      ->group("Model");
  app.add_option("--context", o.context, "Tokens a prediction may look back on")->capture_default_str()->group("Model");
  app.add_option("--batch", o.batch, "Windows of --context tokens in a step")->capture_default_str()->group("Training");
  app.add_option("--steps", o.steps, "Training steps (default: as --epochs says)")
      ->check(cli::positive())
      ->group("Training");
  app.add_option("--epochs", o.epochs, "Times the text is gone through (default: by its size)")
      ->check(cli::positive())
      ->group("Training");
  app.add_option("--lr", o.lr, "Highest learning rate, after the warm-up")->capture_default_str()->group("Training");
  app.add_option("--weight-decay", o.weight_decay, "Decoupled decay of matrices")
      ->capture_default_str()
      ->group("Training");
  app.add_option("--dropout", o.dropout, "Chance to drop a number while training")
      ->capture_default_str()
      ->group("Training");
  app.add_option("--seed", o.seed, "Seed of all random numbers")
      ->check(cli::seed())
      ->capture_default_str()
      ->group("Training");
  app.add_option(
         "--init", o.init,
         "Word vectors that the table begins with, in any format that explore reads; words that they lack begin as "
         "noise (default: all noise)")
      ->check(cli::file_name());
  app.add_flag("--freeze", o.freeze, "Leave the table as it begins, and train the blocks alone (default: train both)");
  app.add_option(
         "--resume", o.resume,
         "Go on with the run in this folder: its settings are taken, and the result is that of a run that never "
         "stopped (default: a new run)")
      ->check(cli::folder_name());
  app.add_option("--save-every", o.save_every, "Steps between checkpoints (default: one a minute)")
      ->check(cli::positive());
  app.add_option("--show", o.show,
                 "Words whose neighbours are shown, with commas between; of byte pairs cat is the token \" cat\"")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--control", o.control_name,
                 "Take the meaning out: shuffle (the same words in random order) or ids (the id as a number through a "
                 "Linear, in place of the lookup)")
      ->check(CLI::IsMember({"none", "shuffle", "ids"}))
      ->capture_default_str();
}

void take_settings(const CLI::App& app, Options& options) {
  CLI::App before;
  Options kept;
  declare(before, kept);
  const std::string checkpoint = options.resume + "/" + training::checkpoint_name;
  training::parse_stored_settings(before, checkpoint, "train_embeddings");
  training::refuse_changes(app, before, options.resume, setting_rules);
  kept.resume = options.resume;
  kept.out = options.resume;
  kept.save_every = options.save_every;
  kept.show = options.show;
  options = kept;
}

void check(const CLI::App& app, const Options& o) {
  using cli::require;
  const auto given = [&](const char* name) { return o.resume.empty() && app.get_option(name)->count() > 0; };
  require(o.tokenizer != "gpt2" || !given("--vocab"), "--vocab: the vocabulary of --gpt2 has a size; leave it out");
  require(o.tokenizer == "words" || o.tokenizer == "char" || !given("--min-count"),
          fmt::format("--min-count: only words and characters are counted, not --tokenizer {}", o.tokenizer));
  for (const std::string& word : o.show) {
    require(!text::first_invalid(word), fmt::format("--show {}: expected UTF-8", printable(word)));
  }
  require(o.vocab == 0 || o.vocab >= 3,
          fmt::format("--vocab {}: expected 3 or more (two are special tokens)", o.vocab));
  require(o.tokenizer != "bpe" || o.vocab == 0 || o.vocab >= 257,
          fmt::format("--vocab {}: expected 257 or more with --tokenizer bpe (256 bytes, <|endoftext|>)", o.vocab));
  require((o.tokenizer == "gpt2") == !o.gpt2.empty(),
          o.gpt2.empty() ? "--tokenizer gpt2: expected --gpt2 DIR, a folder with vocab.json and merges.txt"
                         : "--gpt2 DIR: expected --tokenizer gpt2");
  require(o.min_count >= 1, fmt::format("--min-count {}: expected 1 or more", o.min_count));
  require(o.dim >= 1, fmt::format("--dim {}: expected 1 or more", o.dim));
  require(o.layers >= 0, fmt::format("--layers {}: expected 0 or more", o.layers));
  require(o.heads >= 1, fmt::format("--heads {}: expected 1 or more", o.heads));
  require(o.layers == 0 || o.dim % o.heads == 0,
          fmt::format("--dim {} is not divisible by --heads {}", o.dim, o.heads));
  require(o.context >= 1, fmt::format("--context {}: expected 1 or more", o.context));
  require(o.batch >= 1, fmt::format("--batch {}: expected 1 or more", o.batch));
  require(o.save_every >= 0, fmt::format("--save-every {}: expected 1 or more", o.save_every));
  require(o.steps >= 0, fmt::format("--steps {}: expected 1 or more", o.steps));
  require(std::isfinite(o.epochs) && o.epochs >= 0.0, fmt::format("--epochs {}: expected a number above 0", o.epochs));
  require(o.steps == 0 || o.epochs == 0.0, "--steps and --epochs exclude each other");
  require(std::isfinite(o.lr) && o.lr > 0.0, fmt::format("--lr {}: expected a number above 0", o.lr));
  require(std::isfinite(o.weight_decay) && o.weight_decay >= 0.0,
          fmt::format("--weight-decay {}: expected 0 or more", o.weight_decay));
  require(o.dropout >= 0.0 && o.dropout < 1.0, fmt::format("--dropout {}: expected 0 or more, below 1", o.dropout));
  require(o.layers >= 1 || !o.freeze, "--freeze with --layers 0: only the table would be left to train");
  require(!o.out.empty(), "--out: expected the name of a folder");
  training::check_step(o.steps, o.batch, 1, o.context);
}

}  // namespace lexigrad::train_embeddings
