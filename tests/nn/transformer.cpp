// transformer.cpp: the model as a whole: no look into the future, limits that are errors, dropout only where it is
// asked for, and training that gives the same bits with any number of threads.
#include "nn/transformer.hpp"
#include "autograd/mode.hpp"
#include "nn/clip.hpp"
#include "support.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::same_bits;

const TransformerOptions small = {.vocab = 11, .context = 8, .dim = 16, .layers = 2, .heads = 4};

Ids ids_of(const Shape& shape, Index vocab, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Index> values;
  for (Index i = 0; i < shape.size(); ++i) values.push_back(rng.below(vocab));
  return Ids(shape, std::move(values));
}

// Weights far from their small start, so that what must not matter would show.
Transformer noisy(const TransformerOptions& options = small) {
  Rng rng(1);
  Transformer model(options, rng);
  for (const NamedParameter& p : named_parameters(model)) {
    p.parameter.writable().copy_from(normal(p.parameter.shape(), rng, 0.1, 0.3));
  }
  return model;
}

BOOST_AUTO_TEST_SUITE(transformer)

BOOST_AUTO_TEST_CASE(earlier_positions_do_not_see_a_later_token_D024) {
  const Transformer model = noisy();
  const std::vector<Index> ids = {1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<Index> last = ids, first = ids;
  last.back() = 9;
  first.front() = 9;
  const auto run = [&](const std::vector<Index>& values) {
    return model(Ids(Shape{1, 8}, values)).value().reshape({8, 16});
  };
  const Tensor before = run(ids), after_last = run(last), after_first = run(first);
  BOOST_CHECK(same_bits(before.rows(0, 7), after_last.rows(0, 7)));
  BOOST_CHECK(!same_bits(before.rows(7, 1), after_last.rows(7, 1)));
  BOOST_CHECK(!same_bits(before.rows(7, 1), after_first.rows(7, 1)));
}

BOOST_AUTO_TEST_CASE(gradients_to_later_inputs_are_exactly_zero_D024) {
  const Transformer model = noisy();
  for (Index t = 0; t < 8; ++t) {
    const Variable tokens(testing::sample({1, 8, 16}), true);
    const Variable y = model.from_vectors(tokens, nullptr);
    Tensor dy = zeros({1, 8, 16});
    dy.reshape({8, 16}).rows(t, 1).copy_from(testing::sample({1, 16}, 3));
    y.backward(dy);
    const Tensor dx = tokens.grad().dense().reshape({8, 16});
    if (t < 7) BOOST_CHECK_EQUAL(sum_squares(dx.rows(t + 1, 7 - t)), 0.0);
    BOOST_CHECK_GT(sum_squares(dx.rows(0, 1)), 0.0);
  }
}

BOOST_AUTO_TEST_CASE(heads_that_do_not_divide_the_width_are_refused_D026) {
  Rng rng(1);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Transformer({.dim = 10, .layers = 1, .heads = 3}, rng); }),
                    "[CausalSelfAttention] 3 heads do not divide the width 10");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Transformer({.dim = 10, .layers = 1, .heads = 0}, rng); }),
                    "[CausalSelfAttention] 0 heads do not divide the width 10");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { CausalSelfAttention(0, 1, 0.0, 0.02, rng); }),
                    "[CausalSelfAttention] 1 heads do not divide the width 0");
  BOOST_CHECK_EQUAL(
      error_text<ValueError>([&] { Transformer({.vocab = 5, .context = 4, .dim = 0, .layers = 1}, rng); }),
      "[Transformer] vocab 5, context 4, dim 0, layers 1: sizes must be at least 1, layers at least 0");
  BOOST_CHECK_THROW(Transformer({.dim = 4, .layers = 1, .heads = 2, .dropout = 1.5}, rng), ValueError);
}

BOOST_AUTO_TEST_CASE(a_sequence_longer_than_the_context_is_refused_D027) {
  const Transformer model = noisy();
  BOOST_CHECK_EQUAL(to_string(model(ids_of({1, 8}, 11, 1)).shape()), "[1, 8, 16]");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      model(ids_of({1, 9}, 11, 1));
                    }),
                    "[Transformer] tokens [1, 9, 16]: 9 positions are longer than the context of 8");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      model(Ids{1, 2, 3});
                    }),
                    "[Transformer] tokens [3, 16]: expected [B, T, D] from ids [B, T]");
}

