// axis.cpp: axes between two sets, and the area under the curve.
#include "vectors/axis.hpp"

#include <cmath>

#include "support.hpp"

using namespace support;

BOOST_AUTO_TEST_SUITE(axis)

BOOST_AUTO_TEST_CASE(an_axis_runs_from_the_one_mean_to_the_other) {
  const WordTable t({"up", "down", "right", "steep"}, tensor({4, 2}, {0, 5, 0, -2, 3, 0, 3, 4}));
  const Axis a = make_axis(t, {"up"}, {"down"});
  BOOST_TEST(a.direction[0] == 0.0);
  BOOST_TEST(a.direction[1] == 1.0);
  BOOST_TEST(project(t, a, "right") == 0.0);
  BOOST_TEST(project(t, a, "steep") == 0.8, boost::test_tools::tolerance(1e-6));
  const std::vector<double> both = project(t, a, std::vector<std::string>{"up", "down"});
  BOOST_TEST(both[0] == 1.0, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(both[1] == -1.0, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(rows_of_other_lengths_weigh_the_same) {
  const WordTable t({"a", "long", "b"}, tensor({3, 2}, {1, 0, 0, 1000, -1, 0}));
  const Axis x = make_axis(t, {"a", "long"}, {"b"});  // (1/2, 1/2) - (-1, 0)
  BOOST_TEST(x.direction[0] / x.direction[1] == 3.0, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(an_axis_without_direction_is_refused) {
  const WordTable t({"a", "b", "zero"}, tensor({3, 2}, {1, 0, 2, 0, 0, 0}));
  check_has(error_text<ValueError>([&] { make_axis(t, {"a"}, {"b"}); }), "the same mean");
  check_has(error_text<ValueError>([&] { make_axis(t, {}, {"b"}); }), "empty");
  check_has(error_text<ValueError>([&] { make_axis(t, {"zero"}, {"b"}); }), "\"zero\"");
  check_has(error_text<IndexError>([&] { make_axis(t, {"c"}, {"b"}); }), "\"c\"");
  check_has(error_text<ShapeError>([&] { project(t, Axis{{1.0}}, "a"); }), "the axis has 1 numbers");
}

BOOST_AUTO_TEST_CASE(a_share_is_that_of_the_largest_squares) {
  BOOST_TEST(share_of_strongest({0, -3, 0, 0}, 1) == 1.0);
  BOOST_TEST(share_of_strongest({1, -1, 1, -1}, 1) == 0.25);
  BOOST_TEST(share_of_strongest({1, -2, 3, 0}, 2) == 13.0 / 14.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(share_of_strongest({2, 1}, 2) == 1.0);
  check_has(error_text<ValueError>([] { share_of_strongest({1, 2}, 0); }), "cannot take 0 of 2 dimensions");
  check_has(error_text<ValueError>([] { share_of_strongest({1, 2}, 3); }), "cannot take 3 of 2 dimensions");
  check_has(error_text<ValueError>([] { share_of_strongest({0, 0}, 1); }), "no length");
}

// The twelfth of N(0, 1) that lies beyond ±1.7317 holds 1/12 + 2 t φ(t) of the sum of squares, with t = 1.7317.
BOOST_AUTO_TEST_CASE(a_twelfth_of_noise_holds_two_fifths) {
  const double t = 1.7317, density = std::exp(-t * t / 2) / std::sqrt(2 * std::acos(-1.0));
  BOOST_TEST(std::erfc(t / std::sqrt(2.0)) == 1.0 / 12, boost::test_tools::tolerance(1e-3));
  const double expected = 1.0 / 12 + 2 * t * density;
  BOOST_TEST(expected == 0.392, boost::test_tools::tolerance(2e-3));
  Rng rng(1);
  std::vector<double> noise;
  for (int i = 0; i < 120000; ++i) noise.push_back(rng.normal());
  BOOST_TEST(share_of_strongest(noise, 10000) == expected, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(auc_counts_pairs_and_ties_half) {
  BOOST_TEST(auc({3, 4}, {1, 2}) == 1.0);
  BOOST_TEST(auc({1, 2}, {3, 4}) == 0.0);
  BOOST_TEST(auc({1, 1}, {1, 1, 1}) == 0.5);
  BOOST_TEST(auc({0.2, 0.5, 0.9}, {0.1, 0.5}) == (1 + 1.5 + 2) / 6, boost::test_tools::tolerance(1e-12));
  BOOST_CHECK_THROW(auc({}, {1}), ValueError);
  BOOST_CHECK_THROW(auc({1}, {std::nan("")}), ValueError);
}

BOOST_AUTO_TEST_CASE(auc_is_that_of_a_count_over_all_pairs) {
  Rng rng(1);
  std::vector<double> p, n;
  for (int i = 0; i < 60; ++i) p.push_back(std::round(5 * rng.normal() + 2));
  for (int i = 0; i < 45; ++i) n.push_back(std::round(5 * rng.normal()));
  double wins = 0;
  for (const double x : p) {
    for (const double y : n) wins += x > y ? 1.0 : x == y ? 0.5 : 0.0;
  }
  BOOST_TEST(auc(p, n) == wins / (60 * 45), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(extremes_are_the_outermost_at_both_ends) {
  const WordTable t = parse_vectors(n6, "n6");
  const Axis a = make_axis(t, {"king", "queen"}, {"apple", "pear"});
  const Extremes all = extremes(t, a, 2);
  BOOST_REQUIRE_EQUAL(all.positive.size(), 2u);
  BOOST_TEST(all.negative[0].score <= all.negative[1].score);
  BOOST_TEST(all.positive[0].score >= all.positive[1].score);
  BOOST_TEST(all.negative[0].id == t.id("apple"));
  const Extremes some = extremes(t, a, 9, {t.id("man"), t.id("pear")});
  BOOST_TEST(some.positive.size() == 2u);
  BOOST_TEST(some.positive[0].id == t.id("man"));
  BOOST_TEST(some.negative[0].id == t.id("pear"));
  BOOST_CHECK_THROW(extremes(t, a, -1), ValueError);
  BOOST_CHECK_THROW(extremes(t, a, 1, {77}), IndexError);
}

BOOST_AUTO_TEST_SUITE_END()
