// embedding.cpp: the table of vectors: which rows get a gradient, and what steps do to them, by the shared cases.
#include <limits>

#include "nn/linear.hpp"
#include "nn/optim.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

Tensor four_rows() { return tensor({4, 2}, {-0.5, -0.2, 0.2, 0.5, -0.2, 0.1, 0.5, -0.3}); }

BOOST_AUTO_TEST_SUITE(embedding)

BOOST_AUTO_TEST_CASE(a_padding_row_gets_no_gradient_D001) {
  const Embedding wte(tensor({4, 3}, {-0.5, -0.2, 0.1, 0.2, 0.5, -0.3, -0.2, 0.1, 0.4, 0.5, -0.3, 0}),
                      {.padding_idx = 0});
  const Variable y = wte(Ids{{0, 2}, {2, 0}});
  check_close(y.value().reshape({4, 3}).rows(0, 1), {-0.5, -0.2, 0.1});  // it is read like any other
  y.backward(tensor({2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  check_close(wte.weight.grad().dense(), {0, 0, 0, 0, 0, 0, 11, 13, 15, 0, 0, 0});
  BOOST_CHECK(wte.weight.grad().is_rows());
}

BOOST_AUTO_TEST_CASE(a_drawn_table_has_zeros_in_its_padding_row) {
  Rng rng(1), same(1);
  const Embedding wte(5, 3, rng, {.padding_idx = 2}), plain(5, 3, same);
  check_close(wte.weight.value().rows(2, 1), {0, 0, 0}, 0, 0);
  check_close(wte.weight.value().rows(3, 2), plain.weight.value().rows(3, 2), 0, 0);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Embedding(5, 3, rng, {.padding_idx = 5}); }),
                    "[Embedding] padding_idx 5 is no row of a table of 5");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Embedding(5, 3, rng, {.max_norm = -1}); }),
                    "[Embedding] max_norm = -1 must be above 0, or 0 for none");
  const Variable table(ones({2, 2}), true);
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { lexigrad::embedding(table, Ids{0}, {.padding_idx = 7}); }),
                    "[embedding] padding_idx 7 is outside the vocabulary of 2");
}

BOOST_AUTO_TEST_CASE(all_ids_padding_give_a_gradient_of_zeros) {
  const Embedding wte(four_rows(), {.padding_idx = 1});
  sum(wte(Ids{1, 1})).backward();
  check_close(wte.weight.grad().dense(), zeros({4, 2}), 0, 0);
}

BOOST_AUTO_TEST_CASE(gradients_are_divided_by_how_often_an_id_occurs) {
  const Embedding wte(four_rows(), {.scale_grad_by_freq = true});
  wte(Ids{1, 1, 1, 3}).backward(tensor({4, 2}, {1, 1, 2, 2, 3, 3, 8, 8}));
  check_close(wte.weight.grad().dense(), tensor({4, 2}, {0, 0, 2, 2, 0, 0, 8, 8}));
}

BOOST_AUTO_TEST_CASE(a_row_longer_than_max_norm_is_cut_when_it_is_looked_up) {
  const Embedding wte(tensor({3, 2}, {3, 4, 0.3, 0.4, 30, 40}), {.max_norm = 1});
  check_close(wte(Ids{0, 1, 0}).value(), {0.6, 0.8, 0.3, 0.4, 0.6, 0.8});
  check_close(wte.weight.value(), {0.6, 0.8, 0.3, 0.4, 30, 40});  // row 2 was not looked up
  const std::uint32_t version = wte.weight.value().version();
  (void)wte(Ids{1});
  BOOST_CHECK_EQUAL(wte.weight.value().version(), version);
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { wte(Ids{3}); }),
                    "[embedding] id 3 at position [0] is outside the vocabulary of 3");
}

BOOST_AUTO_TEST_CASE(a_table_may_be_frozen_from_the_start) {
  const Embedding wte(four_rows(), {.frozen = true});
  BOOST_CHECK(wte.weight.frozen());
  BOOST_CHECK(!wte(Ids{1}).requires_grad());
}

BOOST_AUTO_TEST_CASE(repeated_ids_add_up_D002) {
  const Embedding wte(four_rows());
  wte(Ids{1, 1, 1, 3}).backward(tensor({4, 2}, {1, 1, 2, 2, 4, 4, 8, 8}));
  check_close(wte.weight.grad().dense(), tensor({4, 2}, {0, 0, 7, 7, 0, 0, 8, 8}));
  BOOST_CHECK(wte.weight.grad().is_rows());
}

BOOST_AUTO_TEST_CASE(no_ids_at_all_give_no_rows_and_a_gradient_of_zeros_D005) {
  const Embedding wte(sample({4, 3}));
  const Variable y = wte(Ids());
  BOOST_CHECK_EQUAL(to_string(y.shape()), "[0, 3]");
  sum(y).backward();
  check_close(wte.weight.grad().dense(), zeros({4, 3}), 0, 0);
}

BOOST_AUTO_TEST_CASE(id_0_is_a_word_like_all_others_D006) {
  const Embedding wte(tensor({3, 2}, {-0.5, -0.2, 0.2, 0.5, -0.2, 0.1}));
  sum(wte(Ids{0, 0})).backward();
  check_close(wte.weight.grad().dense(), tensor({3, 2}, {2, 2, 0, 0, 0, 0}));
}

struct Classifier {
  static constexpr std::string_view kind = "Classifier";
  Embedding wte;
  Linear head;
  explicit Classifier(Rng& rng) : wte(sample({6, 4})), head(4, 3, rng) {}
  static void members(auto& self, auto&& visit) {
    visit("wte", self.wte);
    visit("head", self.head);
  }
};

