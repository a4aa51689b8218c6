// sampling.cpp: what temperature, top-k and top-p leave, and in which shares.
#include "models/sampling.hpp"

#include <limits>
#include <set>

#include "support.hpp"

namespace lexigrad::models {
namespace {

using testing::error_text;

// Chances 0.1, 0.4, 0.2, 0.3 for the ids 0 to 3.
const Tensor logits = tensor({4}, {std::log(0.1), std::log(0.4), std::log(0.2), std::log(0.3)});

std::vector<double> shares(const SamplingOptions& options, int draws = 20000) {
  Rng rng(3);
  std::vector<double> counts(4);
  for (int i = 0; i < draws; ++i) counts[static_cast<std::size_t>(sample(logits, options, rng))] += 1.0 / draws;
  return counts;
}

void check_shares(const SamplingOptions& options, const std::vector<double>& want) {
  const std::vector<double> got = shares(options);
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (want[i] == 0.0) {
      BOOST_TEST(got[i] == 0.0);
    } else {
      BOOST_TEST(std::abs(got[i] - want[i]) < 0.015);  // more than four standard deviations
    }
  }
}

BOOST_AUTO_TEST_SUITE(sampling)

BOOST_AUTO_TEST_CASE(draws_have_the_chances_of_the_softmax) { check_shares({}, {0.1, 0.4, 0.2, 0.3}); }

BOOST_AUTO_TEST_CASE(a_temperature_divides_the_logits) {
  const double total = 0.01 + 0.16 + 0.04 + 0.09;
  check_shares({.temperature = 0.5}, {0.01 / total, 0.16 / total, 0.04 / total, 0.09 / total});
}

BOOST_AUTO_TEST_CASE(temperature_0_and_top_k_1_give_the_likeliest_and_draw_nothing_D099) {
  for (const SamplingOptions& options : {SamplingOptions{.temperature = 0.0}, SamplingOptions{.top_k = 1}}) {
    Rng rng(1);
    for (int i = 0; i < 2; ++i) BOOST_TEST(sample(logits, options, rng) == 1);
    BOOST_TEST(rng.position() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_top_k_of_more_tokens_than_there_are_means_all_D099) {
  for (const Index k : {Index{0}, Index{4}, Index{1000000}}) {
    Rng all(5), some(5);
    for (int i = 0; i < 100; ++i) BOOST_TEST(sample(logits, {}, all) == sample(logits, {.top_k = k}, some));
  }
}

BOOST_AUTO_TEST_CASE(top_k_leaves_the_k_likeliest) {
  check_shares({.top_k = 2}, {0.0, 0.4 / 0.7, 0.0, 0.3 / 0.7});
  check_shares({.top_k = 3}, {0.0, 0.4 / 0.9, 0.2 / 0.9, 0.3 / 0.9});
}

BOOST_AUTO_TEST_CASE(top_p_leaves_the_fewest_that_reach_the_share) {
  check_shares({.top_p = 0.39}, {0.0, 1.0, 0.0, 0.0});
  check_shares({.top_p = 0.65}, {0.0, 0.4 / 0.7, 0.0, 0.3 / 0.7});
  check_shares({.top_p = 0.85}, {0.0, 0.4 / 0.9, 0.2 / 0.9, 0.3 / 0.9});
  check_shares({.top_p = 1e-9}, {0.0, 1.0, 0.0, 0.0});
}

BOOST_AUTO_TEST_CASE(top_p_counts_within_what_top_k_left) {
  check_shares({.top_k = 2, .top_p = 0.5}, {0.0, 1.0, 0.0, 0.0});  // 0.4 / 0.7 is more than half
}

BOOST_AUTO_TEST_CASE(of_equal_logits_the_lower_id_is_likelier) {
  const Tensor equal = tensor({4}, {1, 2, 2, 2});
  Rng rng(1);
  BOOST_TEST(sample(equal, {.temperature = 0.0}, rng) == 1);
  std::set<Index> seen;
  for (int i = 0; i < 200; ++i) seen.insert(sample(equal, {.top_k = 2}, rng));
  BOOST_TEST(seen == (std::set<Index>{1, 2}), boost::test_tools::per_element());
  const std::vector<Candidate> three = likeliest(equal, 3);
  for (Index i = 0; i < 3; ++i) BOOST_TEST(three[static_cast<std::size_t>(i)].id == i + 1);
}

BOOST_AUTO_TEST_CASE(extreme_logits_and_temperatures_do_not_overflow) {
  const double far = 3e38, none = -std::numeric_limits<double>::infinity();
  const Tensor extreme = tensor({4}, {-far, far, none, 0.0});
  Rng rng(1);
  for (const double t : {1e-300, 1.0, 1e300}) {
    const Index id = sample(extreme, {.temperature = t}, rng);
    BOOST_TEST((id == 1 || t == 1e300));
    BOOST_TEST(id != 2);  // -∞ has no chance at any temperature
  }
  BOOST_TEST(likeliest(extreme, 9).size() == 4u);
}

BOOST_AUTO_TEST_CASE(the_likeliest_come_with_their_chances) {
  const std::vector<Candidate> two = likeliest(logits, 2);
  BOOST_TEST(two[0].id == 1);
  BOOST_TEST(two[0].chance == 0.4, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(two[1].id == 3);
  BOOST_TEST(two[1].chance == 0.3, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(options_and_logits_that_make_no_sense_are_refused) {
  Rng rng(1);
  const auto refused = [&](const SamplingOptions& o) {
    return error_text<ValueError>([&] { sample(logits, o, rng); });
  };
  BOOST_TEST(refused({.temperature = -1.0}) == "[sampling] temperature -1: expected a number from 0 on");
  BOOST_TEST(refused({.temperature = NAN}) == "[sampling] temperature nan: expected a number from 0 on");
  BOOST_TEST(refused({.top_k = -1}) == "[sampling] top_k -1: expected 0 (all) or more");
  for (const double p : {0.0, 1.5, static_cast<double>(NAN)}) {
    BOOST_TEST(refused({.top_p = p}).find("expected a share above 0, at most 1") != std::string::npos);
  }
  BOOST_TEST(error_text<NonFiniteError>([&] {
               sample(tensor({2}, {0, NAN}), {}, rng);
             }) == "[sampling] the logit of token 1 is nan");
  BOOST_CHECK_THROW(sample(tensor({1, 2}, {0, 1}), {}, rng), ShapeError);
  BOOST_CHECK_THROW(likeliest(Tensor({Index{0}}), 3), ShapeError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad::models
