// softmax.cpp: softmax and log-softmax along the last axis: stable for large inputs, honest about NaN.
#include <limits>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

BOOST_AUTO_TEST_SUITE(softmax)

BOOST_AUTO_TEST_CASE(large_equal_and_spread_inputs_D022) {
  const Tensor x = tensor({3, 3}, {1000, 1001, 1002, -1000, -1000, -1000, 0, -200, 200});
  check_close(lexigrad::softmax(x), {0.09003057317, 0.2447284711, 0.6652409558, 0.3333333333, 0.3333333333,
                                     0.3333333333, 1.383896527e-87, 1.915169597e-174, 1});
}

BOOST_AUTO_TEST_CASE(a_row_without_a_finite_greatest_is_nan_and_disturbs_no_other) {
  const Tensor x = tensor({4, 2}, {-inf, -inf, inf, 0, nan, 0, 0, 0});
  check_close(lexigrad::softmax(x), {nan, nan, nan, nan, nan, nan, 0.5, 0.5});
  check_close(log_softmax(x).rows(3, 1), {-0.6931471806, -0.6931471806});
}

BOOST_AUTO_TEST_CASE(a_masked_place_gets_exactly_zero) {
  check_close(lexigrad::softmax(tensor({3}, {-inf, 0, 0})), {0, 0.5, 0.5}, 1e-6, 0);
  check_close(log_softmax(tensor({2}, {-inf, 0})), {-inf, 0});
}

BOOST_AUTO_TEST_CASE(rows_of_every_width_agree_with_plain_loops_and_sum_to_one) {
  for (const Index width : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 1000, 4097}) {
    const Tensor x = sample({3, width}, 5, 4.0);
    std::vector<double> soft, log_soft;
    for (Index r = 0; r < 3; ++r) {
      double greatest = -inf, total = 0;
      for (Index i = 0; i < width; ++i) greatest = std::max(greatest, static_cast<double>(x(r, i)));
      for (Index i = 0; i < width; ++i) total += std::exp(static_cast<double>(x(r, i)) - greatest);
      for (Index i = 0; i < width; ++i) {
        log_soft.push_back(static_cast<double>(x(r, i)) - greatest - std::log(total));
        soft.push_back(std::exp(log_soft.back()));
      }
    }
    BOOST_TEST_CONTEXT("width " << width) {
      check_close(lexigrad::softmax(x), soft, 2e-6, 1e-12);
      check_close(log_softmax(x), log_soft, 1e-6, 2e-6);
      check_close(sum(lexigrad::softmax(x), -1), {1, 1, 1}, 1e-6);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_rows_and_no_columns_are_fine_a_scalar_is_not) {
  BOOST_CHECK_EQUAL(to_string(lexigrad::softmax(zeros({0, 3})).shape()), "[0, 3]");
  BOOST_CHECK_EQUAL(to_string(lexigrad::softmax(zeros({3, 0})).shape()), "[3, 0]");
  BOOST_CHECK_EQUAL(to_string(lexigrad::softmax(zeros({3, 2, 0}), 1).shape()), "[3, 2, 0]");
  check_close(lexigrad::softmax(tensor({1, 2, 1}, {-inf, 0}), 1), {0, 1}, 1e-6, 0);  // nothing behind the axis to move
  check_close(lexigrad::softmax(tensor({2, 1, 1}, {5, 7}), 1), {1, 1}, 1e-6, 0);
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { lexigrad::softmax(scalar(1)); }),
                    "[softmax] x []: expected one axis or more");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
