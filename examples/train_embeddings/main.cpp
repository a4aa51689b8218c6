// main.cpp of train_embeddings: the story, run: a table of noise becomes a table of meaning.
//
//   text → tokens → ids → rows of the table → transformer blocks → the tied head → loss → the rows move
//
// The same questions are asked of the table before training and after. Reading order: options, training, meaning,
// screen, report.
#include <csignal>
#include <cstring>

#include <fmt/core.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "data/embedded.hpp"
#include "nn/summary.hpp"
#include "tensor/parallel.hpp"
#include "text/ngram.hpp"
#include "text/reading.hpp"
#include "train_embeddings/beginning.hpp"
#include "train_embeddings/report.hpp"
#include "train_embeddings/screen.hpp"

namespace lexigrad::train_embeddings {
namespace {

constexpr const char* checkpoint_name = "checkpoint.safetensors";

volatile std::sig_atomic_t stop_asked = 0;
void ask_to_stop(int) { stop_asked = 1; }

void say(std::string_view text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

std::vector<std::string> documents_of(const Options& options) {
  if (options.texts.empty()) return text::split_documents(data::corpus());
  return text::read_documents(options.texts);
}

void describe(const text::Corpus& corpus, const Options& options) {
  say(fmt::format("text: {} tokens in {} documents to train on, {} in {} held out{}; vocabulary {}, {:.1f} % unknown\n",
                  corpus.train.size(), corpus.train_documents, corpus.held_out.size(), corpus.held_out_documents,
                  corpus.held_out_is_tail ? " (the end of the text: there are too few documents)" : "",
                  corpus.vocabulary.size(),
                  100.0 * static_cast<double>(corpus.train_unknown) / static_cast<double>(corpus.train.size())));
  if (options.control() == Control::shuffle) say("control: the words of the text in random order\n");
  if (options.control() == Control::ids) say("control: id / vocabulary through a Linear in place of the lookup\n");
}

// Prints the progress: one line that is written over on a terminal, a line for every tenth of the way in a file.
class ProgressLine {
 public:
  bool operator()(const Progress& p) {
    const bool last = p.step == p.steps || stop_asked != 0;
    const bool due = terminal_ ? p.seconds - shown_at_ >= 0.5 : p.step * 10 / p.steps != (p.step - 1) * 10 / p.steps;
    if (p.step == 1 || due || last) {
      shown_at_ = p.seconds;
      say(fmt::format("{}step {:>{}}/{}  loss {:.3f}  perplexity {:>7.1f}  {:>6.0f} tokens/s  {:>3.0f} s left{}",
                      terminal_ ? "\r" : "", p.step, fmt::format("{}", p.steps).size(), p.steps, p.loss,
                      std::exp(p.loss), p.tokens_per_second, p.seconds_left, terminal_ && !last ? " " : "\n"));
    }
    return stop_asked == 0;
  }

 private:
  bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
  double shown_at_ = 0.0;
};

void measure_held_out(Run& run, double& loss) {
  if (run.corpus->held_out.size() > 1) loss = held_out_loss(*run.model, run.corpus->held_out, run.options);
}

void report_held_out(const Run& run) {
  if (run.held_out_after == 0.0) return;
  say(fmt::format("held-out perplexity: {:.1f} before, {:.1f} after; unigram {:.1f}, bigram {:.1f}\n",
                  std::exp(run.held_out_before), std::exp(run.held_out_after), run.unigram.perplexity,
                  run.bigram.perplexity));
}

// A number that tells one stream of tokens from another (FNV-1a, 64 bits).
std::string fingerprint(const std::vector<Index>& tokens) {
  std::uint64_t hash = 14695981039346656037U;
  for (const Index token : tokens) hash = (hash ^ static_cast<std::uint64_t>(token)) * 1099511628211U;
  return fmt::format("{} tokens {:016x}", tokens.size(), hash);
}

// The settings of the run to be resumed, in place of those on the command line.
void resume_settings(const CLI::App& app, Options& options) {
  const std::string path = options.resume + "/" + checkpoint_name;
  const Metadata metadata = read_metadata(path);
  const auto stored = metadata.find("settings");
  if (stored == metadata.end()) throw FileError("--resume", path + ": was not written by train_embeddings");
  try {
    take_settings(app, nlohmann::json::parse(stored->second).get<std::vector<std::string>>(), options);
  } catch (const nlohmann::json::exception&) {
    throw FileError("--resume", path + ": settings of __metadata__ cannot be read");
  }
}

Keeping keeping_of(const CLI::App& app, const Options& options, const text::Corpus& corpus) {
  Keeping keeping{options.out + "/" + checkpoint_name, options.save_every, !options.resume.empty(), {}};
  keeping.metadata["text"] = fingerprint(corpus.train);
  if (!keeping.resume) {
    keeping.metadata["settings"] = nlohmann::json(settings_of(app)).dump();
    return keeping;
  }
  const Metadata before = read_metadata(keeping.path);
  const auto text = before.find("text");
  if (text == before.end() || text->second != keeping.metadata["text"]) {
    throw FileError("--resume", fmt::format("the text is not the one that the run in {} began with", options.resume));
  }
  keeping.metadata["settings"] = before.at("settings");
  return keeping;
}

int body(const CLI::App& app, Options options) {
  if (!options.resume.empty()) resume_settings(app, options);
  check(options);
  prepare_folder(options.out);
  const std::vector<std::string> documents = documents_of(options);
  const Rng rng(options.seed);
  const text::Corpus corpus = text::make_corpus(documents, options.corpus(), rng.fork("shuffle"));
  text::check_length(corpus.train, options.context);
  describe(corpus, options);

  const Keeping keeping = keeping_of(app, options, corpus);
  Rng init = rng.fork("init");
  Model model(options, corpus.vocabulary.size(), init);
  // What a resumed run began with is in its checkpoint.
  if (!options.init.empty() && !keeping.resume) say(begin_with(model, corpus.vocabulary, options.init));
  if (options.freeze) model.transformer.wte.weight.freeze();
  say(fmt::format("model: table {} × {}, {} blocks, {} numbers in all (the head shares the table); {} threads\n\n",
                  corpus.vocabulary.size(), options.dim, options.layers, parameter_count(model), thread_count()));

  const Tensor noise = model.transformer.wte.weight.value().clone();
  Run run{
      options, &corpus, &model, word_table(model, corpus.vocabulary), measure(model, corpus, options), {}, {}, 0.0, 0.0,
      {},      {},      0};
  if (corpus.held_out.size() > 1) {
    run.unigram = text::unigram_score(corpus.train, corpus.held_out, corpus.vocabulary.size());
    run.bigram = text::bigram_score(corpus.train, corpus.held_out, corpus.vocabulary.size());
  }
  measure_held_out(run, run.held_out_before);
  say(screen(run.before, options.init.empty() ? "before training: noise" : "before training: the vectors of --init"));
  say("\n");

  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  run.training = train(model, corpus, options, rng, keeping, ProgressLine());
  if (run.training.interrupted) {
    say(fmt::format("stopped after step {}; saving what was learned. Go on with: train_embeddings --resume {}\n",
                    run.training.steps, options.out));
  }

  run.after = measure(model, corpus, options);
  measure_held_out(run, run.held_out_after);
  if (!run.training.history.empty() && run.held_out_after > 0.0) {
    run.training.history.back().held_out_loss = run.held_out_after;
  }
  const std::size_t row = static_cast<std::size_t>(options.dim) * sizeof(real);
  run.end_of_text_moved = std::memcmp(noise.data(), model.transformer.wte.weight.value().data(), row) != 0 ? 1 : 0;
  say(fmt::format("trained in {:.1f} s\n\n", run.training.seconds));
  say(screen(run.after, run.training.interrupted ? "when stopped" : "after training: meaning"));
  report_held_out(run);
  write_files(run);
  say(
      fmt::format("\nwritten to {}/: model.safetensors, checkpoint.safetensors, vocab.txt, {}loss.csv, loss.svg, "
                  "map.html, map.svg, report.json\n",
                  options.out, options.tokenizer == "words" ? "vectors.txt, " : ""));
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
