// random.cpp: Philox against the known answers of its authors, and what is drawn from it.
// The numbers typed in below were made by a few lines of Python; both builds draw them, since both round doubles.
#include <algorithm>
#include <numeric>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::error_text;
using testing::same_bits;
using Words = std::array<std::uint32_t, 4>;

BOOST_AUTO_TEST_SUITE(random)

// Random123 1.09, tests/kat_vectors, philox4x32 with 10 rounds.
BOOST_AUTO_TEST_CASE(philox_gives_its_authors_known_answers) {
  constexpr std::uint32_t all = 0xffffffff;
  BOOST_CHECK((philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  BOOST_CHECK((philox({all, all, all, all}, {all, all}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  BOOST_CHECK((philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
               Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// Number 0 of seed 0 is made of the first two words of the first known answer: (e169c58d 6627e8d5 >> 11) / 2^53.
BOOST_AUTO_TEST_CASE(a_uniform_number_is_53_bits_of_philox) {
  const std::uint64_t low = 0xe169c58d6627e8d5, high = 0x9b00dbd8bc57ac4c;
  Rng rng(0);
  const RandomBlock block = rng.take(2);
  BOOST_CHECK_EQUAL(block.uniform(0), static_cast<double>(low >> 11) * 0x1p-53);
  BOOST_CHECK_EQUAL(block.uniform(1), static_cast<double>(high >> 11) * 0x1p-53);
}

// Box-Muller on those two numbers: u = 0.88051…, v = 0.60548…, computed here once more from the bits.
BOOST_AUTO_TEST_CASE(a_normal_number_is_box_muller_on_its_pair) {
  Rng rng(0);
  const RandomBlock block = rng.take(2);
  const double radius = std::sqrt(-2 * std::log(1 - block.uniform(0))), angle = 2 * M_PI * block.uniform(1);
  BOOST_CHECK_CLOSE(block.normal(0), radius * std::cos(angle), 1e-10);
  BOOST_CHECK_CLOSE(block.normal(1), radius * std::sin(angle), 1e-10);
}

BOOST_AUTO_TEST_CASE(both_builds_draw_the_same_numbers_up_to_rounding) {
  Rng rng(42);
  testing::check_close(normal({4}, rng),
                       {-0.6076510539335191, 0.9461447819697152, -0.8536440633116089, 0.2519922121066046}, 1e-6, 1e-7);
  testing::check_close(uniform({4}, rng, -1, 1),
                       {0.3166310544246187, 0.5471693694604298, 0.3412797058604653, -0.2417478600580245}, 1e-6, 1e-7);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_numbers_and_another_seed_others) {
  Rng a(1), b(1), c(2);
  const Tensor first = normal({1000}, a), second = normal({1000}, a);
  BOOST_CHECK(same_bits(first, normal({1000}, b)));
  BOOST_CHECK(!same_bits(first, normal({1000}, c)));
  BOOST_CHECK(!same_bits(first, second));
}

BOOST_AUTO_TEST_CASE(a_fork_does_not_advance_its_parent) {
  Rng a(3), b(3);
  Rng child = a.fork("dropout");
  (void)normal({100}, child);
  BOOST_CHECK_EQUAL(a.position(), 0U);
  BOOST_CHECK(same_bits(normal({50}, a), normal({50}, b)));
}

BOOST_AUTO_TEST_CASE(forks_of_different_names_parents_and_seeds_are_different_streams) {
  Rng root(3), other_seed(4);
  std::vector<Rng> streams = {root,
                              root.fork("a"),
                              root.fork("b"),
                              root.fork(""),
                              root.fork("a").fork("a"),
                              root.fork("aa"),
                              other_seed.fork("a")};
  std::vector<double> first;
  for (Rng& rng : streams) first.push_back(rng.uniform());
  std::sort(first.begin(), first.end());
  BOOST_CHECK(std::adjacent_find(first.begin(), first.end()) == first.end());
  // The same name gives the same stream, wherever the parent stands.
  (void)normal({9}, root);
  Rng again = root.fork("a"), before = Rng(3).fork("a");
  BOOST_CHECK_EQUAL(again.uniform(), before.uniform());
}

BOOST_AUTO_TEST_CASE(two_streams_are_not_correlated) {
  Rng root(8);
  Rng a = root.fork("a"), b = root.fork("b");
  const Index n = 1 << 20;
  const double product = static_cast<double>(mean(normal({n}, a) * normal({n}, b)).item());
  BOOST_CHECK_SMALL(product, 4 / std::sqrt(static_cast<double>(n)));
}

// Of n draws the mean has standard error σ/√n, the standard deviation about σ/√(2n).
BOOST_AUTO_TEST_CASE(a_table_of_gpt2_size_has_mean_0_and_standard_deviation_002) {
  Rng rng(5);
  const Tensor table = normal({50257, 768}, rng, 0.0, 0.02);
  const double n = 50257.0 * 768;
  const double average = static_cast<double>(mean(table).item());
  const double spread = std::sqrt(sum_squares(table) / n - average * average);
  BOOST_CHECK_SMALL(average, 4 * 0.02 / std::sqrt(n));
  BOOST_CHECK_SMALL(spread - 0.02, 4 * 0.02 / std::sqrt(2 * n));
  BOOST_CHECK(all_finite(table));
}

BOOST_AUTO_TEST_CASE(uniform_numbers_fill_their_range_evenly) {
  Rng rng(6);
  const Index n = 1 << 20;
  const Tensor x = uniform({n}, rng, -1.0, 3.0);
  std::vector<double> counts(16, 0.0);
  for (Index i = 0; i < n; ++i) {
    const double v = static_cast<double>(x.data()[i]);
    BOOST_REQUIRE(v >= -1.0 && v <= 3.0);
    ++counts[std::min<std::size_t>(15, static_cast<std::size_t>((v + 1) * 4))];
  }
  double chi2 = 0;
  for (double c : counts) chi2 += (c - n / 16.0) * (c - n / 16.0) / (n / 16.0);
  BOOST_CHECK_LT(chi2, 44.3);  // 15 degrees of freedom, chance 1e-4
}

BOOST_AUTO_TEST_CASE(rounding_does_not_reach_the_upper_bound) {
  Rng rng(3);
  const real low = 1, next = std::nextafter(low, real{2}), high = std::nextafter(next, real{2});
  const Tensor x = uniform({1000}, rng, static_cast<double>(low), static_cast<double>(high));  // two numbers to choose
  for (Index i = 0; i < x.size(); ++i) BOOST_REQUIRE(x(i) == low || x(i) == next);
  testing::check_close(uniform({2}, rng, 3, 3), {3, 3}, 0, 0);
}

BOOST_AUTO_TEST_CASE(impossible_draws_are_refused_and_take_nothing) {
  Rng rng(3);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { uniform({2}, rng, 2, 1); }),
                    "[uniform] no number can be drawn from [2, 1)");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { normal({2}, rng, 0, -1); }), "[normal] std = -1 must be 0 or more");
  BOOST_CHECK_THROW(normal({2}, rng, 0, std::nan("")), ValueError);
  BOOST_CHECK_THROW(uniform({2}, rng, 0, HUGE_VAL), ValueError);
  BOOST_CHECK_EQUAL(rng.position(), 0U);
}

BOOST_AUTO_TEST_CASE(no_two_calls_share_a_number) {
  Rng rng(9);
  std::vector<double> all;
  for (Index count : {1, 3, 2, 5}) {
    const RandomBlock block = rng.take(count);
    for (Index i = 0; i < count; ++i) all.push_back(block.normal(i));
  }
  std::sort(all.begin(), all.end());
  BOOST_CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

BOOST_AUTO_TEST_CASE(a_shuffle_is_a_permutation_and_every_place_is_reached) {
  Rng rng(10);
  std::vector<Index> order = rng.shuffled(100), sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (Index i = 0; i < 100; ++i) BOOST_REQUIRE_EQUAL(sorted[static_cast<std::size_t>(i)], i);
  BOOST_CHECK(order != sorted);
  std::array<int, 9> seen{};  // first and last of three: all orders come up
  for (int i = 0; i < 600; ++i) {
    const std::vector<Index> three = rng.shuffled(3);
    ++seen[static_cast<std::size_t>(three[0] * 3 + three[2])];
  }
  for (std::size_t i = 0; i < 9; ++i) BOOST_CHECK(i % 4 == 0 ? seen[i] == 0 : seen[i] > 60);
  BOOST_CHECK(rng.shuffled(0).empty());
}

BOOST_AUTO_TEST_CASE(a_choice_follows_the_weights_and_never_takes_a_zero) {
  Rng rng(11);
  std::array<int, 4> seen{};
  for (int i = 0; i < 20000; ++i) ++seen[static_cast<std::size_t>(rng.choice({0, 1, 3, 0}))];
  BOOST_CHECK_EQUAL(seen[0] + seen[3], 0);
  BOOST_CHECK_SMALL(seen[1] / 20000.0 - 0.25, 4 * std::sqrt(0.25 * 0.75 / 20000));
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] {
                      rng.choice({0, 0});
                    }),
                    "[rng] choice needs finite weights from 0 on, one above 0");
  for (const double wrong : {-1.0, HUGE_VAL, std::nan("")}) BOOST_CHECK_THROW(rng.choice({1, wrong, 5}), ValueError);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { rng.shuffled(-1); }), "[rng] cannot shuffle -1");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { rng.below(0); }), "[rng] cannot choose below 0");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
