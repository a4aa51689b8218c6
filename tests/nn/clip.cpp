// clip.cpp: gradients scaled down to a common norm: exact where it matters, and loud where a gradient is not finite.
#include <limits>

#include "nn/clip.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::give;
using testing::listed;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

BOOST_AUTO_TEST_SUITE(clip)

BOOST_AUTO_TEST_CASE(gradients_are_scaled_to_the_common_norm_D049) {
  const Parameter a(ones({1})), b(ones({1}));
  give(a, {3});
  give(b, {4});
  BOOST_CHECK_CLOSE(clip_grad_norm(listed({&a, &b}), 10), 5, 1e-6);
  check_close(a.grad().dense(), {3}, 0, 0);
  check_close(b.grad().dense(), {4}, 0, 0);
  BOOST_CHECK_CLOSE(clip_grad_norm(listed({&a, &b}), 1), 5, 1e-6);
  check_close(a.grad().dense(), {0.6});
  check_close(b.grad().dense(), {0.8});
  give(a, {0});
  give(b, {0});
  BOOST_CHECK_EQUAL(clip_grad_norm(listed({&a, &b}), 1), 0);
  check_close(a.grad().dense(), {0}, 0, 0);
}

BOOST_AUTO_TEST_CASE(rows_are_clipped_by_their_sums_and_missing_gradients_count_for_nothing) {
  const Parameter a(ones({4, 1})), b(ones({1}));
  a.gradient() = GradientRows{Ids{2, 2}, {tensor({2, 1}, {1, 2})}, 4};
  BOOST_CHECK_CLOSE(clip_grad_norm(listed({&a, &b}), 1), 3, 1e-6);
  check_close(a.grad().dense(), {0, 0, 1, 0});
  BOOST_CHECK(!b.grad().defined());
}

BOOST_AUTO_TEST_CASE(infinity_and_nan_are_reported_by_name_before_anything_is_changed_D050) {
  for (const double bad : {inf, nan}) {
    const Parameter a(ones({1})), b(ones({2}));
    give(a, {30});
    give(b, {bad, 1});
    BOOST_CHECK_EQUAL(error_text<NonFiniteError>([&] {
                        clip_grad_norm(listed({&a, &b}), 1);
                      }),
                      "[clip_grad_norm] the gradient of p1 is not finite");
    check_close(a.grad().dense(), {30}, 0, 0);
  }
}

BOOST_AUTO_TEST_CASE(finite_gradients_whose_squares_overflow_are_clipped_D050) {
  const Parameter a(ones({2}));
  give(a, {1e30, 0});
  BOOST_CHECK_CLOSE(clip_grad_norm(listed({&a}), 1), 1e30, 1e-4);
  check_close(a.grad().dense(), {1, 0});
}

BOOST_AUTO_TEST_CASE(a_bad_limit_is_refused_D050) {
  const Parameter a(ones({2}));
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { clip_grad_norm(listed({&a}), -1); }),
                    "[clip_grad_norm] max_norm = -1: expected a finite number above 0");
  for (const double limit : {0.0, nan, inf}) BOOST_CHECK_THROW(clip_grad_norm(listed({&a}), limit), ValueError);
}

BOOST_AUTO_TEST_CASE(all_gradients_are_scaled_at_once_rows_too) {
  const Parameter a(ones({2})), b(ones({2, 1})), without(ones({1}));
  give(a, {3, 4});
  b.gradient() = GradientRows{Ids{1, 1}, {tensor({2, 1}, {1, 2})}, 2};
  scale_gradients(listed({&a, &b, &without}), 0.5);
  check_close(a.grad().dense(), {1.5, 2});
  check_close(b.grad().dense(), {0, 1.5});
  BOOST_CHECK(!without.grad().defined());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
