// reduce.cpp: sums, means, the greatest: against plain double sums, and at their edges.
#include <limits>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

constexpr bool is_float = sizeof(real) == 4;

BOOST_AUTO_TEST_SUITE(reduce)

BOOST_AUTO_TEST_CASE(twenty_million_ones_are_counted_exactly_D040) {
  BOOST_CHECK_EQUAL(static_cast<double>(sum(ones({20000000})).item()), 20000000.0);
  BOOST_CHECK_CLOSE(static_cast<double>(mean(full({20000000}, 0.1)).item()), 0.1, 5e-6 * 100);
}

BOOST_AUTO_TEST_CASE(a_hundred_million_tenths_lose_no_digit) {
  const Index count = is_float ? 100000000 : 10000000;
  const double tenth = static_cast<double>(static_cast<real>(0.1));
  const Tensor x = full({count}, 0.1);
  const double total = static_cast<double>(count) * tenth;
  BOOST_CHECK_LE(std::abs(static_cast<double>(sum(x).item()) - total), 1e-6 * total);
  check_close(sum(x.reshape({count / 100, 100}), 0), full({100}, tenth * static_cast<double>(count / 100)), 1e-6, 0);
}

BOOST_AUTO_TEST_CASE(a_long_axis_of_ones_is_counted_exactly) {
  check_close(sum(ones({2, 5000000}), 1), {5000000, 5000000}, 0, 0);
  check_close(sum(ones({5000000, 2}), 0), {5000000, 5000000}, 0, 0);
}

BOOST_AUTO_TEST_CASE(the_sum_of_nothing_is_zero_and_its_mean_an_error) {
  BOOST_CHECK_EQUAL(sum(zeros({0, 3})).item(), 0);
  check_close(sum(zeros({0, 3}), 0), {0, 0, 0});
  check_close(sum(zeros({2, 0}), 1), {0, 0});
  BOOST_CHECK_EQUAL(to_string(sum(zeros({0, 3}), 1).shape()), "[0]");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      mean(zeros({0, 3}));
                    }),
                    "[mean] x [0, 3]: the mean of no numbers is not defined");
}

BOOST_AUTO_TEST_CASE(any_axis_is_summed) {
  const Shape shape{3, 70, 5, 11};
  const Tensor x = sample(shape);
  for (int axis = 0; axis < 4; ++axis) {
    Index inner = 1;
    for (int i = axis + 1; i < 4; ++i) inner *= shape[i];
    std::vector<double> want(static_cast<std::size_t>(x.size() / shape[axis]), 0.0);
    for (Index i = 0; i < x.size(); ++i) {
      want[static_cast<std::size_t>(i / inner / shape[axis] * inner + i % inner)] += static_cast<double>(x.data()[i]);
    }
    BOOST_TEST_CONTEXT("axis " << axis) {
      check_close(sum(x, axis), want, 1e-5, 1e-5);
      check_close(sum(x, axis - 4, true), want, 1e-5, 1e-5);
      BOOST_CHECK_EQUAL(to_string(sum(x, axis, true).shape()), to_string(shape.with(axis, 1)));
      BOOST_CHECK_EQUAL(to_string(sum(x, axis).shape()), to_string(shape.without(axis)));
    }
  }
  BOOST_CHECK_THROW(sum(x, 4), IndexError);
}

BOOST_AUTO_TEST_CASE(sum_over_the_second_axis_of_a_transpose_D039) {
  check_close(sum(transpose(tensor({3, 2}, {-0.5, -0.2, 0.2, 0.5, -0.2, 0.1})), 1), {-0.5, 0.4});
}