BOOST_AUTO_TEST_CASE(with_no_blocks_it_is_an_embedding_a_norm_and_a_head) {
  Rng rng(1);
  Transformer model({.vocab = 5, .context = 4, .dim = 3, .layers = 0}, rng);
  BOOST_CHECK_EQUAL(parameter_count(model), 5 * 3 + 4 * 3 + 2 * 3);
  const Ids ids(Shape{1, 2}, {1, 4});
  const Tensor rows = gather_rows(model.wte.weight.value(), ids) + model.wpe.weight.value().rows(0, 2);
  check_close(model(ids).value(), layer_norm(rows, {}, {}, 1e-5).y);
  model.loss(ids, Ids(Shape{1, 2}, {4, 0})).backward();
  BOOST_CHECK(model.wte.weight.grad().defined() && model.wpe.weight.grad().defined());
}

BOOST_AUTO_TEST_CASE(the_count_of_numbers_is_gpt2s_formula) {
  Rng rng(1);
  Transformer model({.vocab = 100, .context = 32, .dim = 24, .layers = 3, .heads = 2}, rng);
  const Index d = 24;
  BOOST_CHECK_EQUAL(parameter_count(model), 100 * d + 32 * d + 3 * (12 * d * d + 13 * d) + 2 * d);
}

BOOST_AUTO_TEST_CASE(the_first_loss_is_about_the_logarithm_of_the_vocabulary_D021) {
  Rng rng(1);
  const Transformer model({.vocab = 65, .context = 16, .dim = 32, .layers = 2, .heads = 4}, rng);
  const double loss = static_cast<double>(model.loss(ids_of({4, 16}, 65, 1), ids_of({4, 16}, 65, 2)).item());
  BOOST_CHECK_SMALL(loss - std::log(65.0), 0.05);
}

BOOST_AUTO_TEST_CASE(nothing_is_dropped_without_an_rng_and_something_with_one) {
  TransformerOptions options = small;
  options.dropout = 0.5;
  const Transformer model = noisy(options);
  const Ids ids = ids_of({2, 8}, 11, 1);
  Rng rng(1), same(1);
  BOOST_CHECK(same_bits(model(ids).value(), noisy()(ids).value()));
  const Tensor dropped = model(ids, rng).value();
  BOOST_CHECK(!same_bits(dropped, model(ids).value()));
  BOOST_CHECK(same_bits(dropped, model(ids, same).value()));
  BOOST_CHECK(!same_bits(dropped, model(ids, rng).value()));
}

BOOST_AUTO_TEST_CASE(chances_of_the_next_token_sum_to_one_and_record_nothing) {
  const Transformer model = noisy();
  const Tensor chances = model.next_token_probabilities(ids_of({2, 3}, 11, 1));
  BOOST_CHECK_EQUAL(to_string(chances.shape()), "[2, 3, 11]");
  check_close(sum(chances, -1), ones({2, 3}));
  BOOST_CHECK(recording());
}

struct Run {
  std::vector<double> losses;
  std::vector<Tensor> weights;
};

Run train(int threads) {
  const ThreadScope scope(threads);
  Rng rng(7);
  Rng init = rng.fork("init"), drop = rng.fork("dropout");
  Transformer model({.vocab = 61, .context = 32, .dim = 64, .layers = 2, .heads = 4, .dropout = 0.1}, init);
  AdamW opt(named_parameters(model), {.lr = 3e-3, .weight_decay = 0.1});
  Run run;
  for (std::uint64_t step = 0; step < 20; ++step) {
    opt.zero_grad();
    const Ids ids = ids_of({10, 32}, 61, step);
    const Variable loss = model.loss(ids, ids, drop);  // "say the same token": learnable in a few steps
    loss.backward();
    clip_grad_norm(opt, 1.0);
    opt.step();
    run.losses.push_back(static_cast<double>(loss.item()));
  }
  for (const NamedParameter& p : opt.parameters()) run.weights.push_back(p.parameter.value());
  return run;
}

BOOST_AUTO_TEST_CASE(training_gives_the_same_bits_with_1_2_and_4_threads_D041) {
  const Run one = train(1);
  BOOST_CHECK_LT(one.losses.back(), one.losses.front() - 0.5);
  for (const int threads : {2, 4}) {
    const Run many = train(threads);
    BOOST_TEST_CONTEXT(threads << " threads") {
      for (std::size_t i = 0; i < 20; ++i) BOOST_CHECK_EQUAL(one.losses[i], many.losses[i]);
      for (std::size_t i = 0; i < one.weights.size(); ++i) BOOST_CHECK(same_bits(one.weights[i], many.weights[i]));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
