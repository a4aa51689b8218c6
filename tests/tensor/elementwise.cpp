// elementwise.cpp: arithmetic with one-sided broadcasting, and functions of one number at their edges.
// How close exp and its kin come is held in kernels.cpp, their gradients in autograd/gradcheck_table.cpp.
#include <functional>
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

BOOST_AUTO_TEST_SUITE(elementwise)

BOOST_AUTO_TEST_CASE(the_smaller_operand_repeats_from_either_side) {
  const Tensor a = tensor({2, 3}, {1, 2, 3, 4, 5, 6});
  check_close(a + tensor({3}, {10, 20, 30}), {11, 22, 33, 14, 25, 36});
  check_close(tensor({3}, {10, 20, 30}) - a, {9, 18, 27, 6, 15, 24});
  check_close(a * tensor({2, 1}, {10, 100}), {10, 20, 30, 400, 500, 600});
  check_close(tensor({2, 1}, {12, 60}) / a, {12, 6, 4, 15, 12, 10});
  check_close(scalar(2) / tensor({2}, {4, 8}), {0.5, 0.25});
  check_close(tensor({1, 3}, {1, 0, 2}) * a, {1, 0, 6, 4, 0, 12});
}

// Results too large for the caches are written in another way, rows of whole cache lines if rows matter. A size that
// ends in the middle of a line and of a chunk, and one of whole lines; each function gives the bits that it gives for a
// row at a time.
BOOST_AUTO_TEST_CASE(results_that_no_cache_holds_have_the_bits_of_their_parts) {
  const Index parts = 1025;
  for (const Index part : {8191, 8208}) {
    const Tensor x = sample({parts, part}, 1), y = sample({parts, part}, 2), chosen = less(x, zeros({}));
    const auto check = [&](const Tensor& large, const std::function<Tensor(Index)>& small) {
      BOOST_REQUIRE_EQUAL(large.size(), parts * part);
      Index wrong = 0;
      for (Index i = 0; i < parts; ++i) wrong += testing::same_bits(large.rows(i, 1), small(i)) ? 0 : 1;
      BOOST_CHECK_EQUAL(wrong, 0);
    };
    check(x + y, [&](Index i) { return x.rows(i, 1) + y.rows(i, 1); });
    check(exp(x), [&](Index i) { return exp(x.rows(i, 1)); });
    check(where(chosen, x, y), [&](Index i) { return where(chosen.rows(i, 1), x.rows(i, 1), y.rows(i, 1)); });
    check(softmax(x), [&](Index i) { return softmax(x.rows(i, 1)); });
    check(softmax_backward(x, y, -1), [&](Index i) { return softmax_backward(x.rows(i, 1), y.rows(i, 1), -1); });
    check(relu_backward(x, y), [&](Index i) { return relu_backward(x.rows(i, 1), y.rows(i, 1)); });
    Tensor last = y.clone();  // nobody else holds it: the result is written over it
    const real* place = last.data();
    const Tensor over = relu_backward(x, std::move(last));
    BOOST_CHECK(over.data() == place);
    check(over, [&](Index i) { return relu_backward(x.rows(i, 1), y.rows(i, 1)); });
  }
}

BOOST_AUTO_TEST_CASE(an_axis_in_the_middle_repeats) {
  const Tensor x = sample({2, 3, 2, 5}, 1), y = sample({2, 1, 2, 1}, 2);
  std::vector<double> want;
  for (Index i = 0; i < x.size(); ++i) {
    want.push_back(static_cast<double>(x.data()[i]) + static_cast<double>(y.data()[i / 30 * 2 + i / 5 % 2]));
  }
  check_close(x + y, want);
}

BOOST_AUTO_TEST_CASE(two_operands_that_would_both_grow_are_refused_and_the_error_names_expand) {
  BOOST_CHECK_EQUAL(
      error_text<ShapeError>([] {
        add(zeros({5}), zeros({5, 1}));
      }),
      "[add] a [5], b [5, 1]: neither shape repeats into the other (expand() one of them if both should grow)");
  BOOST_CHECK_THROW(zeros({2, 3}) * zeros({2}), ShapeError);
  check_close(expand(tensor({2}, {1, 2}), {2, 2}) + tensor({2, 1}, {10, 20}), {11, 12, 21, 22});
}

