// shape.cpp: what a Shape refuses, and the arithmetic that broadcasting and reductions stand on.
// The texts of the errors are part of what is held here.
#include "support/compare.hpp"

namespace lexigrad {
namespace {

using testing::error_text;

BOOST_AUTO_TEST_SUITE(shape)

BOOST_AUTO_TEST_CASE(a_scalar_has_no_axes_and_one_number) {
  const Shape scalar;
  BOOST_CHECK_EQUAL(scalar.rank(), 0);
  BOOST_CHECK_EQUAL(scalar.size(), 1);
  BOOST_CHECK_EQUAL(scalar.last(), 1);
  BOOST_CHECK_EQUAL(scalar.rows(), 1);
  BOOST_CHECK_EQUAL(to_string(scalar), "[]");
}

BOOST_AUTO_TEST_CASE(size_rows_and_last_are_products_of_the_axes) {
  const Shape shape{8, 64, 128};
  BOOST_CHECK_EQUAL(shape.rank(), 3);
  BOOST_CHECK_EQUAL(shape.size(), 8 * 64 * 128);
  BOOST_CHECK_EQUAL(shape.rows(), 8 * 64);
  BOOST_CHECK_EQUAL(shape.last(), 128);
  BOOST_CHECK_EQUAL(to_string(shape), "[8, 64, 128]");
}

BOOST_AUTO_TEST_CASE(an_axis_of_zero_makes_it_empty_but_keeps_its_rows) {
  BOOST_CHECK_EQUAL((Shape{0, 3}).size(), 0);
  BOOST_CHECK_EQUAL((Shape{0, 3}).rows(), 0);
  BOOST_CHECK_EQUAL((Shape{4, 0}).size(), 0);
  BOOST_CHECK_EQUAL((Shape{4, 0}).rows(), 4);
}

BOOST_AUTO_TEST_CASE(negative_axes_count_from_the_end) {
  const Shape shape{2, 3, 5};
  BOOST_CHECK_EQUAL(shape[-1], 5);
  BOOST_CHECK_EQUAL(shape[-3], 2);
  BOOST_CHECK_EQUAL(shape.axis_at(-2), 1);
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { shape.axis_at(3); }), "[shape] axis 3 does not exist in [2, 3, 5]");
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { shape.axis_at(-4); }), "[shape] axis -4 does not exist in [2, 3, 5]");
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { Shape().axis_at(0); }), "[shape] axis 0 does not exist in []");
}

BOOST_AUTO_TEST_CASE(a_negative_size_is_refused) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { Shape{2, -3}; }), "[shape] axis 1 has the negative size -3");
}

BOOST_AUTO_TEST_CASE(eight_axes_fit_and_nine_do_not) {
  BOOST_CHECK_EQUAL((Shape{1, 2, 1, 2, 1, 2, 1, 2}).size(), 16);
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}; }), "[shape] more than 8 axes");
}

BOOST_AUTO_TEST_CASE(a_count_beyond_two_to_the_62_is_refused_whatever_the_order_of_the_axes) {
  constexpr Index big = Index{1} << 40;
  BOOST_CHECK_EQUAL((Shape{Index{1} << 31, Index{1} << 31}).size(), Index{1} << 62);
  const std::string text = error_text<ShapeError>([] { Shape{big, big}; });
  BOOST_CHECK_EQUAL(text, "[shape] [1099511627776, 1099511627776] holds more numbers than can be counted");
  BOOST_CHECK_THROW((Shape{big, big, 0}), ShapeError);
  BOOST_CHECK_THROW((Shape{0, big, big}), ShapeError);
  BOOST_CHECK_THROW((Shape{big, 0, big}), ShapeError);
}

BOOST_AUTO_TEST_CASE(with_and_without_change_one_axis) {
  const Shape shape{2, 3, 5};
  BOOST_CHECK_EQUAL(to_string(shape.with(-1, 7)), "[2, 3, 7]");
  BOOST_CHECK_EQUAL(to_string(shape.without(0)), "[3, 5]");
  BOOST_CHECK_EQUAL(to_string(shape.drop_last()), "[2, 3]");
  BOOST_CHECK_EQUAL(to_string(shape), "[2, 3, 5]");
  BOOST_CHECK_THROW(shape.without(3), IndexError);
  BOOST_CHECK_THROW(shape.with(0, -1), ShapeError);
}

BOOST_AUTO_TEST_CASE(equal_means_the_same_axes_in_the_same_order) {
  BOOST_CHECK((Shape{2, 3} == Shape{2, 3}));
  BOOST_CHECK(!(Shape{2, 3} == Shape{3, 2}));
  BOOST_CHECK(!(Shape{2, 3} == Shape{2, 3, 1}));
  BOOST_CHECK(!(Shape{} == Shape{1}));
}

struct Repeat {
  Shape from, to;
  bool expected;
};

BOOST_AUTO_TEST_CASE(broadcasting_aligns_at_the_last_axis_and_repeats_ones) {
  const std::vector<Repeat> rows = {
      {{}, {2, 3}, true},      {{3}, {2, 3}, true},
      {{1, 3}, {2, 3}, true},  {{2, 1}, {2, 3}, true},
      {{2, 3}, {2, 3}, true},  {{2}, {2, 3}, false},
      {{3, 1}, {2, 3}, false}, {{2, 3}, {3}, false},
      {{1, 1, 3}, {3}, false}, {{3}, {}, false},
      {{1}, {}, false},        {{1}, {0}, true},
      {{0}, {1}, false},       {{4, 1, 2}, {4, 9, 2}, true},
  };
  for (const auto& [from, to, expected] : rows) {
    BOOST_TEST_CONTEXT(to_string(from) << " into " << to_string(to))
    BOOST_CHECK_EQUAL(broadcasts_to(from, to), expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
