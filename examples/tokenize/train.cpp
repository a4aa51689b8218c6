// train.cpp: the command train: pieces are collected file by file, then the merges are learned.
#include <fmt/format.h>

#include "text/bpe_training.hpp"
#include "text/codec.hpp"
#include "tokenize/commands.hpp"
#include "tokenize/streams.hpp"

namespace lexigrad::tokenize {

void train(const Options& o) {
  keep_inputs(o, cli::in_folder(o.out, {"vocab.json", "merges.txt"}));
  text::check_folder(o.out, {"vocab.json", "merges.txt"});
  text::BpeTrainingOptions options;
  options.vocab_size = o.vocab_size;
  options.min_count = o.min_count;
  options.specials = o.special_names;
  try {
    text::check_options(options);
  } catch (const ValueError& error) {
    throw cli::UsageError(error.what());
  }
  text::BpeTrainer trainer;
  double bytes = 0.0;
  {
    Progress progress("tokenize: MB read:");
    for (const std::string& path : files_or_input(o)) {
      read_parts(path, [&](std::string_view part) {
        trainer.feed(part);
        progress.at(1e-6 * (bytes += static_cast<double>(part.size())));
      });
      trainer.finish();
    }
  }
  Progress progress("tokenize: merges:");
  options.progress = [&](Index merges) { progress.at(static_cast<double>(merges)); };
  const text::Bpe bpe = trainer.train(options);
  bpe.save(o.out);
  fmt::print("{:.1f} MB of text, {} merges, a vocabulary of {}: {}/vocab.json, {}/merges.txt\n", 1e-6 * bytes,
             bpe.merges(), bpe.size(), o.out, o.out);
}

}  // namespace lexigrad::tokenize
