// training.cpp: rounds of pieces, the rate, the state of a run.
#include "word2vec/training.hpp"

#include <chrono>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

#include "nn/init.hpp"
#include "nn/optim.hpp"
#include "tensor/create.hpp"
#include "tensor/parallel.hpp"
#include "word2vec/lock_free.hpp"

namespace lexigrad::word2vec {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double seconds_between_checkpoints = 60.0;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Where a run stands between two rounds.
struct State {
  Index epoch = 0;             // finished ones
  Index pieces = 0;            // of the epoch, done
  Index words = 0;             // of the vocabulary, read so far, in all epochs
  double loss = 0.0;           // Σ of the epoch under way
  Index inputs = 0;            // that it is a sum over
  std::vector<double> losses;  // of the finished epochs

  std::string text() const {
    std::string result = fmt::format("{} {} {} {} {}", epoch, pieces, words, loss, inputs);
    for (const double l : losses) result += fmt::format(" {}", l);
    return result;
  }
  static State from_text(const std::string& path, const std::string& text) {
    State s;
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    in >> s.epoch >> s.pieces >> s.words >> s.loss >> s.inputs;
    const bool read = static_cast<bool>(in);
    for (double l = 0.0; in >> l;) s.losses.push_back(l);
    if (!read || !in.eof() || static_cast<Index>(s.losses.size()) != s.epoch) {
      throw FileError("--resume", path + ": __metadata__ progress cannot be read");
    }
    return s;
  }
};

class Run {
 public:
  Run(Model& model, const Texts& texts, const Vocabulary& vocabulary, const WindowMaker& windows,
      const TrainingOptions& options)
      : model_(model),
        texts_(texts),
        text_(vocabulary.text),
        order_(side_by_side(text_.pieces.size())),
        windows_(windows),
        options_(options),
        sgd_(named_parameters(model), {.lr = options.lr}),
        all_words_(vocabulary.total * options.epochs),
        rng_(Rng(options.seed).fork("windows")) {}

  State& state() { return state_; }
  Index all_words() const { return all_words_; }

  /// Trains on the next piece of each stretch; false when there are none. `tick` is called after every step, and the
  /// rest of a round is worth a few hundred steps at most.
  bool round(const std::function<void(const State&)>& tick) {
    const auto first = static_cast<std::size_t>(state_.pieces);
    const std::size_t count = std::min(stretches, order_.size() - std::min(first, order_.size()));
    if (count == 0) return false;
    const Rng epoch_rng = rng_.fork(fmt::format("epoch {}", state_.epoch));
    const auto groups = [&](Index i) {
      const std::size_t piece = order_[first + static_cast<std::size_t>(i)];
      const Rng rng = epoch_rng.fork(fmt::format("piece {}", piece));
      if (piece < text_.kept) return windows_.groups(piece, rng);
      Place at = text_.pieces[piece].at;
      return windows_.groups(texts_.next(at), rng);
    };
    if (options_.lock_free) {
      const Index before = state_.words;
      add(train_lock_free(model_, static_cast<Index>(count), groups,
                          [&](Index words) { return rate(before + words); }));
      tick(state_);
    } else {
      std::vector<std::vector<Group>> prepared(count);
      parallel_for_each(static_cast<Index>(count), 1,
                        [&](Index i) { prepared[static_cast<std::size_t>(i)] = groups(i); });
      for (std::vector<Group>& piece : prepared) {
        for (Group& group : piece) {
          add({step(group), group.inputs, group.words});
          tick(state_);
        }
      }
    }
    state_.pieces += static_cast<Index>(count);
    return true;
  }

  void end_epoch() {
    state_.losses.push_back(state_.inputs > 0 ? state_.loss / static_cast<double>(state_.inputs) : 0.0);
    ++state_.epoch;
    state_.pieces = 0;
    state_.loss = 0.0;
    state_.inputs = 0;
  }

