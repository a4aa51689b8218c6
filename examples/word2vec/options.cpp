// options.cpp: declaring, checking and resuming them.
#include "word2vec/options.hpp"

#include <algorithm>
#include <cmath>

#include "training/folder.hpp"

namespace lexigrad::word2vec {

// Small texts are gone through more often: until some five million words were seen.
Index Options::epochs_for(Index text_words) const {
  constexpr Index enough = 5'000'000;
  return epochs > 0 ? epochs : std::clamp<Index>(enough / std::max<Index>(text_words, 1), usual_epochs, 100);
}

// Faster for them, too: at 0.025 the words of a text of a hundred thousand are still on their way after all its epochs.
double Options::rate(Index text_words) const {
  if (lr_given) return lr;
  return cbow || (epochs == 0 && epochs_for(text_words) > usual_epochs) ? 0.05 : 0.025;
}

WindowOptions Options::windows(Index text_words) const {
  return {.rule = rule(),
          .window = window,
          .fixed = fixed_windows,
          .negative = negative,
          .sample = sample,
          .cbow = cbow,
          .group = group,
          .rate = rate(text_words)};
}

TrainingOptions Options::training(Index text_words) const {
  TrainingOptions t;
  t.epochs = epochs_for(text_words);
  t.lr = rate(text_words);
  t.lock_free = lock_free;
  t.seed = seed;
  t.save_every = save_every;
  t.resume = !resume.empty();
  return t;
}

void declare(CLI::App& app, Options& o) {
  app.add_option("--text", o.texts, "Text files to train on, UTF-8, of any size (default: the embedded corpus)");
  app.add_option("--out", o.out, "Folder for vectors.txt, vectors.bin, vocab.txt, map.html and the checkpoint")
      ->capture_default_str();
  app.add_option("--words", o.words,
                 "What a word is: blanks (what stands between blanks, in lower case) or letters (runs of a-z after "
                 "lowering and taking accents off; lines under 20 characters are left out)")
      ->check(CLI::IsMember({"blanks", "letters"}))
      ->capture_default_str();
  app.add_option("--vocab", o.vocab, "Most words of the vocabulary, the commonest first (default: no limit)");
  app.add_option("--min-count", o.min_count, "Words that occur less often are left out")->capture_default_str();
  app.add_option("--phrases", o.phrases,
                 "Passes that join words which stand together far more often than by chance, as new_york; each at most "
                 "doubles how many words (default: 0, none)");
  app.add_option("--phrase-threshold", o.phrase_threshold,
                 "How much more often: (count(a b) - min-count) times words / (count(a) count(b))")
      ->capture_default_str();
  app.add_flag("--cbow", o.cbow, "Tell a word from the mean of its contexts (default: skip-gram, from each of them)")
      ->group("Model");
  app.add_option("--dim", o.dim, "Numbers in each word's vector")->capture_default_str()->group("Model");
  app.add_option("--window", o.window, "Most words on each side of a word that are its contexts")
      ->capture_default_str()
      ->group("Model");
  app.add_flag("--fixed-windows", o.fixed_windows,
               "Take all --window words on each side (default: a number from 1 to it, drawn for each word)")
      ->group("Model");
  app.add_option("--negative", o.negative, "Words drawn by count^0.75 that a word is told from")
      ->capture_default_str()
      ->group("Model");
  app.add_option("--sample", o.sample, "The share of the text from which on a word is left out now and then; 0: never")
      ->capture_default_str()
      ->group("Training");
  app.add_option("--epochs", o.epochs, "Times the text is gone through (default: 5, small texts more often)")
      ->group("Training");
  app.add_option("--lr", o.lr,
                 "Learning rate at the beginning (default: 0.025; 0.05 with --cbow, and for small texts unless "
                 "--epochs is given)")
      ->group("Training");
  app.add_option("--seed", o.seed, "Seed of all random numbers")
      ->check(cli::seed())
      ->capture_default_str()
      ->group("Training");
  app.add_option("--threads", o.threads, "Threads (default: one for each core)")->group("Training");
  app.add_flag("--lock-free", o.lock_free,
               "Threads write into the tables as they come: faster, and no two runs give the same bits (default: the "
               "same bits from any number of threads)")
      ->group("Training");
  app.add_option(
         "--group", o.group,
         "Most windows that make one step; with --lock-free each is one (default: 256, fewer where one word is very "
         "common; a step is shorter where one word fills it)")
      ->group("Training");
  app.add_option(
         "--resume", o.resume,
         "Go on with the run in this folder: its settings are taken, and the result is that of a run that never "
         "stopped (default: a new run)")
      ->check(cli::folder_name());
  app.add_option("--save-every", o.save_every, "Rounds of 2 MiB of text between checkpoints (default: one a minute)");
  app.add_option("--map", o.map, "Words on the page map.html, the commonest; 0: no map")->capture_default_str();
  app.add_option("--show", o.show, "Words whose neighbours are shown, with commas between")
      ->delimiter(',')
      ->capture_default_str();
}

void take_settings(const CLI::App& app, Options& options) {
  CLI::App before;
  Options kept;
  declare(before, kept);
  const std::string checkpoint = options.resume + "/" + training::checkpoint_name;
  training::parse_stored_settings(before, checkpoint, "word2vec");
  training::refuse_changes(app, before, options.resume, setting_rules);
  kept.lr_given = before.get_option("--lr")->count() > 0;
  kept.resume = kept.out = options.resume;
  kept.save_every = options.save_every;
  kept.show = options.show;
  kept.map = options.map;
  kept.threads = options.threads;
  options = kept;
}

void check(const Options& o) {
  using cli::require;
  require(!o.out.empty(), "--out: expected the name of a folder");
  require(o.vocab >= 0, fmt::format("--vocab {}: expected 1 or more", o.vocab));
  require(o.min_count >= 1, fmt::format("--min-count {}: expected 1 or more", o.min_count));
  require(o.phrases >= 0 && o.phrases <= 4, fmt::format("--phrases {}: expected 0 to 4", o.phrases));
  require(std::isfinite(o.phrase_threshold) && o.phrase_threshold >= 0.0,
          fmt::format("--phrase-threshold {}: expected a number from 0 on, 100 say", o.phrase_threshold));
  require(o.dim >= 1, fmt::format("--dim {}: expected 1 or more", o.dim));
  require(o.window >= 1 && o.window <= 10'000, fmt::format("--window {}: expected 1 to 10000", o.window));
  require(o.negative >= 1 && o.negative <= 10'000, fmt::format("--negative {}: expected 1 to 10000", o.negative));
  require(std::isfinite(o.sample) && o.sample >= 0.0,
          fmt::format("--sample {}: expected a number from 0 on, 0.001 say", o.sample));
  require(o.epochs >= 0 && o.epochs <= 1'000'000, fmt::format("--epochs {}: expected 1 to 1000000", o.epochs));
  require(std::isfinite(o.lr) && o.lr >= 0.0, fmt::format("--lr {}: expected a number from 0 on", o.lr));
  require(o.threads >= 0, fmt::format("--threads {}: expected 1 or more", o.threads));
  require(o.group >= 0 && o.group <= 1'000'000, fmt::format("--group {}: expected 1 to 1000000", o.group));
  require(o.map >= 0, fmt::format("--map {}: expected 0 or more", o.map));
  require(o.save_every >= 0, fmt::format("--save-every {}: expected 1 or more", o.save_every));
}

}  // namespace lexigrad::word2vec
