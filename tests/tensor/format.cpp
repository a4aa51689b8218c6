// format.cpp: what fmt prints for shapes, ids, tensors and errors.
#include <limits>

#include "support/compare.hpp"
#include "tensor/error.hpp"

namespace lexigrad {
namespace {

BOOST_AUTO_TEST_SUITE(format)

BOOST_AUTO_TEST_CASE(shapes_and_ids) {
  BOOST_CHECK_EQUAL(fmt::format("{} {}", Shape{2, 3}, Shape{}), "[2, 3] []");
  BOOST_CHECK_EQUAL(fmt::format("{}", Ids{5, 3, 5}), "[5, 3, 5]");
  const Ids two{{1, 2}, {3, 4}};
  BOOST_CHECK_EQUAL(fmt::format("{}", two), "[[1, 2],\n [3, 4]]");
  BOOST_CHECK_EQUAL(fmt::format("{}", Ids()), "[]");
}

BOOST_AUTO_TEST_CASE(tensors_with_as_many_digits_as_asked_for) {
  const Tensor x = tensor({2, 2}, {1, -0.5, 0.12345, 1000});
  BOOST_CHECK_EQUAL(fmt::format("{}", x), "[[1.0000, -0.5000],\n [0.1235, 1000.0000]]");
  BOOST_CHECK_EQUAL(fmt::format("{:.1}", x), "[[1.0, -0.5],\n [0.1, 1000.0]]");
  BOOST_CHECK_EQUAL(fmt::format("{:.0}", tensor({2}, {3, 4})), "[3, 4]");
  BOOST_CHECK_EQUAL(fmt::format("{}", scalar(2.5)), "2.5000");
  BOOST_CHECK_EQUAL(fmt::format("{}", tensor({2}, {std::numeric_limits<double>::quiet_NaN(), -HUGE_VAL})),
                    "[nan, -inf]");
}

BOOST_AUTO_TEST_CASE(three_axes_are_indented) {
  BOOST_CHECK_EQUAL(fmt::format("{:.0}", tensor({2, 2, 1}, {1, 2, 3, 4})), "[[[1],\n  [2]],\n [[3],\n  [4]]]");
}

BOOST_AUTO_TEST_CASE(long_axes_show_three_numbers_at_each_end) {
  std::vector<double> values;
  for (int i = 0; i < 11; ++i) values.push_back(i);
  BOOST_CHECK_EQUAL(fmt::format("{:.0}", tensor({11}, values)), "[0, 1, 2, …, 8, 9, 10]");
  values.pop_back();
  BOOST_CHECK_EQUAL(fmt::format("{:.0}", tensor({10}, values)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
}

BOOST_AUTO_TEST_CASE(axes_of_up_to_six_are_never_shortened) {
  BOOST_CHECK_EQUAL(to_string(ones({4}), 0, 2), "[1, 1, 1, 1]");
  BOOST_CHECK_EQUAL(to_string(ones({5}), 0, 0), "[1, 1, 1, 1, 1]");
  BOOST_CHECK_EQUAL(to_string(Ids{1, 2, 3, 4, 5, 6}, 5), "[1, 2, 3, 4, 5, 6]");
  BOOST_CHECK_EQUAL(to_string(Ids{1, 2, 3, 4, 5, 6, 7}, -1), "[1, 2, 3, …, 5, 6, 7]");
}

BOOST_AUTO_TEST_CASE(undefined_and_empty_tensors_are_said_to_be_so) {
  BOOST_CHECK_EQUAL(fmt::format("{}", Tensor()), "undefined");
  BOOST_CHECK_EQUAL(fmt::format("{}", zeros({0})), "[]");
  BOOST_CHECK_EQUAL(fmt::format("{}", zeros({2, 0})), "[[],\n []]");
}

BOOST_AUTO_TEST_CASE(an_error_is_op_operands_and_reason) {
  const Tensor a = zeros({2, 3}), b = zeros({4});
  ShapeError error("matmul", " @ ", {operand("a", a), operand("b", b)}, "they differ");
  BOOST_CHECK_EQUAL(error.what(), "[matmul] a [2, 3] @ b [4]: they differ");
  error.rename_operand(b.buffer(), "blocks.3.qkv.weight");
  error.set_op("linear");
  BOOST_CHECK_EQUAL(error.what(), "[linear] a [2, 3] @ blocks.3.qkv.weight [4]: they differ");
  BOOST_CHECK_EQUAL(Error("only a reason").what(), std::string("only a reason"));
  BOOST_CHECK_EQUAL(ValueError("lr", "is NaN").what(), std::string("[lr] is NaN"));
}

BOOST_AUTO_TEST_CASE(an_empty_operand_is_not_renamed_by_its_missing_buffer) {
  ShapeError error("add", {operand("a", zeros({0})), operand("b", zeros({0, 1}))}, "no");
  error.rename_operand(nullptr, "wte.weight");
  BOOST_CHECK_EQUAL(error.what(), "[add] a [0], b [0, 1]: no");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
