// axis.cpp: numbers side by side along an axis, picked along it, added back; softmax along any axis.
#include <limits>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

BOOST_AUTO_TEST_SUITE(axis)

BOOST_AUTO_TEST_CASE(parts_come_apart_as_they_were_put_together) {
  const Tensor a = sample({2, 3, 4}, 1), b = sample({2, 0, 4}, 2), c = sample({2, 5, 4}, 3);
  for (const int along : {1, -2}) {
    const Tensor whole = concat({a, b, c}, along);
    BOOST_CHECK_EQUAL(to_string(whole.shape()), "[2, 8, 4]");
    check_close(part(whole, along, 0, 3), a, 0, 0);
    check_close(part(whole, along, 3, 0), b, 0, 0);
    check_close(part(whole, along, 3, 5), c, 0, 0);
  }
  BOOST_CHECK(!concat({a}, 0).shares_buffer_with(a));
}

BOOST_AUTO_TEST_CASE(parts_that_do_not_fit_are_refused) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      concat({ones({2, 3}), ones({3, 3})}, 1);
                    }),
                    "[concat] part 0 [2, 3], a part [3, 3]: expected equal shapes but for axis 1");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { concat(std::vector<Tensor>{}, 0); }), "[concat] there are no parts");
  BOOST_CHECK_THROW(concat({ones({2}), ones({2})}, 1), IndexError);
  BOOST_CHECK_EQUAL(error_text<IndexError>([] {
                      part(ones({2, 3}), 1, 2, 2);
                    }),
                    "[part] x [2, 3]: axis 1 has no 2 places from 2 on");
  BOOST_CHECK_THROW(part(ones({3}), 0, std::numeric_limits<Index>::max(), 1), IndexError);
}

BOOST_AUTO_TEST_CASE(picking_checks_every_id_and_shape) {
  const Tensor x = tensor({2, 3}, {1, 2, 3, 4, 5, 6});
  check_close(gather(x, 1, Ids{{2, 0}, {1, 1}}), {3, 1, 5, 5});
  check_close(gather(x, 0, Ids{{1, 0, 1}}), {4, 2, 6});
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] {
                      gather(x, 1, Ids{{2, 0}, {1, 3}});
                    }),
                    "[gather] id 3 at position [1, 1] is outside the axis of 3");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      gather(x, 1, Ids{{2, 0}});
                    }),
                    "[gather] x [2, 3], ids [1, 2]: expected ids of x's shape but for axis 1");
}

BOOST_AUTO_TEST_CASE(equal_ids_add_up_and_what_is_wrong_writes_nothing) {
  Tensor x = zeros({2, 3});
  scatter_add_into(x, 1, Ids{{2, 2}, {0, 1}}, tensor({2, 2}, {1, 10, 5, 6}));
  check_close(x, {0, 0, 11, 5, 6, 0});
  BOOST_CHECK_THROW(scatter_add_into(x, 1, Ids{{0, 9}, {0, 0}}, ones({2, 2})), IndexError);
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      scatter_add_into(x, 1, Ids{{0, 1}, {0, 0}}, ones({2, 1}));
                    }),
                    "[scatter_add] values [2, 1]: expected [2, 2]");
  check_close(x, {0, 0, 11, 5, 6, 0});
}

BOOST_AUTO_TEST_CASE(a_tensor_is_added_into_itself_as_it_was) {
  Tensor x = tensor({3}, {1, 2, 3});
  scatter_add_into(x, 0, Ids{1, 2, 0}, x);
  check_close(x, {4, 3, 5});
  Tensor table = tensor({3, 1}, {1, 2, 3});
  scatter_add_rows(table, Ids{1, 2, 0}, {table});
  check_close(table, {4, 3, 5});
}

BOOST_AUTO_TEST_CASE(softmax_along_any_axis_sums_to_one_there) {
  const Tensor x = sample({3, 4, 5}, 1, 30.0);
  for (int along = -3; along < 3; ++along) {
    check_close(sum(softmax(x, along), along), ones(x.shape().without(along)), 1e-5, 1e-5);
    check_close(log_softmax(x, along), log(softmax(x, along)), 1e-4, 1e-4);
  }
  BOOST_CHECK_THROW(softmax(x, 3), IndexError);
}

BOOST_AUTO_TEST_CASE(rows_that_are_too_long_are_cut) {
  Tensor table = tensor({3, 2}, {3, 4, 0.3, 0.4, 0, 0});
  renorm_rows(table, Ids{0, 1, 2, 0}, 2.5);
  check_close(table, {1.5, 2, 0.3, 0.4, 0, 0});
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { renorm_rows(table, Ids{0}, 0); }),
                    "[renorm_rows] max_norm = 0: expected more than 0");
  BOOST_CHECK_THROW(renorm_rows(table, Ids{3}, 1), IndexError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
