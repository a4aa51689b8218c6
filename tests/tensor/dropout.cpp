// dropout.cpp: the mask is a function of (seed, stream, position); p at its edges.
#include <limits>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;

BOOST_AUTO_TEST_SUITE(dropout)

BOOST_AUTO_TEST_CASE(edges_of_p_D043) {
  Rng rng(1);
  const Tensor x = testing::sample({1000});
  const RandomBlock block = rng.take(1000);
  BOOST_CHECK(testing::same_bits(lexigrad::dropout(x, 0.0, block), x));
  check_close(lexigrad::dropout(x, 1.0, block), zeros({1000}), 0, 0);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { lexigrad::dropout(x, -0.1, block); }),
                    "[dropout] p = -0.1 is not in [0, 1]");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { lexigrad::dropout(x, 1.1, block); }),
                    "[dropout] p = 1.1 is not in [0, 1]");
  BOOST_CHECK_THROW(lexigrad::dropout(x, std::numeric_limits<double>::quiet_NaN(), block), ValueError);
}

BOOST_AUTO_TEST_CASE(p_of_the_numbers_go_and_the_rest_is_scaled_up) {
  Rng rng(2);
  const double n = 200000, p = 0.3;
  const Tensor y = lexigrad::dropout(ones({200000}), p, rng.take(200000));
  double dropped = 0;
  for (double v : testing::numbers(y)) {
    if (v == 0) {
      ++dropped;
    } else {
      BOOST_REQUIRE_CLOSE(v, 1 / 0.7, 1e-5);
    }
  }
  BOOST_CHECK_SMALL(dropped / n - p, 4 * std::sqrt(p * (1 - p) / n));
}

BOOST_AUTO_TEST_CASE(the_mask_belongs_to_the_block_of_random_numbers) {
  Rng rng(3);
  const RandomBlock first = rng.take(64), second = rng.take(64);
  const Tensor x = ones({64});
  BOOST_CHECK(testing::same_bits(lexigrad::dropout(x, 0.5, first), lexigrad::dropout(x, 0.5, first)));
  BOOST_CHECK(!testing::same_bits(lexigrad::dropout(x, 0.5, first), lexigrad::dropout(x, 0.5, second)));
  for (Index i = 0; i < 64; ++i) {
    BOOST_CHECK_EQUAL(lexigrad::dropout(x, 0.5, first).data()[i] != 0, first.uniform(i) >= 0.5);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
