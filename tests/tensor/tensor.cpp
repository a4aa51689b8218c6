// tensor.cpp: who shares numbers with whom: copies, reshape, rows, clone; and the version that writing advances.
// Autograd's rule that a saved tensor must not change rests on these.
#include <limits>
#include <type_traits>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;

Tensor counted(const Shape& shape) {
  std::vector<double> values;
  for (Index i = 0; i < shape.size(); ++i) values.push_back(static_cast<double>(i));
  return lexigrad::tensor(shape, values);
}

BOOST_AUTO_TEST_SUITE(tensor)

BOOST_AUTO_TEST_CASE(a_copy_shares_the_numbers_and_a_clone_does_not) {
  const Tensor a = counted({2, 3});
  Tensor shared = a, own = a.clone();
  shared.mutable_data()[0] = 7;
  own.mutable_data()[1] = 9;
  check_close(a, {7, 1, 2, 3, 4, 5});
  check_close(own, {0, 9, 2, 3, 4, 5});
  BOOST_CHECK(a.shares_buffer_with(shared));
  BOOST_CHECK(!a.shares_buffer_with(own));
}

BOOST_AUTO_TEST_CASE(an_undefined_tensor_is_told_from_an_empty_one) {
  BOOST_CHECK(!Tensor().defined());
  BOOST_CHECK(!Tensor().clone().defined());
  const Tensor empty = zeros({0, 3});
  BOOST_CHECK(empty.defined());
  BOOST_CHECK(empty.data() == nullptr);
  BOOST_CHECK(!empty.shares_buffer_with(empty));
}

BOOST_AUTO_TEST_CASE(an_undefined_tensor_has_no_numbers_to_read_or_write) {
  const std::string text = "[tensor] it is undefined: there are no numbers in it";
  Tensor none, one = ones({1});
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { none.item(); }), text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { none(); }), text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { none.fill(1); }), text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { one.reshape(Shape{}).copy_from(none); }), text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { exp(none); }), text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { none + one; }), text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { sum(none); }), text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { add_into(none, scalar(1)); }), text);
}

BOOST_AUTO_TEST_CASE(rows_are_copied_to_rows_that_overlap_them) {
  Tensor a = counted({100000, 2}), b = a.clone();
  a.rows(1, 99999).copy_from(a.rows(0, 99999));
  check_close(a.rows(1, 99999), b.rows(0, 99999), 0, 0);
  Tensor c = b.clone(), shifted = c.rows(1, 99999);
  add_into(shifted, c.rows(0, 99999));
  check_close(shifted, b.rows(1, 99999) + b.rows(0, 99999), 0, 0);
}

BOOST_AUTO_TEST_CASE(reshape_shares_and_fills_in_one_size) {
  const Tensor a = counted({2, 6});
  const Tensor b = a.reshape({3, -1});
  BOOST_CHECK_EQUAL(to_string(b.shape()), "[3, 4]");
  BOOST_CHECK(b.shares_buffer_with(a));
  BOOST_CHECK_EQUAL(to_string(a.reshape({-1}).shape()), "[12]");
  BOOST_CHECK_EQUAL(to_string(zeros({0, 4}).reshape({-1, 4}).shape()), "[0, 4]");
}

BOOST_AUTO_TEST_CASE(reshape_refuses_another_count) {
  const Tensor a = counted({2, 6});
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { a.reshape({5}); }),
                    "[reshape] tensor [2, 6]: [5] holds 5 numbers, not 12");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      a.reshape({-1, 5});
                    }),
                    "[reshape] tensor [2, 6]: 12 numbers do not divide into rows of 5");
  BOOST_CHECK_THROW(a.reshape({-1, -1}), ShapeError);
  BOOST_CHECK_THROW(zeros({0}).reshape({-1, 0}), ShapeError);
}

