// main.cpp of word2vec: word vectors from a text of any size, as Mikolov, Chen, Corrado, Dean (2013) make them.
//
//   text → words → windows (a word, its contexts, words drawn at random) → loss of telling them apart → the rows move
//
// Reading order: sentences, vocabulary, sampling, windows, training, lock_free.
#include <csignal>

#include <fmt/core.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "data/embedded.hpp"
#include "settings.hpp"
#include "tensor/parallel.hpp"
#include "vectors/neighbours.hpp"
#include "word2vec/options.hpp"
#include "word2vec/saving.hpp"

namespace lexigrad::word2vec {
namespace {

volatile std::sig_atomic_t stop_asked = 0;
void ask_to_stop(int) { stop_asked = 1; }

void say(std::string_view text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

// One line that is written over on a terminal, a line for every tenth of the way in a file; and one for each epoch.
class ProgressLine {
 public:
  explicit ProgressLine(Index epochs) : epochs_(epochs) {}
  bool operator()(const Progress& p) {
    const bool due = terminal_ ? p.seconds - shown_at_ >= 0.5 : p.done * 10.0 >= tenths_ + 1.0 && p.seconds >= 2.0;
    if (p.epoch_over) {
      say(fmt::format("{}epoch {}/{}  loss {:.4f}  {:>9.0f} words/s  {:.1f} s{}\n", terminal_ ? "\r" : "", p.epoch,
                      epochs_, p.loss, p.words_per_second, p.seconds, terminal_ ? "              " : ""));
    } else if (due) {
      shown_at_ = p.seconds;
      tenths_ = static_cast<int>(p.done * 10.0);
      say(fmt::format("{}epoch {}/{}  loss {:.4f}  {:>9.0f} words/s  {:>3.0f} % {:>5.0f} s left{}",
                      terminal_ ? "\r" : "", p.epoch, epochs_, p.loss, p.words_per_second, 100.0 * p.done,
                      p.seconds_left, terminal_ ? " " : "\n"));
    }
    return stop_asked == 0;
  }

 private:
  Index epochs_;
  bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
  double shown_at_ = 0.0;
  int tenths_ = 0;
};

void show_neighbours(const vectors::WordTable& table, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const std::optional<Index> row = table.find(word);
    if (!row || !table.has_direction(*row)) continue;
    std::string line = fmt::format("{:<12}", word);
    for (const auto& [id, score] : vectors::neighbours(table, word, 8)) {
      line += fmt::format(" {} {:.2f}", table.words[static_cast<std::size_t>(id)], score);
    }
    say(line + "\n");
  }
}

// The metadata of the checkpoint: the settings and the text of the run. Throws when it is another text.
Metadata metadata_of(const CLI::App& app, const Options& options, const Vocabulary& vocabulary) {
  Metadata metadata{{"text", vocabulary.fingerprint()}};
  if (options.resume.empty()) {
    metadata["settings"] = nlohmann::json(cli::settings_of(app, free_options())).dump();
    return metadata;
  }
  const Metadata before = read_metadata(checkpoint_path(options.resume));
  const auto text = before.find("text");
  if (text == before.end() || text->second != metadata["text"]) {
    throw FileError("--resume", fmt::format("the text is not the one that the run in {} began with", options.resume));
  }
  metadata["settings"] = before.at("settings");
  return metadata;
}

int body(const CLI::App& app, Options options) {
  options.lr_given = app.get_option("--lr")->count() > 0;
  if (!options.resume.empty()) take_settings(app, options);
  check(options);
  const ThreadScope threads(options.threads > 0 ? options.threads : thread_count());
  const Texts texts = options.texts.empty() ? Texts(data::corpus()) : Texts(options.texts);
  const WindowOptions window_options = options.windows();
  const Vocabulary vocabulary = count_words(texts, window_options.rule, options.vocabulary());
  say(fmt::format("text: {} words in {} bytes; {} of them are among the {} that occur {} times or more\n",
                  vocabulary.all_words, texts.bytes(), vocabulary.total, vocabulary.size(), options.min_count));
  prepare_folder(options.out);

  TrainingOptions training = options.training(vocabulary.total);
  training.checkpoint = checkpoint_path(options.out);
  training.metadata = metadata_of(app, options, vocabulary);
  Model model(vocabulary.size(), options.dim, Rng(options.seed).fork("init"));
  say(fmt::format("model: {}, two tables of {} × {}; {} epochs, {} threads{}\n", options.cbow ? "CBOW" : "skip-gram",
                  vocabulary.size(), options.dim, training.epochs, thread_count(),
                  options.lock_free ? " without locks" : ""));

  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  const WindowMaker windows(vocabulary, window_options);
  const TrainingResult result = train(model, texts, vocabulary, windows, training, ProgressLine(training.epochs));
  if (result.interrupted) {
    say(fmt::format("stopped; saving what was learned. Go on with: word2vec --resume {}\n", options.out));
  }
  const vectors::WordTable table(vocabulary.words, model.input.weight.value());
  write_files(options.out, vocabulary, table);
  show_neighbours(table, options.show);
  say(fmt::format("written to {}/: vectors.txt, vectors.bin, vocab.txt, checkpoint.safetensors\n", options.out));
  return result.interrupted ? 130 : 0;
}

}  // namespace
}  // namespace lexigrad::word2vec

int main(int argc, char** argv) {
  using namespace lexigrad::word2vec;
  CLI::App app("Trains word vectors by telling the contexts of a word from words drawn at random.", "word2vec");
  Options options;
  declare(app, options);
  return lexigrad::cli::run(app, argc, argv, [&] { return body(app, options); });
}
