// learning.cpp: training: the same bits from any number of threads, what a rate of zero does, both ways learn.
#include "word2vec/support.hpp"

#include "tensor/parallel.hpp"

using namespace lexigrad;
using namespace lexigrad::word2vec;

namespace {

struct Trained {
  Tensor input, output;
  std::vector<double> losses;
};

Trained trained(std::string_view text, const WindowOptions& windows, TrainingOptions options,
                const VocabularyOptions& words = {1, 0}) {
  const Texts texts(text);
  const Vocabulary vocabulary = count_words(texts, windows.rule, words);
  Model model(vocabulary.size(), 20, Rng(options.seed).fork("init"));
  const WindowMaker maker(vocabulary, windows);
  const TrainingResult result = train(model, texts, vocabulary, maker, options, [](const Progress&) { return true; });
  return {model.input.weight.value(), model.output.weight.value(), result.losses};
}

// The same two words stand around each word, so that there is something to learn.
std::string chains() {
  std::string text;
  Rng rng(1);
  for (int i = 0; i < 4000; ++i) {
    const Index group = rng.below(10);
    for (int k = 0; k < 6; ++k) text += fmt::format("g{}w{} ", group, rng.below(5));
    text += "\n";
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(learning)

BOOST_AUTO_TEST_CASE(the_same_bits_from_1_2_and_4_threads) {
  const std::string text = random_text(60000);  // several pieces
  for (const bool cbow : {false, true}) {
    std::vector<Trained> runs;
    for (const int threads : {1, 2, 4}) {
      const ThreadScope scope(threads);
      runs.push_back(trained(text, {.cbow = cbow}, {.epochs = 2, .lr = 0.05}));
    }
    for (const Trained& run : runs) {
      BOOST_TEST(testing::same_bits(run.input, runs[0].input));
      BOOST_TEST(testing::same_bits(run.output, runs[0].output));
      BOOST_TEST(run.losses == runs[0].losses);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_epoch_takes_every_piece_once_from_places_evenly_apart) {
  for (const std::size_t pieces : {0, 1, 31, 32, 33, 63, 64, 65, 1000}) {
    std::vector<std::size_t> order = side_by_side(pieces);
    BOOST_REQUIRE_EQUAL(order.size(), pieces);
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < pieces; ++i) BOOST_REQUIRE_EQUAL(order[i], i);
  }
  const std::vector<std::size_t> order = side_by_side(320);
  for (std::size_t i = 0; i < 32; ++i) BOOST_TEST(order[i] == 10 * i);
  BOOST_TEST(order[32] == 1u);
}

// A text that is too large is read again each time: all of it, or what is behind the first pieces.
BOOST_AUTO_TEST_CASE(the_same_bits_whether_the_text_was_kept_as_ids_or_not) {
  const std::string text = random_text(600000);  // more pieces than are counted at a time
  const TrainingOptions options{.epochs = 2, .lr = 0.05};
  const Trained kept = trained(text, {}, options), not_kept = trained(text, {}, options, {1, 0, 0}),
                begun = trained(text, {}, options, {1, 0, 1});
  BOOST_TEST(testing::same_bits(kept.input, not_kept.input));
  BOOST_TEST(testing::same_bits(kept.input, begun.input));
  BOOST_TEST(kept.losses == not_kept.losses);
  const Texts texts{std::string_view(text)};
  const auto pieces_kept = [&](std::size_t most) {
    return count_words(texts, WordRule::blanks, {1, 0, most}).text.kept;
  };
  BOOST_TEST(pieces_kept(0) == 0u);
  BOOST_TEST((pieces_kept(1) > 0u && pieces_kept(1) < pieces_kept(1 << 30)));
}

BOOST_AUTO_TEST_CASE(a_rate_of_zero_leaves_the_vectors_and_the_loss_as_they_were_D087) {
  const std::string text = random_text(4000);
  for (const bool lock_free : {false, true}) {
    const Trained run = trained(text, {.sample = 0.0}, {.epochs = 2, .lr = 0.0, .lock_free = lock_free});
    const Model start(vocabulary_of(text).size(), 20, Rng(1).fork("init"));
    BOOST_TEST(testing::same_bits(run.input, start.input.weight.value()));
    BOOST_REQUIRE_EQUAL(run.losses.size(), 2u);
    // Outputs are 0, so each of the scores is: log 2 for each of 1 + 5 samples, but for negatives that are the word.
    for (const double loss : run.losses) BOOST_TEST((loss > 5.5 * std::log(2.0) && loss < 6.0 * std::log(2.0)));
    BOOST_CHECK_CLOSE(run.losses[0], run.losses[1], 0.5);
  }
}

BOOST_AUTO_TEST_CASE(groups_of_one_window_are_what_one_thread_without_locks_does) {
  const ThreadScope one(1);
  const std::string text = random_text(3000);
  for (const bool cbow : {false, true}) {
    const WindowOptions windows{.cbow = cbow, .group = 1};
    const Trained steps = trained(text, windows, {.epochs = 3, .lr = 0.1});
    const Trained descent = trained(text, windows, {.epochs = 3, .lr = 0.1, .lock_free = true});
    testing::check_close(steps.input, descent.input);
    testing::check_close(steps.output, descent.output);
  }
}

BOOST_AUTO_TEST_CASE(words_that_stand_together_come_near_in_every_mode) {
  const std::string text = chains();
  const Vocabulary vocabulary = vocabulary_of(text);
  for (const bool cbow : {false, true}) {
    for (const bool lock_free : {false, true}) {
      const Trained run =
          trained(text, {.sample = 0.0, .cbow = cbow, .rate = 0.05}, {.epochs = 5, .lr = 0.05, .lock_free = lock_free});
      BOOST_TEST(run.losses.back() < run.losses.front());
      const auto cosine = [&](const char* a, const char* b) {
        double dot = 0.0, aa = 0.0, bb = 0.0;
        for (Index k = 0; k < 20; ++k) {
          const double x = static_cast<double>(run.input(vocabulary.find(a), k)),
                       y = static_cast<double>(run.input(vocabulary.find(b), k));
          dot += x * y;
          aa += x * x;
          bb += y * y;
        }
        return dot / std::sqrt(aa * bb);
      };
      BOOST_TEST(cosine("g1w0", "g1w3") > cosine("g1w0", "g2w3") + 0.3);
      BOOST_TEST(cosine("g7w1", "g7w2") > cosine("g7w1", "g0w2") + 0.3);
    }
  }
}

// Lists: each of 60 words is rare in the whole text, but fills one place of it. Groups that look at the whole text only
// came to losses of 15,000 here (skip-gram) and 50,000 (CBOW).
BOOST_AUTO_TEST_CASE(words_in_bursts_do_not_diverge) {
  std::string text;
  Rng rng(1);
  for (int burst = 0; burst < 60; ++burst) {
    for (int i = 0; i < 60; ++i) {
      for (int k = 0; k < 10; ++k) text += fmt::format("w{} ", rng.below(1 + rng.below(2000)));
      text += "\n";
    }
    for (int i = 0; i < 300; ++i) text += fmt::format("folder{}{}", burst, i % 10 == 9 ? "\n" : " ");
  }
  for (const bool cbow : {false, true}) {
    const double rate = cbow ? 0.05 : 0.025;
    const std::vector<double> losses = trained(text, {.cbow = cbow, .rate = rate}, {.epochs = 5, .lr = rate}).losses;
    for (std::size_t epoch = 1; epoch < losses.size(); ++epoch) BOOST_TEST(losses[epoch] < losses[epoch - 1]);
    BOOST_TEST(losses.back() < 3.0);
  }
}

BOOST_AUTO_TEST_CASE(a_rate_that_is_far_too_high_is_told) {
  const std::string text = chains();
  BOOST_TEST(testing::error_text<NonFiniteError>([&] {
               trained(text, {.sample = 0.0}, {.epochs = 50, .lr = 1e30});
             }).find("a smaller --lr") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
