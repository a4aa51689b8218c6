// training.cpp: whole steps: micro-batches that add up to one batch, models that learn, losses that do no harm.
#include <limits>

#include "nn/clip.hpp"
#include "nn/linear.hpp"
#include "nn/transformer.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;

BOOST_AUTO_TEST_SUITE(training)

// Each micro-batch counts by its tokens: sums of losses, divided by all tokens.
BOOST_AUTO_TEST_CASE(two_micro_batches_give_the_gradient_of_the_whole_batch_D052) {
  const Variable w(tensor({3, 2}, {0.1, 0.2, 0.3, -0.4, 0, 0.5}), true);
  const std::vector<std::pair<Tensor, Ids>> batches = {{tensor({1, 2}, {1, 2}), Ids{0}},
                                                       {tensor({3, 2}, {0, 1, 2, 0, 1, 1}), Ids{2, 1, 0}}};
  for (const auto& [x, targets] : batches) {
    (cross_entropy(linear(Variable(x), w), targets, {.reduction = Reduction::sum}) / 4.0).backward();
  }
  const std::vector<double> want = {-0.1796395497, -0.411550429, -0.1862471173,
                                    0.1662604915,  0.365886667,  0.2452899375};
  check_close(w.grad().dense(), want);

  // The same when the count of tokens is known at the end only.
  const Parameter late(w.value().clone());
  for (const auto& [x, targets] : batches) {
    cross_entropy(linear(Variable(x), late), targets, {.reduction = Reduction::sum}).backward();
  }
  scale_gradients(testing::listed({&late}), 1.0 / 4.0);
  check_close(late.grad().dense(), want);

  const Variable whole(w.value().clone(), true), tied(w.value().clone(), true);
  cross_entropy(linear(Variable(tensor({4, 2}, {1, 2, 0, 1, 2, 0, 1, 1})), whole), Ids{0, 2, 1, 0}).backward();
  check_close(whole.grad().dense(), want);
  for (const auto& [x, targets] : batches) {
    (tied_cross_entropy(Variable(x), tied, targets, {.reduction = Reduction::sum}) / 4.0).backward();
  }
  check_close(tied.grad().dense(), want);
}

BOOST_AUTO_TEST_CASE(a_small_transformer_learns_to_count) {
  Rng rng(3);
  Transformer model({.vocab = 8, .context = 16, .dim = 32, .layers = 1, .heads = 2}, rng);
  AdamW opt(named_parameters(model), {.lr = 1e-2});
  double loss = 0;
  for (int step = 0; step < 80; ++step) {
    std::vector<Index> ids, next;
    for (Index row = 0; row < 4; ++row) {
      const Index start = rng.below(8);
      for (Index t = 0; t < 16; ++t) {
        ids.push_back((start + t) % 8);
        next.push_back((start + t + 1) % 8);
      }
    }
    opt.zero_grad();
    const Variable l = model.loss(Ids(Shape{4, 16}, ids), Ids(Shape{4, 16}, next));
    l.backward();
    clip_grad_norm(opt, 1.0);
    opt.step();
    loss = static_cast<double>(l.item());
  }
  BOOST_CHECK_LT(loss, 0.1);
  const Tensor chances = model.next_token_probabilities(Ids(Shape{1, 3}, {5, 6, 7}));
  BOOST_CHECK_EQUAL(argmax(chances, -1)[2], 0);
}

BOOST_AUTO_TEST_CASE(gradients_add_up_until_they_are_cleared) {
  Rng rng(1);
  Linear layer(2, 1, rng);
  const NamedParameters parameters = named_parameters(layer);
  const Variable x(ones({1, 2}));
  sum(layer(x)).backward();
  sum(layer(x)).backward();
  check_close(layer.weight.grad().dense(), {2, 2});
  Sgd opt(named_parameters(layer), {.lr = 0});
  opt.zero_grad();
  sum(layer(x)).backward();
  check_close(layer.weight.grad().dense(), {1, 1});
}

BOOST_AUTO_TEST_CASE(a_loss_with_every_target_ignored_leaves_the_parameters_as_they_are_D014) {
  const Parameter logits(tensor({3, 3}, {1, 2, 0.5, 0.2, -1, 3, 2, 2, 2}));
  NamedParameters list;
  list.push_back({"logits", logits.share(), {}});
  AdamW opt(std::move(list), {.weight_decay = 0});
  const Tensor before = logits.value().clone();
  const Ids none{-100, -100, -100};
  BOOST_CHECK_THROW(cross_entropy(logits, none), ValueError);
  opt.step();
  cross_entropy(logits, none, {.reduction = Reduction::sum}).backward();
  opt.step();
  check_close(logits.value(), before, 0, 0);
}

BOOST_AUTO_TEST_CASE(an_infinite_loss_shows_in_its_value_and_its_gradient_stays_finite_D019) {
  const double inf = std::numeric_limits<double>::infinity();
  const Variable logits(tensor({1, 3}, {-inf, 0, 0}), true);
  const Variable loss = cross_entropy(logits, Ids{0});
  check_close(loss.value(), {inf});
  loss.backward();
  check_close(logits.grad().dense(), {-1, 0.5, 0.5});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
