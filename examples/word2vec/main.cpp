// main.cpp of word2vec: word vectors from a text of any size, as Mikolov, Chen, Corrado, Dean (2013) make them.
//
//   text → words → windows (a word, its contexts, words drawn at random) → loss of telling them apart → the rows move
//
// Reading order: sentences, phrases, vocabulary, sampling, windows, training, lock_free.
#include <algorithm>
#include <filesystem>
#include <future>

#include <fmt/core.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "data/embedded.hpp"
#include "tensor/parallel.hpp"
#include "text/codec.hpp"
#include "training/folder.hpp"
#include "training/progress.hpp"
#include "vectors/neighbours.hpp"
#include "word2vec/options.hpp"
#include "word2vec/saving.hpp"

namespace lexigrad::word2vec {
namespace {

using training::say;

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
    return !training::stop_asked();
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
    metadata["settings"] = nlohmann::json(training::settings_of(app, setting_rules)).dump();
    return metadata;
  }
  const Metadata before = read_metadata(options.resume + "/" + training::checkpoint_name);
  training::check_text(before, metadata["text"], options.resume);
  metadata["settings"] = before.at("settings");
  return metadata;
}

int body(const CLI::App& app, Options options) {
  options.lr_given = app.get_option("--lr")->count() > 0;
  if (!options.resume.empty()) take_settings(app, options);
  check(options);
  const std::vector<std::string> written = {"vectors.txt", "vectors.bin", "vocab.txt", "map.html",
                                            training::checkpoint_name};
  cli::keep_inputs(options.texts, cli::in_folder(options.out, written));
  text::check_folder(options.out, written);
  const ThreadScope threads(options.threads > 0 ? options.threads : thread_count());
  const Texts texts = options.texts.empty() ? Texts(data::corpus()) : Texts(options.texts);
  const Phrases phrases = find_phrases(texts, options.rule(), options.phrase_options());
  if (options.phrases > 0) say(fmt::format("phrases: {} pairs of words are joined\n", phrases.size()));
  const Vocabulary vocabulary = count_words(texts, options.rule(), options.vocabulary(), &phrases);
  say(fmt::format("text: {} words in {} bytes; {} of them are among the {} that occur {} times or more\n",
                  vocabulary.all_words, texts.bytes(), vocabulary.total, vocabulary.size(), options.min_count));
  training::prepare_folder(options.out);

  TrainingOptions how = options.training(vocabulary.total);
  how.checkpoint = options.out + "/" + training::checkpoint_name;
  how.metadata = metadata_of(app, options, vocabulary);
  const Rng beginning = Rng(options.seed).fork("init");
  Model model(vocabulary.size(), options.dim, beginning);
  if (options.resume.empty())
    std::filesystem::remove(how.checkpoint);  // of a run before: not to be taken for this one's
  say(fmt::format("model: {}, two tables of {} × {}; {} epochs, {} threads{}\n", options.cbow ? "CBOW" : "skip-gram",
                  vocabulary.size(), options.dim, how.epochs, thread_count(),
                  options.lock_free ? " without locks" : ""));

  training::listen_for_stop();
  WindowOptions window_options = options.windows(vocabulary.total);
  window_options.phrases = &phrases;
  const WindowMaker windows(vocabulary, window_options);
  const TrainingResult result = train(model, texts, vocabulary, windows, how, ProgressLine(how.epochs));
  const bool learned = std::any_of(result.losses.begin(), result.losses.end(), [](double loss) { return loss != 0.0; });
  if (!learned && !result.interrupted) {
    throw FileError("text",
                    fmt::format("no word of the vocabulary has another beside it: every line holds one of the {} "
                                "words, or --sample {} leaves out the others",
                                vocabulary.size(), options.sample));
  }
  if (result.interrupted) {
    say(fmt::format("stopped; saving what was learned. Go on with: word2vec --resume {}\n", options.out));
  }
  const vectors::WordTable table(vocabulary.words, model.input.weight.value());
  show_neighbours(table, options.show);
  // Files are mostly waiting for the disk or the system, so another thread writes them while the map is calculated.
  std::future<void> files = std::async(std::launch::async, [&] {
    save(how.checkpoint, model, result.metadata);
    write_files(options.out, vocabulary, table);
  });
  const Index on_map = std::min(options.map, table.size());
  const bool map = on_map > 1;
  if (map) write_map(options.out, table, first_rows(on_map, options.dim, beginning));
  files.get();
  say(fmt::format("written to {}/: vectors.txt, vectors.bin, vocab.txt, checkpoint.safetensors{}\n", options.out,
                  map ? ", map.html (any browser opens it)" : ""));
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
