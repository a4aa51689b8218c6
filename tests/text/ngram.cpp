// ngram.cpp: the two baselines against numbers worked out by hand, and what they can learn and cannot.
#include "text/ngram.hpp"

#include <cmath>
#include <vector>

#include "support.hpp"
#include "tensor/random.hpp"

using namespace support;
using namespace lexigrad::text;
using boost::test_tools::tolerance;

namespace {

// Targets of the training text: 1, 0, 1, 2; of the held-out text: 1 (after 0) and 2 (after 1).
const std::vector<Index> train{0, 1, 0, 1, 2}, held_out{0, 1, 2};

}  // namespace

BOOST_AUTO_TEST_SUITE(ngram)

BOOST_AUTO_TEST_CASE(the_unigram_is_smoothed_by_one) {
  const NgramScore score = unigram_score(train, held_out, 3);
  BOOST_TEST(score.nats == -(std::log(3.0 / 7) + std::log(2.0 / 7)) / 2, tolerance(1e-12));
  BOOST_TEST(score.perplexity == std::exp(score.nats), tolerance(1e-12));
  BOOST_TEST(score.predictions == 2);
  BOOST_TEST(score.lambda == 0.0);
}

BOOST_AUTO_TEST_CASE(the_bigram_is_mixed_with_the_unigram) {
  const NgramScore score = bigram_score(train, held_out, 3);
  BOOST_TEST(score.lambda == 0.5);  // too short a text to choose
  const double p1 = 0.5 * 1.0 + 0.5 * 3 / 7, p2 = 0.5 * 0.5 + 0.5 * 2 / 7;
  BOOST_TEST(score.nats == -(std::log(p1) + std::log(p2)) / 2, tolerance(1e-12));
  BOOST_TEST(score.predictions == 2);
}

BOOST_AUTO_TEST_CASE(after_a_token_never_seen_the_bigram_is_the_unigram) {
  const std::vector<Index> unseen{3, 1};
  BOOST_TEST(bigram_score(train, unseen, 4).nats == unigram_score(train, unseen, 4).nats);
}

BOOST_AUTO_TEST_CASE(the_probabilities_add_up_to_one) {
  double unigram = 0.0, bigram = 0.0;
  for (Index token = 0; token < 5; ++token) {
    unigram += std::exp(-unigram_score(train, std::vector<Index>{1, token}, 5).nats);
    bigram += std::exp(-bigram_score(train, std::vector<Index>{1, token}, 5).nats);
  }
  BOOST_TEST(unigram == 1.0, tolerance(1e-12));
  BOOST_TEST(bigram == 1.0, tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(order_is_seen_by_the_bigram_alone) {
  std::vector<Index> cycle;
  for (Index i = 0; i < 500; ++i) cycle.push_back(i % 10);
  const NgramScore one = unigram_score(cycle, cycle, 10), two = bigram_score(cycle, cycle, 10);
  BOOST_TEST(one.perplexity > 9.9);
  BOOST_TEST(two.perplexity < 1.1);
  BOOST_TEST(two.lambda == 0.95, tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(without_order_the_bigram_gains_nothing) {
  Rng rng(4);
  std::vector<Index> noise, more;
  for (int i = 0; i < 5000; ++i) noise.push_back(rng.below(50));
  for (int i = 0; i < 2000; ++i) more.push_back(rng.below(50));
  const NgramScore one = unigram_score(noise, more, 50), two = bigram_score(noise, more, 50);
  BOOST_TEST(two.lambda < 0.3);
  BOOST_TEST(two.nats > one.nats - 0.01);
}

BOOST_AUTO_TEST_CASE(short_texts_and_ids_outside_are_refused) {
  check_has(error_text<ValueError>([] { unigram_score(std::vector<Index>{1}, held_out, 3); }),
            "the training text has 1 token; at least 2 are needed");
  check_has(error_text<ValueError>([] { bigram_score(train, {}, 3); }), "the held-out text has 0 tokens");
  check_has(error_text<IndexError>([] { bigram_score(train, held_out, 2); }),
            "id 2 of the training text is outside the vocabulary of 2");
  check_has(error_text<IndexError>([] {
              unigram_score(train, std::vector<Index>{0, -1}, 3);
            }),
            "id -1 of the held-out text");
}

BOOST_AUTO_TEST_SUITE_END()
