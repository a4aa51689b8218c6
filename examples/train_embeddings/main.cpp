// main.cpp of train_embeddings: the story, run: a table of noise becomes a table of meaning.
//
//   text → tokens → ids → rows of the table → transformer blocks → the tied head → loss → the rows move
//
// The same questions are asked of the table before training and after. Reading order: options, training, meaning,
// screen, report.
#include <cmath>
#include <cstring>
#include <filesystem>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "data/embedded.hpp"
#include "nn/summary.hpp"
#include "tensor/parallel.hpp"
#include "text/bpe_training.hpp"
#include "text/codec.hpp"
#include "text/ngram.hpp"
#include "text/reading.hpp"
#include "text/utf8.hpp"
#include "train_embeddings/beginning.hpp"
#include "train_embeddings/report.hpp"
#include "train_embeddings/screen.hpp"
#include "training/folder.hpp"
#include "training/limits.hpp"
#include "training/progress.hpp"
#include "training/settings.hpp"

namespace lexigrad::train_embeddings {
namespace {

using training::say;

std::vector<std::string> documents_of(const Options& options) {
  if (options.texts.empty()) return text::split_documents(data::corpus());
  return text::read_documents(options.texts);
}

text::Corpus corpus_of(std::vector<std::string> documents, const Options& options, const Rng& rng) {
  if (options.tokenizer != "bpe" && options.tokenizer != "gpt2") {
    return text::make_corpus(documents, options.corpus(), rng);
  }
  if (options.lowercase) {
    for (std::string& document : documents) document = text::lowercase(document);
  }
  const auto source = [&](std::span<const std::string> training) {
    return options.gpt2.empty() ? text::Bpe::train(training, {.vocab_size = options.vocab > 0 ? options.vocab : 4096})
                                : text::Bpe::load_folder(options.gpt2);
  };
  return text::make_pair_corpus(std::move(documents), source, options.corpus(), rng);
}

void describe(const text::Corpus& corpus, const Options& options) {
  say(fmt::format("text: {} tokens in {} documents to train on, {} in {} held out{}; vocabulary {}, {:.1f} % unknown\n",
                  corpus.train.size(), corpus.train_documents, corpus.held_out.size(), corpus.held_out_documents,
                  corpus.held_out_is_tail ? " (the end of the text: there are too few documents)" : "",
                  corpus.vocabulary_size(),
                  100.0 * static_cast<double>(corpus.train_unknown) / static_cast<double>(corpus.train.size())));
  if (options.control() == Control::shuffle) say("control: the words of the text in random order\n");
  if (options.control() == Control::ids) say("control: id / vocabulary through a Linear in place of the lookup\n");
}

void measure_held_out(Run& run, double& loss) {
  if (run.corpus->held_out.size() > 1) loss = held_out_loss(*run.model, run.corpus->held_out, run.options);
}

void report_held_out(const Run& run) {
  if (run.held_out_after == 0.0) return;
  say(fmt::format("held-out perplexity: {:.1f} before, {:.1f} after; unigram {:.1f}, bigram {:.1f}\n",
                  std::exp(run.held_out_before), std::exp(run.held_out_after), run.unigram.perplexity,
                  run.bigram.perplexity));
}

Keeping keeping_of(const CLI::App& app, const Options& options, const text::Corpus& corpus, const Lexicon& lexicon) {
  Keeping keeping{options.out + "/" + training::checkpoint_name, options.save_every, !options.resume.empty(), {}};
  keeping.metadata["text"] = training::text_mark(corpus.train, corpus.held_out, lexicon.names);
  if (!keeping.resume) {
    keeping.metadata["settings"] = nlohmann::json(training::settings_of(app, setting_rules)).dump();
    return keeping;
  }
  const Metadata before = read_metadata(keeping.path);
  training::check_text(before, keeping.metadata["text"], options.resume);
  keeping.metadata["settings"] = before.at("settings");
  return keeping;
}

// No text, vocabulary or table that is read lies where this run writes. A table that has its words in a file beside it
// is read with its folder.
void keep_inputs(const Options& options) {
  std::vector<std::string> inputs = options.texts;
  inputs.push_back(options.gpt2);
  inputs.push_back(options.init);
  const std::filesystem::path table(options.init);
  if (table.extension() == ".npy" || table.extension() == ".safetensors") {
    inputs.push_back(table.has_parent_path() ? table.parent_path().string() : ".");
  }
  cli::keep_inputs(inputs, cli::in_folder(options.out, {"model.safetensors", training::checkpoint_name, "vocab.txt",
                                                        "vocab.json", "merges.txt", "vectors.txt", "loss.csv",
                                                        "loss.svg", "map.html", "map.svg", "report.json"}));
}

// The files by which other programs tell what this run has made.
std::vector<std::string> tells_tokenizer(const Options& o) {
  if (o.tokenizer == "char") return {"vocab.txt", "report.json"};
  if (o.tokenizer == "words") return {"vocab.txt", "vectors.txt", "report.json"};
  return {"vocab.json", "merges.txt", "vectors.txt", "report.json"};
}

int body(const CLI::App& app, Options options) {
  if (!options.resume.empty()) take_settings(app, options);
  check(app, options);
  keep_inputs(options);
  text::check_folder(options.out, tells_tokenizer(options));
  training::prepare_folder(options.out);
  const std::vector<std::string> documents = documents_of(options);
  const Rng rng(options.seed);
  const text::Corpus corpus = corpus_of(documents, options, rng.fork("shuffle"));
  const Lexicon lexicon(corpus);
  if (corpus.pairs && app.get_option("--show")->count() > 0) check_shown(options.show, lexicon, *corpus.pairs);
  text::check_length(static_cast<Index>(corpus.train.size()), options.context);
  describe(corpus, options);

  const Keeping keeping = keeping_of(app, options, corpus, lexicon);
  training::check_model(options.model(corpus.vocabulary_size()));
  Rng init = rng.fork("init");
  Model model(options, corpus.vocabulary_size(), init);
  if (!options.init.empty()) say(begin_with(model, lexicon, options.init));
  if (options.freeze) model.transformer.wte.weight.freeze();
  say(fmt::format("model: table {} × {}, {} blocks, {} numbers in all (the head shares the table); {} threads\n\n",
                  corpus.vocabulary_size(), options.dim, options.layers, parameter_count(model), thread_count()));

  const Tensor noise = model.transformer.wte.weight.value().clone();
  Run run{options,
          &corpus,
          &lexicon,
          &model,
          word_table(model, lexicon),
          measure(model, corpus, lexicon, options),
          {},
          {},
          0.0,
          0.0,
          {},
          {},
          0};
  if (corpus.held_out.size() > 1) {
    run.unigram = text::unigram_score(corpus.train, corpus.held_out, corpus.vocabulary_size());
    run.bigram = text::bigram_score(corpus.train, corpus.held_out, corpus.vocabulary_size());
  }
  measure_held_out(run, run.held_out_before);
  say(screen(run.before, options.init.empty() ? "before training: noise" : "before training: the vectors of --init"));
  say("\n");

  training::listen_for_stop();
  run.training = train(model, corpus, options, rng, keeping, training::ProgressLine());
  if (run.training.interrupted) {
    say(fmt::format("stopped after step {}; saving what was learned. Go on with: train_embeddings --resume {}\n",
                    run.training.steps, options.out));
  }

  run.after = measure(model, corpus, lexicon, options);
  measure_held_out(run, run.held_out_after);
  if (!run.training.history.empty() && run.held_out_after > 0.0) {
    run.training.history.back().held_out_loss = run.held_out_after;
  }
  const std::size_t row = static_cast<std::size_t>(options.dim) * sizeof(real);
  const Tensor& table = model.transformer.wte.weight.value();
  const Index at = corpus.end_of_text * options.dim;
  run.end_of_text_moved = std::memcmp(noise.data() + at, table.data() + at, row) != 0 ? 1 : 0;
  say(fmt::format("trained in {:.1f} s\n\n", run.training.seconds));
  say(screen(run.after, run.training.interrupted ? "when stopped" : "after training: meaning"));
  report_held_out(run);
  write_files(run);
  say(
      fmt::format("\nwritten to {}/: model.safetensors, checkpoint.safetensors, {}, {}loss.csv, loss.svg, "
                  "map.html, map.svg, report.json\n",
                  options.out, corpus.pairs ? "vocab.json, merges.txt" : "vocab.txt",
                  options.tokenizer == "char" ? "" : "vectors.txt, "));
  return run.training.interrupted ? 130 : 0;
}

}  // namespace
}  // namespace lexigrad::train_embeddings

int main(int argc, char** argv) {
  using namespace lexigrad::train_embeddings;
  CLI::App app("Trains an embedding table by predicting the next token, and shows what it learned.",
               "train_embeddings");
  Options options;
  declare(app, options);
  return lexigrad::cli::run(app, argc, argv, [&] { return body(app, options); });
}