BOOST_AUTO_TEST_CASE(rows_are_a_window_on_the_same_numbers) {
  const Tensor a = counted({4, 2});
  Tensor middle = a.rows(1, 2);
  check_close(middle, {2, 3, 4, 5});
  BOOST_CHECK(middle.shares_buffer_with(a));
  middle.fill(-1);
  check_close(a, {0, 1, -1, -1, -1, -1, 6, 7});
  BOOST_CHECK_EQUAL(to_string(a.rows(4, 0).shape()), "[0, 2]");
  check_close(a.rows(3, 1).reshape({2}), {6, 7});
}

BOOST_AUTO_TEST_CASE(rows_outside_are_refused) {
  const Tensor a = counted({4, 2});
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { a.rows(3, 2); }),
                    "[rows] tensor [4, 2]: there are no 2 rows from 3 on");
  BOOST_CHECK_THROW(a.rows(1, std::numeric_limits<Index>::max()), IndexError);
  BOOST_CHECK_THROW(a.rows(-1, 1), IndexError);
  BOOST_CHECK_THROW(a.rows(0, -1), IndexError);
  BOOST_CHECK_THROW(a.rows(5, 0), IndexError);
  BOOST_CHECK_THROW(scalar(1).rows(0, 1), IndexError);
}

BOOST_AUTO_TEST_CASE(one_number_is_read_by_its_indices) {
  const Tensor a = counted({2, 3});
  BOOST_CHECK_EQUAL(a(1, 2), 5);
  BOOST_CHECK_EQUAL(scalar(2.5)(), 2.5);
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { a(1, 3); }), "[at] tensor [2, 3]: index 3 is outside axis 1");
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { a(-1, 0); }), "[at] tensor [2, 3]: index -1 is outside axis 0");
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { a(1); }), "[at] tensor [2, 3]: 1 indices given");
}

BOOST_AUTO_TEST_CASE(item_wants_exactly_one_number) {
  BOOST_CHECK_EQUAL(full({1, 1}, 4).item(), 4);
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { zeros({2}).item(); }),
                    "[item] tensor [2]: expected exactly one number");
  BOOST_CHECK_THROW(zeros({0}).item(), ShapeError);
}

BOOST_AUTO_TEST_CASE(every_access_for_writing_advances_the_version_of_the_buffer) {
  Tensor a = counted({2, 3});
  const Tensor view = a.reshape({3, 2});
  const std::uint32_t before = a.version();
  (void)a.data();
  (void)a(0, 0);
  (void)a.clone();
  BOOST_CHECK_EQUAL(a.version(), before);
  a.fill(1);
  BOOST_CHECK_GT(a.version(), before);
  BOOST_CHECK_EQUAL(view.version(), a.version());
  const std::uint32_t filled = a.version();
  a.copy_from(counted({2, 3}));
  BOOST_CHECK_GT(view.version(), filled);
}

BOOST_AUTO_TEST_CASE(unique_means_that_nobody_else_holds_the_buffer) {
  Tensor a = counted({3});
  BOOST_CHECK(a.unique());
  {
    const Tensor b = a.reshape({3, 1});
    BOOST_CHECK(!a.unique());
    BOOST_CHECK(!b.unique());
  }
  BOOST_CHECK(a.unique());
  const Tensor moved = std::move(a);
  BOOST_CHECK(moved.unique());
}

BOOST_AUTO_TEST_CASE(copy_from_wants_equal_shapes) {
  Tensor a = zeros({2, 3});
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      a.copy_from(counted({3, 2}));
                    }),
                    "[copy_from] to [2, 3], from [3, 2]: the shapes differ");
  check_close(a, std::vector<double>(6, 0.0));
}

BOOST_AUTO_TEST_CASE(values_must_fill_the_shape) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      lexigrad::tensor({2, 2}, {1, 2, 3});
                    }),
                    "[tensor] 3 values given for the shape [2, 2]");
}

BOOST_AUTO_TEST_CASE(numbers_begin_on_a_cache_line) {
  for (const Index size : {1, 7, 1000, 100000}) {
    BOOST_CHECK_EQUAL(reinterpret_cast<std::uintptr_t>(zeros({size}).data()) % 64, 0U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
