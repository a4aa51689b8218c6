// ids.cpp: token ids are labels in a type of their own: where numbers belong they do not compile.
// The range check gives the id, its place and the size of the vocabulary.
#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::error_text;

template <class T>
concept CanBeMultiplied = requires(const T& x) {
  matmul(x, x);
};
template <class T>
concept CanBeAdded = requires(const T& x) {
  add(x, x);
};
template <class Table, class Rows>
concept CanLookUp = requires(const Table& table, const Rows& rows) {
  gather_rows(table, rows);
};

static_assert(CanBeMultiplied<Tensor> && CanBeAdded<Tensor> && CanLookUp<Tensor, Ids>);
static_assert(!CanBeMultiplied<Ids> && !CanBeAdded<Ids>);
static_assert(!CanLookUp<Tensor, Tensor> && !CanLookUp<Ids, Ids> && !CanLookUp<Ids, Tensor>);
static_assert(!std::is_convertible_v<Ids, Tensor> && !std::is_convertible_v<Tensor, Ids>);

BOOST_AUTO_TEST_SUITE(ids)

BOOST_AUTO_TEST_CASE(one_and_two_axes_are_written_as_lists) {
  const Ids one{5, 3, 5};
  BOOST_CHECK_EQUAL(to_string(one.shape()), "[3]");
  BOOST_CHECK_EQUAL(one[1], 3);
  const Ids two{{12, 45, 678}};
  BOOST_CHECK_EQUAL(to_string(two.shape()), "[1, 3]");
  BOOST_CHECK_EQUAL(two[2], 678);
  BOOST_CHECK_EQUAL(to_string(Ids().shape()), "[0]");
}

BOOST_AUTO_TEST_CASE(any_value_may_be_held) {
  const Ids ids(std::vector<Index>{-4, 4294967297, std::numeric_limits<Index>::min()});
  BOOST_CHECK_EQUAL(ids[1], 4294967297);
  BOOST_CHECK_EQUAL(ids[2], std::numeric_limits<Index>::min());
}

BOOST_AUTO_TEST_CASE(rows_of_different_lengths_are_refused) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { Ids{{1, 2}, {3, 4, 5}}; }), "[ids] the rows have different lengths");
}

BOOST_AUTO_TEST_CASE(values_must_fill_the_shape) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      Ids(Shape{2, 2}, {1, 2, 3});
                    }),
                    "[ids] 3 values given for the shape [2, 2]");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      Ids({1, 2, 3}).reshape(Shape{2});
                    }),
                    "[reshape] 3 ids do not fill the shape [2]");
}

BOOST_AUTO_TEST_CASE(reshape_shares_the_values) {
  const Ids ids{1, 2, 3, 4};
  const Ids square = ids.reshape(Shape{2, 2});
  BOOST_CHECK(square.values().data() == ids.values().data());
  BOOST_CHECK_EQUAL(to_string(square.shape()), "[2, 2]");
}

BOOST_AUTO_TEST_CASE(a_place_is_named_along_every_axis) {
  const Ids ids(Shape{2, 3, 4}, std::vector<Index>(24, 0));
  BOOST_CHECK_EQUAL(ids.place(0), "[0, 0, 0]");
  BOOST_CHECK_EQUAL(ids.place(23), "[1, 2, 3]");
  BOOST_CHECK_EQUAL((Ids{7, 8}.place(1)), "[1]");
}

BOOST_AUTO_TEST_CASE(the_first_id_outside_is_named_with_its_place) {
  std::vector<Index> values(4 * 20, 5);
  values[3 * 20 + 17] = 50257;
  values[79] = -1;
  const Ids ids(Shape{4, 20}, values);
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { check_ids("embedding", ids, 50257); }),
                    "[embedding] id 50257 at position [3, 17] is outside the vocabulary of 50257");
}

BOOST_AUTO_TEST_CASE(one_value_may_be_let_through) {
  const Index ignore = -100;
  check_ids("loss", Ids{0, -100, 4}, 5, "target", "classes", &ignore);
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] {
                      check_ids("loss", Ids{0, -99}, 5, "target", "classes", &ignore);
                    }),
                    "[loss] target -99 at position [1] is outside the classes of 5");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
