// schedule.cpp: the learning rate over a run: warm-up, half a cosine, floor.
#include "nn/schedule.hpp"

#include "support/compare.hpp"

namespace lexigrad {
namespace {

BOOST_AUTO_TEST_SUITE(schedule)

BOOST_AUTO_TEST_CASE(warm_up_and_cosine_D051) {
  const WarmupCosine lr{.peak = 1, .floor = 0.1, .warmup = 10, .total = 100};
  BOOST_CHECK_CLOSE(lr(0), 0.1, 1e-9);
  BOOST_CHECK_EQUAL(lr(9), 1.0);
  for (Index step = 0; step < 9; ++step) BOOST_CHECK(lr(step) > 0 && lr(step) < lr(step + 1));
  for (Index step = 0; step < 200; ++step) BOOST_CHECK(lr(step) <= 1.0 && lr(step) > 0.0);
  BOOST_CHECK_EQUAL(lr(10), 1.0);
  for (Index step = 10; step < 100; ++step) BOOST_CHECK_LT(lr(step + 1), lr(step));
  BOOST_CHECK_CLOSE(lr(55), 0.55, 1e-9);  // half-way down
  BOOST_CHECK_EQUAL(lr(100), 0.1);
  BOOST_CHECK_EQUAL(lr(1000000), 0.1);
}

BOOST_AUTO_TEST_CASE(without_warm_up_the_first_step_has_the_peak_D051) {
  const WarmupCosine lr{.peak = 1, .floor = 0.1, .warmup = 0, .total = 100};
  BOOST_CHECK_EQUAL(lr(0), 1.0);
  BOOST_CHECK_LT(lr(1), 1.0);
}

BOOST_AUTO_TEST_CASE(a_warm_up_as_long_as_the_run_never_divides_by_zero) {
  const WarmupCosine lr{.peak = 1, .floor = 0.1, .warmup = 10, .total = 10};
  BOOST_CHECK_EQUAL(lr(9), 1.0);
  BOOST_CHECK_EQUAL(lr(10), 0.1);
}

BOOST_AUTO_TEST_CASE(a_straight_line_after_the_warm_up) {
  const WarmupLinear lr{.peak = 1, .floor = 0.2, .warmup = 5, .total = 13};
  BOOST_CHECK_CLOSE(lr(0), 0.2, 1e-9);
  BOOST_CHECK_EQUAL(lr(4), 1.0);
  BOOST_CHECK_EQUAL(lr(5), 1.0);
  BOOST_CHECK_CLOSE(lr(9), 0.6, 1e-9);
  BOOST_CHECK_EQUAL(lr(13), 0.2);
  BOOST_CHECK_EQUAL(lr(1000), 0.2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
