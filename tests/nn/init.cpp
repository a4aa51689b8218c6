// init.cpp: what a parameter starts as: the spread of each draw, within four standard errors, and bounds.
#include "nn/init.hpp"
#include "support.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;

double spread(const Parameter& p) {  // around 0
  return std::sqrt(sum_squares(p.value()) / static_cast<double>(p.size()));
}

double largest(const Parameter& p) { return static_cast<double>(max(abs(p.value())).item()); }

BOOST_AUTO_TEST_SUITE(init)

// The standard error of a spread s from n draws is below s / √n for all of these.
BOOST_AUTO_TEST_CASE(each_draw_has_its_spread) {
  const Parameter p(zeros({300, 200}));
  const void* buffer = p.value().buffer();
  Rng rng(1);
  const auto check = [&](double expected) {
    BOOST_CHECK_CLOSE(spread(p), expected, 100.0 * 4.0 / std::sqrt(60000.0));
    BOOST_CHECK_LT(std::abs(static_cast<double>(mean(p.value()).item())), 4.0 * expected / std::sqrt(60000.0));
  };
  lexigrad::init::normal(p, rng, 0.0, 0.3);
  check(0.3);
  lexigrad::init::uniform(p, rng, -0.5, 0.5);
  check(0.5 / std::sqrt(3.0));
  lexigrad::init::xavier_uniform(p, rng, 2.0);
  check(2.0 * std::sqrt(2.0 / 500.0));
  BOOST_CHECK_LE(largest(p), 2.0 * std::sqrt(6.0 / 500.0));
  lexigrad::init::xavier_normal(p, rng);
  check(std::sqrt(2.0 / 500.0));
  lexigrad::init::kaiming_uniform(p, rng);
  check(std::sqrt(2.0 / 200.0));
  BOOST_CHECK_LE(largest(p), std::sqrt(6.0 / 200.0));
  lexigrad::init::kaiming_normal(p, rng);
  check(std::sqrt(2.0 / 200.0));
  lexigrad::init::truncated_normal(p, rng, 0.1);
  check(0.1 * 0.87962);  // √(1 - 4 φ(2) / (2 Φ(2) - 1)) of the whole
  BOOST_CHECK_LE(largest(p), 0.2);
  BOOST_CHECK(p.value().buffer() == buffer);  // written into, never replaced
}

BOOST_AUTO_TEST_CASE(a_constant_fills_and_impossible_draws_are_refused) {
  const Parameter p(zeros({2}));
  lexigrad::init::constant(p, 3);
  check_close(p.value(), {3, 3}, 0, 0);
  Rng rng(1);
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { lexigrad::init::xavier_uniform(p, rng); }),
                    "[xavier_uniform] parameter [2]: expected a weight [out, in]");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { lexigrad::init::normal(p, rng, 0, -1); }),
                    "[normal] std = -1 must be 0 or more");
  BOOST_CHECK_THROW(lexigrad::init::truncated_normal(p, rng, -1), ValueError);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { lexigrad::init::uniform(p, rng, 2, 1); }),
                    "[uniform] no number can be drawn from [2, 1)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