BOOST_AUTO_TEST_CASE(sum_to_undoes_every_way_of_repeating) {
  const Tensor x = tensor({2, 3}, {1, 2, 3, 4, 5, 6});
  check_close(sum_to(x, {3}), tensor({3}, {5, 7, 9}));
  check_close(sum_to(x, {1, 3}), tensor({1, 3}, {5, 7, 9}));
  check_close(sum_to(x, {2, 1}), tensor({2, 1}, {6, 15}));
  check_close(sum_to(x, {1, 1}), tensor({1, 1}, {21}));
  check_close(sum_to(x, {}), scalar(21));
  BOOST_CHECK(sum_to(x, {2, 3}).shares_buffer_with(x));
  check_close(sum_to(ones({4, 2, 3, 5}), {2, 1, 5}), full({2, 1, 5}, 12));
  check_close(sum_to(zeros({0, 3}), {3}), tensor({3}, {0, 0, 0}));
  check_close(sum_to(zeros({0}), {1}), tensor({1}, {0}));
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { sum_to(x, {2}); }), "[sum_to] x [2, 3]: [2] does not repeat into it");
}

BOOST_AUTO_TEST_CASE(squares_of_1e30_do_not_overflow) {
  BOOST_CHECK_CLOSE(sum_squares(full({3}, 1e30)), 3e60, 1e-4);
  BOOST_CHECK_EQUAL(sum_squares(zeros({0})), 0.0);
}

BOOST_AUTO_TEST_CASE(one_number_that_is_not_finite_is_found_anywhere) {
  for (const Index place : {0, 40000, 99999}) {
    Tensor x = ones({100000});
    BOOST_CHECK(all_finite(x));
    x.mutable_data()[place] = std::numeric_limits<real>::quiet_NaN();
    BOOST_CHECK(!all_finite(x));
    x.mutable_data()[place] = -std::numeric_limits<real>::infinity();
    BOOST_CHECK(!all_finite(x));
  }
  BOOST_CHECK(all_finite(zeros({0})));
}

BOOST_AUTO_TEST_CASE(argmax_takes_the_first_of_equals_and_nan_before_all) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor x = tensor({4, 3}, {1, 3, 3, 5, 2, 5, 1, nan, 9, -1, -2, -3});
  BOOST_CHECK_EQUAL(to_string(argmax(x, -1)), "[1, 0, 1, 0]");
  BOOST_CHECK_EQUAL(to_string(argmax(x, 0)), "[1, 2, 2]");
  BOOST_CHECK_EQUAL(argmax(x), 7);
  BOOST_CHECK_EQUAL(argmax(tensor({2, 2}, {1, 4, 4, 0})), 1);
  BOOST_CHECK_EQUAL(to_string(argmax(ones({2, 2, 7}), -1).shape()), "[2, 2]");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      argmax(zeros({2, 0}), 1);
                    }),
                    "[argmax] x [2, 0]: there is nothing to choose from");
  BOOST_CHECK_EQUAL(to_string(argmax(zeros({0, 2}), 1).shape()), "[0]");
  BOOST_CHECK_THROW(argmax(zeros({0, 2})), ShapeError);
}

BOOST_AUTO_TEST_CASE(max_passes_nan_on_and_refuses_nothing) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor x = tensor({2, 3}, {1, nan, 9, -1, -2, -3});
  check_close(max(x, 1), {nan, -1});
  check_close(max(x, 0), {1, nan, 9});
  check_close(max(x), {nan});
  BOOST_CHECK_EQUAL(to_string(max(x, 0, true).shape()), "[1, 3]");
  BOOST_CHECK_THROW(max(zeros({0})), ShapeError);
  BOOST_CHECK_THROW(max(zeros({2, 0}), 1), ShapeError);
}

BOOST_AUTO_TEST_CASE(means_along_an_axis) {
  check_close(mean(tensor({2, 3}, {1, 2, 3, 5, 7, 9}), 1), {2, 7});
  check_close(mean(tensor({2, 3}, {1, 2, 3, 5, 7, 9}), 0, true), tensor({1, 3}, {3, 4.5, 6}));
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      mean(zeros({2, 0}), 1);
                    }),
                    "[mean] x [2, 0]: the mean of no numbers along axis 1 is not defined");
}

BOOST_AUTO_TEST_CASE(nan_is_not_lost_in_a_sum) {
  Tensor x = ones({70000});
  x.mutable_data()[69999] = std::numeric_limits<real>::quiet_NaN();
  BOOST_CHECK(std::isnan(sum(x).item()));
  BOOST_CHECK(std::isnan(mean(x).item()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
