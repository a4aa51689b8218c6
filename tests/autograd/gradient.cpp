// gradient.cpp: how gradients meet: dense and rows in every order, who copies, and who writes in place.
#include "autograd/gradient.hpp"
#include "autograd/functions.hpp"
#include "support/compare.hpp"

namespace lexigrad {
namespace {

using testing::check_close;

Gradient rows_of(const Ids& ids, const std::vector<double>& values) {
  return GradientRows{ids, {tensor({ids.size(), 2}, values)}, 4};
}

BOOST_AUTO_TEST_SUITE(gradient)

BOOST_AUTO_TEST_CASE(none_is_undefined_and_adding_none_changes_nothing) {
  Gradient g;
  BOOST_CHECK(!g.defined());
  g.add(Gradient());
  BOOST_CHECK(!g.defined());
  g.add(Gradient(tensor({2}, {1, 2})));
  g.add(Gradient());
  check_close(g.dense(), {1, 2});
  g.clear();
  BOOST_CHECK(!g.defined());
}

BOOST_AUTO_TEST_CASE(rows_become_a_table_of_zeros_with_their_sums) {
  const Gradient g = rows_of({2, 0, 2}, {1, -2, 3, 1, 0.5, 4});
  BOOST_CHECK(g.is_rows());
  check_close(g.dense(), tensor({4, 2}, {3, 1, 0, 0, 1.5, 2, 0, 0}));
  BOOST_CHECK_EQUAL(g.rows().num_rows, 4);
}

BOOST_AUTO_TEST_CASE(rows_added_to_rows_stay_rows) {
  Gradient g = rows_of({1, 3}, {1, 2, 3, 4});
  g.add(rows_of({3}, {10, 20}));
  BOOST_REQUIRE(g.is_rows());
  BOOST_CHECK_EQUAL(to_string(g.rows().ids), "[1, 3, 3]");
  check_close(g.dense(), tensor({4, 2}, {0, 0, 1, 2, 0, 0, 13, 24}));
}

BOOST_AUTO_TEST_CASE(shared_rows_are_rows_like_others) {
  const auto shared = [] {
    const SharedRows rows{tensor({2, 2}, {1, -2, 3, 1}), {0, 2, 3}, tensor({3}, {1, 3, 0.5})};
    return Gradient(GradientRows{Ids{2, 0, 2}, rows, 4});
  };
  const Gradient own = rows_of({2, 0, 2}, {1, -2, 3, -6, 1.5, 0.5});
  BOOST_REQUIRE(shared().is_rows() && shared().defined());
  check_close(shared().rows().values.expanded(), own.rows().values.expanded());
  check_close(shared().dense(), own.dense());
  BOOST_CHECK_CLOSE(shared().sum_squares(), own.sum_squares(), 1e-4);
  Gradient scaled = shared(), sum = shared(), into_dense{full({4, 2}, 1)};
  scaled.scale(2.0);
  check_close(scaled.dense(), tensor({4, 2}, {6, -12, 0, 0, 5, -3, 0, 0}));
  sum.add(shared());
  check_close(sum.dense(), scaled.dense());
  into_dense.add(shared());
  check_close(into_dense.dense(), tensor({4, 2}, {4, -5, 1, 1, 3.5, -0.5, 1, 1}));
}

BOOST_AUTO_TEST_CASE(rows_and_dense_give_dense_in_either_order) {
  const Tensor dense = full({4, 2}, 1);
  const Tensor want = tensor({4, 2}, {1, 1, 6, 7, 1, 1, 1, 1});
  Gradient dense_first{dense.clone()}, rows_first = rows_of({1}, {5, 6});
  dense_first.add(rows_of({1}, {5, 6}));
  rows_first.add(Gradient(dense));
  BOOST_CHECK(!dense_first.is_rows() && !rows_first.is_rows());
  check_close(dense_first.dense(), want);
  check_close(rows_first.dense(), want);
  check_close(dense, std::vector<double>(8, 1.0), 0, 0);  // still held here, so not written to
}

BOOST_AUTO_TEST_CASE(the_first_dense_gradient_is_taken_over_without_a_copy) {
  const Tensor first = tensor({2}, {1, 2});
  Gradient g;
  g.add(Gradient(first));
  BOOST_CHECK(g.dense().shares_buffer_with(first));
}

BOOST_AUTO_TEST_CASE(a_buffer_that_somebody_holds_is_not_written_to) {
  const Tensor held = tensor({2}, {1, 2});
  Gradient g;
  g.add(Gradient(held));
  g.add(Gradient(tensor({2}, {10, 20})));
  check_close(held, {1, 2}, 0, 0);
  check_close(g.dense(), {11, 22});
  Gradient scaled_one;
  scaled_one.add(Gradient(held));
  scaled_one.scale(3);
  check_close(held, {1, 2}, 0, 0);
  check_close(scaled_one.dense(), {3, 6});
}

BOOST_AUTO_TEST_CASE(a_buffer_of_its_own_is_added_to_in_place) {
  Gradient g;
  g.add(Gradient(tensor({2}, {1, 2})));
  const void* buffer = g.dense().buffer();
  g.add(Gradient(tensor({2}, {10, 20})));
  BOOST_CHECK(g.dense().buffer() == buffer);
  g.scale(2);
  BOOST_CHECK(g.dense().buffer() == buffer);
  check_close(g.dense(), {22, 44});
}

BOOST_AUTO_TEST_CASE(scaling_rows_leaves_the_rows_of_others) {
  const Tensor values = tensor({1, 2}, {1, 2});
  Gradient g = GradientRows{Ids{3}, {values}, 4};
  g.scale(-2);
  check_close(values, {1, 2}, 0, 0);
  check_close(g.rows().values.expanded(), {-2, -4});
  g.scale(1);
  Gradient().scale(5);
}

BOOST_AUTO_TEST_CASE(squares_count_rows_of_equal_ids_as_their_sum) {
  BOOST_CHECK_CLOSE(rows_of({1, 1}, {3, 0, 1, 2}).sum_squares(), 16 + 4, 1e-9);
  BOOST_CHECK_CLOSE(Gradient(tensor({2}, {3, 4})).sum_squares(), 25, 1e-9);
}

BOOST_AUTO_TEST_CASE(a_lookup_gives_rows_and_a_tied_head_makes_them_dense) {
  const Variable table(testing::sample({4, 2}), true);
  sum(embedding(table, Ids{1, 1, 3})).backward();
  BOOST_CHECK(table.grad().is_rows());
  check_close(table.grad().dense(), tensor({4, 2}, {0, 0, 2, 2, 0, 0, 1, 1}));
  sum(linear(Variable(ones({1, 2})), table)).backward();
  BOOST_CHECK(!table.grad().is_rows());
  check_close(table.grad().dense(), tensor({4, 2}, {1, 1, 3, 3, 1, 1, 2, 2}));
}

BOOST_AUTO_TEST_CASE(a_loss_of_a_kept_graph_keeps_its_gradient_from_whoever_writes_into_a_leafs) {
  Variable h(testing::sample({3, 2}), true), table(testing::sample({4, 2}, 8), true), logits(table.value(), true);
  const Ids targets{0, 3, 1};
  const Variable tied = tied_cross_entropy(h, table, targets), plain = cross_entropy(logits, Ids{0, 1, 1, 0});
  std::vector<Tensor> first;
  for (const bool again : {false, true}) {
    tied.backward({.keep_graph = true});
    plain.backward({.keep_graph = true});
    std::size_t i = 0;
    for (Variable* leaf : {&h, &table, &logits}) {
      Tensor gradient = leaf->grad().dense();
      if (again) check_close(gradient, first[i++]);
      first.push_back(gradient.clone());
      gradient.fill(0.0);
      leaf->zero_grad();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_loss_that_hands_its_gradient_over_is_not_copied) {
  const Variable table(testing::sample({4, 2}, 8), true);
  const void* buffer = nullptr;
  table.register_hook([&](Gradient& g) { buffer = g.tensor().buffer(); });
  tied_cross_entropy(embedding(table, Ids{0, 3, 1}), table, Ids{0, 3, 1}).backward();
  BOOST_CHECK(table.grad().tensor().buffer() == buffer);
}

BOOST_AUTO_TEST_CASE(a_loss_that_hands_its_gradient_over_keeps_it_right_when_the_graph_is_kept) {
  const Variable h(testing::sample({3, 2}), true), table(testing::sample({4, 2}, 8), true);
  const Variable loss = tied_cross_entropy(h, table, Ids{0, 3, 1});
  loss.backward({.keep_graph = true});
  const Tensor dh = h.grad().dense().clone(), dtable = table.grad().dense().clone();
  loss.backward({.keep_graph = true});
  loss.backward();
  check_close(h.grad().dense(), dh * 3.0);
  check_close(table.grad().dense(), dtable * 3.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
