// generate.cpp: the loop against one without a cache, its ends, and a context that is full.
#include "models/generate.hpp"

#include <algorithm>

#include "autograd/mode.hpp"
#include "support.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::models {
namespace {

using namespace lexigrad::testing;

// The likeliest token after `ids`, of which the model sees the last `most`, by a whole pass.
Index plain_next(const Transformer& model, const std::vector<Index>& ids, std::size_t most) {
  const NoGrad quiet;
  const std::size_t count = std::min(most, ids.size());
  const std::vector<Index> seen(ids.end() - static_cast<std::ptrdiff_t>(count), ids.end());
  const auto length = static_cast<Index>(count);
  const Tensor logits = model.head(model(Ids(Shape{1, length}, seen))).value();
  const real* last = logits.data() + (length - 1) * model.options.vocab;
  return std::max_element(last, last + model.options.vocab) - last;
}

BOOST_AUTO_TEST_SUITE(generate)

BOOST_AUTO_TEST_CASE(greedy_equals_a_loop_of_whole_passes_over_the_last_tokens) {
  const Transformer model = noisy_model();
  const std::vector<Index> prompt = {3, 1, 4};
  std::vector<Index> want = prompt;
  for (int i = 0; i < 30; ++i) want.push_back(plain_next(model, want, 8));
  want.erase(want.begin(), want.begin() + 3);
  Rng rng(1);
  GenerateOptions options{.max_tokens = 30, .sampling = {.temperature = 0.0}, .keep = 8};
  BOOST_TEST(models::generate(model, prompt, options, rng) == want, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_full_context_goes_on_with_its_last_half_and_says_so_once) {
  const Transformer model = noisy_model();
  std::vector<Index> all = {3, 1, 4};
  std::size_t seen = 3;
  std::vector<Index> want;
  for (int i = 0; i < 20; ++i) {
    want.push_back(plain_next(model, all, seen));
    all.push_back(want.back());
    seen = seen == 8 ? 4 : seen + 1;
  }
  Rng rng(1);
  std::vector<Index> told;
  const GenerateOptions options{
      .max_tokens = 20, .sampling = {.temperature = 0.0}, .on_full = [&](Index kept) { told.push_back(kept); }};
  BOOST_TEST(models::generate(model, std::vector<Index>{3, 1, 4}, options, rng) == want,
             boost::test_tools::per_element());
  BOOST_TEST(told == std::vector<Index>{4}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_a_prompt_longer_than_the_context_the_last_tokens_are_read_D027) {
  const Transformer model = noisy_model();
  const std::vector<Index> prompt = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 9, 8};
  Rng rng(1);
  std::vector<Index> told;
  const GenerateOptions options{
      .max_tokens = 1, .sampling = {.temperature = 0.0}, .on_full = [&](Index kept) { told.push_back(kept); }};
  const std::vector<Index> got = models::generate(model, prompt, options, rng);
  BOOST_TEST(got.at(0) == plain_next(model, prompt, 8));
  BOOST_TEST(told == std::vector<Index>{8}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_prompt_of_the_whole_context_is_not_cut) {
  const Transformer model = noisy_model();
  const std::vector<Index> prompt = {1, 2, 3, 4, 5, 6, 7, 8};
  Rng rng(1);
  bool told = false;
  const GenerateOptions options{
      .max_tokens = 1, .sampling = {.temperature = 0.0}, .on_full = [&](Index) { told = true; }};
  BOOST_TEST(models::generate(model, prompt, options, rng).at(0) == plain_next(model, prompt, 8));
  BOOST_TEST(!told);
}

BOOST_AUTO_TEST_CASE(it_stops_at_the_stop_token_at_the_listeners_word_and_at_the_count) {
  const Transformer model = noisy_model();
  const std::vector<Index> prompt = {3};
  const auto run = [&](GenerateOptions options) {
    Rng rng(4);
    return models::generate(model, prompt, options, rng);
  };
  const std::vector<Index> all = run({.max_tokens = 12});
  BOOST_TEST(all.size() == 12u);
  const auto first = std::find(all.begin(), all.end(), all[5]);
  BOOST_TEST(run({.max_tokens = 12, .stop = all[5]}) == std::vector<Index>(all.begin(), first),
             boost::test_tools::per_element());
  std::vector<Index> heard;
  const std::vector<Index> some = run({.max_tokens = 12, .on_token = [&](Index id) {
                                         heard.push_back(id);
                                         return heard.size() < 3;
                                       }});
  BOOST_TEST(some == std::vector<Index>(all.begin(), all.begin() + 3), boost::test_tools::per_element());
  BOOST_TEST(heard == some, boost::test_tools::per_element());
  BOOST_TEST(run({.max_tokens = 0}).empty());
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_text_on_any_number_of_threads) {
  const Transformer model = noisy_model({.vocab = 300, .context = 64, .dim = 64, .layers = 2, .heads = 4});
  const auto run = [&](std::uint64_t seed, int threads) {
    const ThreadScope scope(threads);
    Rng rng(seed);
    return models::generate(model, std::vector<Index>{1, 2, 3}, {.max_tokens = 100, .sampling = {.top_p = 0.9}}, rng);
  };
  const std::vector<Index> first = run(7, 1);
  for (const int threads : {1, 2, 4}) BOOST_TEST((run(7, threads) == first));
  BOOST_TEST((run(8, 2) != first));
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused_before_anything_is_made) {
  const Transformer model = noisy_model();
  Rng rng(1);
  const auto refused = [&](const std::vector<Index>& prompt, const GenerateOptions& options) {
    return error_text([&] { models::generate(model, prompt, options, rng); });
  };
  BOOST_TEST(refused({}, {}) == "[generate] the prompt is empty: expected one token or more");
  BOOST_TEST(refused({1}, {.max_tokens = -1}).find("max_tokens -1") != std::string::npos);
  BOOST_TEST(refused({1}, {.keep = 9}).find("keep at most the context, 8") != std::string::npos);
  BOOST_TEST(refused({1}, {.sampling = {.top_p = 2.0}}).find("top_p 2") != std::string::npos);
  BOOST_TEST(refused({1, 11}, {}) == "[generate] id 11 at position [1] is outside the vocabulary of 11");
  BOOST_TEST(refused({-1}, {}).find("id -1") != std::string::npos);
  BOOST_TEST(rng.position() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad::models