  Metadata metadata() const {
    Metadata result = options_.metadata;
    result["progress"] = state_.text();
    return result;
  }
  void resume() {
    const Metadata metadata = read_metadata(options_.checkpoint);
    const auto progress = metadata.find("progress");
    if (progress == metadata.end()) throw FileError("--resume", options_.checkpoint + ": was not written by word2vec");
    state_ = State::from_text(options_.checkpoint, progress->second);
    load(options_.checkpoint, model_);
  }

 private:
  double rate(Index words) const {
    const double done = static_cast<double>(words) / static_cast<double>(all_words_ + 1);
    return options_.lr * std::max(1.0 - done, 1e-4);
  }

  double step(Group& group) {
    group.windows.step = rate(state_.words);
    sgd_.set_lr(group.windows.step);
    sgd_.zero_grad();
    const Variable loss = negative_sampling(model_.input.weight, model_.output.weight, group.windows);
    loss.backward();
    sgd_.step();
    return static_cast<double>(loss.item());
  }

  void add(const RoundResult& part) {
    if (!std::isfinite(part.loss)) {
      throw NonFiniteError("word2vec", fmt::format("the loss is {} after {} words, at a learning rate of {}; a smaller "
                                                   "--lr may help",
                                                   part.loss, state_.words, rate(state_.words)));
    }
    state_.loss += part.loss;
    state_.inputs += part.inputs;
    state_.words += part.words;
  }

  Model& model_;
  const Texts& texts_;
  const NumberedText& text_;
  std::vector<std::size_t> order_;  // of the pieces in an epoch
  const WindowMaker& windows_;
  const TrainingOptions& options_;
  Sgd sgd_;
  Index all_words_;
  Rng rng_;
  State state_;
};

}  // namespace

std::vector<std::size_t> side_by_side(std::size_t pieces) {
  const std::size_t length = (pieces + stretches - 1) / stretches;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < length; ++i) {
    for (std::size_t piece = i; piece < pieces; piece += length) order.push_back(piece);
  }
  return order;
}

Tensor first_rows(Index words, Index dim, Rng rng) {
  const double bound = 0.5 / static_cast<double>(dim);
  return uniform({words, dim}, rng, -bound, bound);
}

Model::Model(Index words, Index dim, Rng rng)
    : input(first_rows(words, dim, std::move(rng))), output(zeros({words, dim})) {}

TrainingResult train(Model& model, const Texts& texts, const Vocabulary& vocabulary, const WindowMaker& windows,
                     const TrainingOptions& options, const std::function<bool(const Progress&)>& report) {
  Run run(model, texts, vocabulary, windows, options);
  if (options.resume) run.resume();
  const auto start = Clock::now();
  const Index words_before = run.state().words;
  bool goes_on = true;
  const auto tell = [&](const State& s, bool epoch_over) {
    const double seconds = seconds_since(start), words = static_cast<double>(s.words - words_before);
    const double left = static_cast<double>(run.all_words() - s.words);
    goes_on = report({std::min(s.epoch + 1, options.epochs),
                      static_cast<double>(s.words) / static_cast<double>(run.all_words()),
                      s.inputs > 0 ? s.loss / static_cast<double>(s.inputs) : 0.0, words / seconds, seconds,
                      words > 0.0 ? seconds / words * left : 0.0, epoch_over}) &&
              goes_on;
  };
  double kept_at = 0.0;
  Index rounds = 0;
  while (run.state().epoch < options.epochs && goes_on) {
    if (run.round([&](const State& s) { tell(s, false); })) {
      ++rounds;
    } else {
      tell(run.state(), true);
      run.end_epoch();
    }
    const double now = seconds_since(start);
    const bool due =
        options.save_every > 0 ? rounds >= options.save_every : now - kept_at >= seconds_between_checkpoints;
    if (!due || options.checkpoint.empty()) continue;
    save(options.checkpoint, model, run.metadata());
    kept_at = now;
    rounds = 0;
  }
  return {run.state().losses, run.state().epoch < options.epochs, seconds_since(start), run.metadata()};
}

}  // namespace lexigrad::word2vec