BOOST_AUTO_TEST_CASE(expand_repeats_and_refuses_what_does_not_fit) {
  check_close(expand(tensor({2, 1}, {1, 2}), {2, 3}), {1, 1, 1, 2, 2, 2});
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      expand(zeros({2, 3}), {2, 4});
                    }),
                    "[expand] x [2, 3]: does not repeat into [2, 4]");
}

BOOST_AUTO_TEST_CASE(empty_operands_give_empty_results) {
  BOOST_CHECK_EQUAL(to_string((zeros({0, 3}) + zeros({3})).shape()), "[0, 3]");
  BOOST_CHECK_EQUAL(to_string(exp(zeros({2, 0})).shape()), "[2, 0]");
  BOOST_CHECK_EQUAL(to_string((scalar(1) * zeros({0})).shape()), "[0]");
  const Index many = Index{1} << 40;  // rows of no numbers, which nobody should walk through
  BOOST_CHECK_EQUAL((zeros({many, 0}) + zeros({1, 0})).dim(0), many);
}

BOOST_AUTO_TEST_CASE(many_numbers_on_several_threads_are_the_same_as_one_by_one) {
  const Tensor x = sample({300, 457}, 1), row = sample({457}, 2), column = sample({300, 1}, 3);
  const Tensor got = (x * row - column) * 2.0 + 1.0;
  for (Index i = 0; i < x.size(); ++i) {
    const double want = (static_cast<double>(x.data()[i]) * static_cast<double>(row.data()[i % 457]) -
                         static_cast<double>(column.data()[i / 457])) *
                            2 +
                        1;
    BOOST_REQUIRE_SMALL(static_cast<double>(got.data()[i]) - want, 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(the_slopes_of_tanh_and_sigmoid_follow_from_their_results) {
  check_close(tanh_backward(tensor({3}, {0, 0.5, -1}), tensor({3}, {2, 4, 8})), {2, 3, 0});
  check_close(sigmoid_backward(tensor({3}, {0, 0.5, 1}), tensor({3}, {2, 4, 8})), {0, 1, 0});
}

BOOST_AUTO_TEST_CASE(relu_lets_nan_through) {
  check_close(relu(tensor({6}, {-1, 0, 2, nan, inf, -inf})), {0, 0, 2, nan, inf, 0});
  check_close(relu_backward(tensor({3}, {0, 2, nan}), tensor({3}, {5, 6, 7})), {0, 6, 7});
}

BOOST_AUTO_TEST_CASE(functions_let_nan_through_and_take_infinities) {
  const Tensor x = tensor({3}, {nan, inf, -inf});
  check_close(exp(x), {nan, inf, 0});
  check_close(tanh(x), {nan, 1, -1});
  check_close(sigmoid(x), {nan, 1, 0});
  check_close(log(tensor({5}, {nan, inf, 0, -1, 1})), {nan, inf, -inf, nan, 0});
  BOOST_CHECK(std::isnan(gelu(x).data()[0]));
  BOOST_CHECK(std::isnan(gelu(x, Gelu::erf).data()[0]));
}

BOOST_AUTO_TEST_CASE(gelu_in_both_forms_D042) {
  const Tensor x = tensor({6}, {-3, -1, 0, 0.5, 1, 3});
  check_close(gelu(x, Gelu::erf), {-0.004049694095, -0.1586552539, 0, 0.3457312306, 0.8413447461, 2.995950306});
  check_close(gelu(x, Gelu::tanh), {-0.003637392082, -0.1588080094, 0, 0.3457140098, 0.8411919906, 2.996362608});
  check_close(gelu(x), testing::numbers(gelu(x, Gelu::tanh)), 0, 0);
}

BOOST_AUTO_TEST_CASE(a_gradient_of_another_shape_is_refused) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { gelu_backward(zeros({2}), zeros({3})); }),
                    "[gelu] x [2], dy [3]: the shapes differ");
}

