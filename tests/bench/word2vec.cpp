// word2vec.cpp (bench): training word vectors on a text of 400,000 words with the counts of a natural language, in both
// modes. For figures beside other programs, time the program itself on a real text: README.md says how.
#include <atomic>
#include <cmath>
#include <thread>

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "word2vec/training.hpp"

using namespace lexigrad;
using namespace lexigrad::word2vec;

namespace {

// Word of rank r about 1 / r as often as the first (Zipf); lines of 20 words.
std::string zipf_text(Index words, Index vocabulary) {
  Rng rng(1);
  std::string text;
  for (Index i = 0; i < words; ++i) {
    const double rank = std::exp(rng.uniform() * std::log(static_cast<double>(vocabulary)));
    text += fmt::format("w{}{}", static_cast<Index>(rank), i % 20 == 19 ? "\n" : " ");
  }
  return text;
}

void train_once(bench::Bench& bench, const std::string& text, bool cbow, bool lock_free,
                std::string_view condition = "") {
  const std::string name =
      fmt::format("w2v_{}_{}{}", cbow ? "cbow" : "sg", lock_free ? "lock_free" : "same_bits", condition);
  const Texts texts{std::string_view(text)};
  const Vocabulary vocabulary = count_words(texts, WordRule::blanks, {1, 0});
  const WindowMaker windows(vocabulary, {.cbow = cbow});
  Model model(vocabulary.size(), 100, Rng(1));
  const double seconds = bench.time(name,
                                    [&] {
                                      train(model, texts, vocabulary, windows, {.epochs = 1, .lock_free = lock_free},
                                            [](const Progress&) { return true; });
                                    },
                                    {.least = 2});
  if (seconds > 0.0) bench.print(name + "_rate", static_cast<double>(vocabulary.total) / seconds, "words/s");
}

// A thread of somebody else, which never waits: it takes about half of one core.
class Neighbour {
 public:
  Neighbour()
      : thread_([this] {
          while (!stop_) {
          }
        }) {}
  ~Neighbour() {
    stop_ = true;
    thread_.join();
  }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Training word vectors, dim 100, window 5, 5 negatives.", {1, 2});
  const std::string text = zipf_text(400000, 30000);
  bench.for_threads([&] {
    bench.time("w2v_vocabulary", [&] { count_words(Texts(std::string_view(text)), WordRule::blanks, {1, 0}); });
    for (const bool cbow : {false, true}) {
      for (const bool lock_free : {false, true}) train_once(bench, text, cbow, lock_free);
    }
    const Neighbour neighbour;  // steps of some 100 us, in which each thread waits for the other several times
    train_once(bench, text, false, false, "_beside_neighbour");
  });
}
