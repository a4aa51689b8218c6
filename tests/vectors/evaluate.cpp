// evaluate.cpp: accuracy over pairs and the spread of cosines.
#include "vectors/evaluate.hpp"

#include <cmath>

#include "support.hpp"
#include "tensor/parallel.hpp"

using namespace support;

namespace {

// Pairs i: a common offset along dim 0, a dim of its own each; `broken` second words point elsewhere.
WordTable regular_table(Index pairs, Index broken) {
  std::vector<std::string> words;
  Tensor numbers = zeros({2 * pairs, pairs + 2});
  real* out = numbers.mutable_data();
  for (Index i = 0; i < pairs; ++i) {
    words.push_back(fmt::format("m{}", i));
    words.push_back(fmt::format("f{}", i));
    real* m = out + 2 * i * (pairs + 2);
    real* f = m + pairs + 2;
    m[0] = -1, f[0] = 1;
    m[i + 1] = 2, f[i + 1] = 2;
    if (i < broken) f[0] = 0, f[i + 1] = 0, f[pairs + 1] = 1;
  }
  return WordTable(words, numbers);
}

std::vector<WordPair> pair_names(Index pairs) {
  std::vector<WordPair> names;
  for (Index i = 0; i < pairs; ++i) names.emplace_back(fmt::format("m{}", i), fmt::format("f{}", i));
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(evaluate)

BOOST_AUTO_TEST_CASE(a_regular_table_answers_every_ordered_pair) {
  const PairAccuracy result = pair_accuracy(regular_table(5, 0), pair_names(5));
  BOOST_TEST(result.asked == 20);
  BOOST_TEST(result.right == 20);
  BOOST_TEST(result.share() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_broken_pair_costs_the_questions_that_ask_for_it) {
  const PairAccuracy result = pair_accuracy(regular_table(6, 1), pair_names(6));
  BOOST_TEST(result.asked == 30);
  BOOST_TEST(result.right <= 25);
  BOOST_TEST(result.right >= 20);
}

BOOST_AUTO_TEST_CASE(unknown_words_are_skipped_and_counted) {
  std::vector<WordPair> pairs = pair_names(3);
  pairs.emplace_back("m0", "nobody");
  pairs.emplace_back("nobody", "nothing");
  const PairAccuracy result = pair_accuracy(regular_table(3, 0), pairs);
  BOOST_TEST(result.asked == 6);
  BOOST_TEST(result.skipped_pairs == 2);
  const std::vector<std::string> unknown{"nobody", "nothing"};
  BOOST_TEST(result.unknown == unknown, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_to_ask_is_no_error) {
  const WordTable t = regular_table(2, 0);
  BOOST_TEST(pair_accuracy(t, {}).asked == 0);
  BOOST_TEST(pair_accuracy(t, {{"m0", "f0"}}).asked == 0);
  BOOST_TEST(pair_accuracy(t, {}).share() == 0.0);
}

BOOST_AUTO_TEST_CASE(the_result_is_the_same_with_any_number_of_threads) {
  Rng rng(5);
  std::vector<std::string> words;
  for (int i = 0; i < 20; ++i) words.push_back(fmt::format("{}{}", i % 2 == 0 ? 'm' : 'f', i / 2));
  const WordTable t(words, normal({20, 3}, rng));
  const Index right = pair_accuracy(t, pair_names(10)).right;
  for (const int threads : {1, 2, 4}) {
    const ThreadScope scope(threads);
    BOOST_TEST(pair_accuracy(t, pair_names(10)).right == right);
  }
}

BOOST_AUTO_TEST_CASE(pair_statistics_are_means_over_unordered_pairs) {
  const WordTable t({"x", "y", "minus", "zero"}, tensor({4, 2}, {1, 0, 3, 4, -2, 0, 0, 0}));
  const PairStatistics s = pair_statistics(t, {"x", "y", "minus", "zero", "none"});
  BOOST_TEST(s.words == 3);
  BOOST_TEST(s.pairs == 3);
  BOOST_TEST(s.unknown == 2);
  BOOST_TEST(s.mean_absolute == (0.6 + 1.0 + 0.6) / 3, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(s.largest == 1.0, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(pair_statistics(t, {"x"}).mean_absolute == 0.0);
}

BOOST_AUTO_TEST_CASE(noise_has_the_mean_cosine_of_its_dimension) {
  Rng rng(11);
  std::vector<std::string> words;
  for (int i = 0; i < 200; ++i) words.push_back(fmt::format("w{}", i));
  const PairStatistics s = pair_statistics(WordTable(words, normal({200, 64}, rng)), words);
  BOOST_TEST(std::abs(s.mean_absolute - std::sqrt(2 / (3.14159265 * 64))) < 0.003);
}

BOOST_AUTO_TEST_SUITE_END()