BOOST_AUTO_TEST_CASE(a_gradient_is_written_over_the_one_that_nobody_else_holds) {
  const Tensor x = tensor({3}, {-1, 0.5, 2}), y = relu(x), slopes = gelu_backward(x, ones({3}));
  for (const bool held : {false, true}) {
    Tensor a = ones({3}), b = ones({3});
    const Tensor other_a = held ? a : Tensor(), other_b = held ? b : Tensor();
    const void* const place_a = a.buffer();
    const void* const place_b = b.buffer();
    const Tensor of_gelu = gelu_backward(x, std::move(a)), of_relu = relu_backward(y, std::move(b));
    check_close(of_gelu, testing::numbers(slopes), 0, 0);
    check_close(of_relu, {0, 1, 1}, 0, 0);
    BOOST_CHECK_EQUAL(of_gelu.buffer() == place_a, !held);
    BOOST_CHECK_EQUAL(of_relu.buffer() == place_b, !held);
    BOOST_CHECK(of_gelu.unique() && of_relu.unique());
    if (held) check_close(other_a, {1, 1, 1}, 0, 0);
    if (held) check_close(other_b, {1, 1, 1}, 0, 0);
  }
}

BOOST_AUTO_TEST_CASE(in_place_functions_change_their_target_only) {
  Tensor target = tensor({3}, {1, 2, 3});
  const Tensor x = tensor({3}, {10, 20, 30});
  add_into(target, x, 0.5);
  check_close(target, {6, 12, 18});
  check_close(x, {10, 20, 30});
  scale_in_place(target, -2);
  check_close(target, {-12, -24, -36});
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { add_into(target, scalar(1)); }),
                    "[add_into] target [3], x []: the shapes differ");
}

BOOST_AUTO_TEST_CASE(inputs_are_not_changed) {
  const Tensor x = tensor({2}, {1, 2});
  const std::uint32_t version = x.version();
  (void)(x + x * 2.0 - exp(x));
  BOOST_CHECK_EQUAL(x.version(), version);
  check_close(x, {1, 2});
}

BOOST_AUTO_TEST_CASE(clamp_abs_sqrt_and_pow_at_their_edges) {
  const Tensor x = tensor({6}, {-inf, -2, -0.0, 0.5, inf, nan});
  check_close(clamp(x, -1, 1), {-1, -1, 0, 0.5, 1, nan});
  check_close(clamp(x, -inf, inf), x);
  check_close(abs(x), {inf, 2, 0, 0.5, inf, nan});
  check_close(sqrt(x), {nan, nan, -0.0, std::sqrt(0.5), inf, nan});
  check_close(pow(x, 2), {inf, 4, 0, 0.25, inf, nan});
  check_close(pow(x, 0), {1, 1, 1, 1, 1, 1});
  check_close(pow(x, -1), {0, -0.5, -inf, 2, 0, nan});
  check_close(pow(tensor({1}, {-8}), 1.0 / 3), {nan});
  BOOST_CHECK_EQUAL(error_text<ValueError>([] { clamp(ones({1}), 2, 1); }), "[clamp] no number lies between 2 and 1");
  BOOST_CHECK_THROW(clamp(ones({1}), nan, 1), ValueError);
}

BOOST_AUTO_TEST_CASE(comparisons_are_false_for_nan) {
  check_close(less(tensor({3}, {1, 2, nan}), scalar(2)), {1, 0, 0});
  check_close(less(tensor({2, 1}, {1, 2}), tensor({2, 2}, {1, 2, 3, 1})), {0, 1, 1, 0});
}

BOOST_AUTO_TEST_CASE(where_chooses_and_no_number_leaks_from_the_other_side) {
  const Tensor condition = tensor({2}, {1, 0});
  check_close(where(condition, tensor({2}, {5, nan}), tensor({2}, {nan, 7})), {5, 7});
  check_close(where(condition, scalar(1), tensor({3, 1}, {2, 3, 4}) + zeros({3, 2})), {1, 2, 1, 3, 1, 4});
  check_close(where(tensor({1}, {nan}), scalar(1), scalar(2)), {1});  // NaN is not 0
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { where(condition, ones({3}), ones({2})); }),
                    "[where] condition [2], a [3], b [2]: none of the shapes is one that the others repeat into");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