BOOST_AUTO_TEST_CASE(a_frozen_table_stays_bit_identical_D007) {
  Rng rng(1);
  Classifier model(rng);
  freeze(model.wte);
  const Tensor table = model.wte.weight.value().clone(), head = model.head.weight.value().clone();
  AdamW opt(named_parameters(model), {.weight_decay = 0.1});
  for (int step = 0; step < 3; ++step) {
    opt.zero_grad();
    cross_entropy(model.head(model.wte(Ids{0, 3, 5})), Ids{0, 1, 2}).backward();
    opt.step();
  }
  BOOST_CHECK(testing::same_bits(model.wte.weight.value(), table));
  BOOST_CHECK(!testing::same_bits(model.head.weight.value(), head));
  BOOST_CHECK(!opt.has_state(0));
  BOOST_CHECK(opt.has_state(1));
  BOOST_CHECK_EQUAL(parameter_count(model, true), 4 * 3 + 3);
}

BOOST_AUTO_TEST_CASE(a_row_named_twice_is_stepped_once_by_adam_D008) {
  for (const RowUpdate rows : {RowUpdate::dense, RowUpdate::lazy}) {
    Embedding wte(four_rows());
    AdamW opt(named_parameters(wte), {.lr = 0.1, .weight_decay = 0, .rows = rows});
    wte.weight.gradient().add(GradientRows{Ids{2, 0, 2}, {tensor({3, 2}, {1, -2, 3, 1, 0.5, 4})}, 4});
    opt.step();
    check_close(wte.weight.value(), {-0.5999999997, -0.299999999, 0.2, 0.5, -0.2999999993, 4.999999997e-10, 0.5, -0.3});
  }
}

BOOST_AUTO_TEST_CASE(lazy_adam_leaves_rows_without_a_gradient_and_dense_adam_goes_on_moving_them) {
  for (const bool lazy : {true, false}) {
    Embedding wte(four_rows());
    AdamW opt(named_parameters(wte),
              {.lr = 0.1, .weight_decay = 0.1, .rows = lazy ? RowUpdate::lazy : RowUpdate::dense});
    sum(wte(Ids{1})).backward();
    opt.step();
    const Tensor first = wte.weight.value().clone();
    opt.zero_grad();
    sum(wte(Ids{3})).backward();
    opt.step();
    BOOST_CHECK_EQUAL(testing::same_bits(wte.weight.value().rows(1, 1).clone(), first.rows(1, 1).clone()), lazy);
    BOOST_CHECK_EQUAL(testing::same_bits(wte.weight.value().rows(0, 1).clone(), four_rows().rows(0, 1).clone()), lazy);
    BOOST_CHECK(!testing::same_bits(wte.weight.value().rows(3, 1).clone(), first.rows(3, 1).clone()));
  }
}

// The same three batches as a lookup (rows) and as a product with one-hot rows (dense).
BOOST_AUTO_TEST_CASE(rows_and_dense_gradients_agree_under_sgd_D009) {
  const std::vector<std::pair<Ids, Tensor>> batches = {{Ids{0, 1}, tensor({2, 2}, {1, 1, 1, 1})},
                                                       {Ids{3}, tensor({1, 2}, {2, -2})},
                                                       {Ids{0}, tensor({1, 2}, {-1, 0.5})}};
  for (const bool as_rows : {true, false}) {
    Embedding wte(four_rows());
    Sgd opt(named_parameters(wte), {.lr = 0.2});
    for (const auto& [ids, upstream] : batches) {
      opt.zero_grad();
      Tensor one_hot = zeros({ids.size(), 4});
      for (Index i = 0; i < ids.size(); ++i) one_hot.mutable_data()[i * 4 + ids[i]] = 1;
      (as_rows ? wte(ids) : matmul(Variable(one_hot), wte.weight)).backward(upstream);
      BOOST_CHECK_EQUAL(wte.weight.grad().is_rows(), as_rows);
      opt.step();
    }
    check_close(wte.weight.value(), {-0.5, -0.5, 0, 0.3, -0.2, 0.1, 0.1, 0.1});
  }
}

BOOST_AUTO_TEST_CASE(sizes_and_spread_are_checked) {
  Rng rng(1);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Embedding(0, 4, rng); }),
                    "[Embedding] a table of 0 rows and 4 columns: both must be at least 1");
  BOOST_CHECK_THROW(Embedding(4, -1, rng), ValueError);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Embedding(4, 4, rng, {.std = -1}); }),
                    "[normal] std = -1 must be 0 or more");
  BOOST_CHECK_THROW(Embedding(4, 4, rng, {.std = std::numeric_limits<double>::infinity()}), ValueError);
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { Embedding(zeros({4})); }),
                    "[Embedding] table [4]: expected [num_embeddings, embedding_dim]");
}

BOOST_AUTO_TEST_CASE(the_table_is_drawn_with_the_spread_asked_for) {
  Rng rng(1);
  const double n = 1000.0 * 64;
  for (const double std : {0.02, 1.0}) {
    const Embedding wte(1000, 64, rng, {.std = std});
    BOOST_CHECK_SMALL(std::sqrt(sum_squares(wte.weight.value()) / n) / std - 1, 4 / std::sqrt(2 * n));
  }
  BOOST_CHECK_EQUAL(sum_squares(Embedding(3, 3, rng, {.std = 0}).weight.value()), 0);
}

BOOST_AUTO_TEST_CASE(a_table_that_is_there_is_taken_over) {
  const Tensor table = four_rows();
  const Embedding wte(table);
  BOOST_CHECK(wte.weight.value().shares_buffer_with(table));
  BOOST_CHECK_EQUAL(wte.num_embeddings(), 4);
  BOOST_CHECK_EQUAL(wte.embedding_dim(), 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
