// tied_cross_entropy.cpp: the output head that works in blocks of tokens must give what its parts give one by one:
// all logits, their loss, two products. Sizes are odd; those of large vocabularies cross blocks of tokens.
#include <array>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

BOOST_AUTO_TEST_SUITE(tied_cross_entropy)

Ids some_targets(Index tokens, Index vocab, Index ignored_every) {
  std::vector<Index> values;
  for (Index i = 0; i < tokens; ++i) values.push_back(i % ignored_every == 1 ? -100 : i * 31 % vocab);
  return Ids(std::move(values));
}

void check_tied(Index tokens, Index vocab, Index dim, const CrossEntropyOptions& options) {
  const Tensor h = sample({tokens, dim}, 1), table = sample({vocab, dim}, 2, 0.3);
  const Ids targets = some_targets(tokens, vocab, 7);
  const TiedCrossEntropy tied = lexigrad::tied_cross_entropy(h, table, targets, options, true, true);
  const Tensor logits = matmul(h, table, Transpose::b);
  const CrossEntropy plain = lexigrad::cross_entropy(logits, targets, options, true);
  const double tolerance = sizeof(real) == 4 ? 1e-5 : 1e-12;
  BOOST_TEST_CONTEXT("tokens " << tokens << ", vocab " << vocab << ", dim " << dim) {
    check_close(tied.loss, plain.loss, tolerance);
    check_close(tied.dh, matmul(plain.dlogits, table), tolerance, tolerance);
    check_close(tied.dtable, matmul(plain.dlogits, h, Transpose::a), tolerance, tolerance);
  }
}

BOOST_AUTO_TEST_CASE(it_equals_the_unfused_path) {
  for (const auto& [tokens, vocab, dim] : std::vector<std::array<Index, 3>>{
           {3, 5, 2}, {1, 1, 1}, {257, 65, 31}, {515, 1003, 13}, {257, 40009, 3}, {600, 20011, 5}, {515, 16411, 13}}) {
    check_tied(tokens, vocab, dim, {});
    check_tied(tokens, vocab, dim, {.label_smoothing = 0.1, .reduction = Reduction::sum});
  }
}

BOOST_AUTO_TEST_CASE(leading_axes_of_any_number_are_taken) {
  const Tensor h = sample({2, 3, 4}), table = sample({5, 4}, 2);
  const Ids targets(Shape{2, 3}, {0, 1, 2, 3, 4, 0});
  const TiedCrossEntropy batched = lexigrad::tied_cross_entropy(h, table, targets, {}, true, true);
  const TiedCrossEntropy flat =
      lexigrad::tied_cross_entropy(h.reshape({6, 4}), table, targets.reshape(Shape{6}), {}, true, true);
  BOOST_CHECK_EQUAL(to_string(batched.dh.shape()), "[2, 3, 4]");
  check_close(batched.loss, flat.loss, 0, 0);
  check_close(batched.dh.reshape({6, 4}), flat.dh, 0, 0);
}

BOOST_AUTO_TEST_CASE(only_what_is_wanted_is_made) {
  const Tensor h = sample({4, 3}), table = sample({5, 3}, 2);
  const TiedCrossEntropy only_loss = lexigrad::tied_cross_entropy(h, table, Ids{0, 1, 2, 3}, {}, false, false);
  BOOST_CHECK(!only_loss.dh.defined() && !only_loss.dtable.defined());
  const TiedCrossEntropy both = lexigrad::tied_cross_entropy(h, table, Ids{0, 1, 2, 3}, {}, true, true);
  check_close(only_loss.loss, both.loss, 0, 0);
  const TiedCrossEntropy one = lexigrad::tied_cross_entropy(h, table, Ids{0, 1, 2, 3}, {}, false, true);
  check_close(one.dtable, both.dtable, 0, 0);
}

BOOST_AUTO_TEST_CASE(ignored_targets_follow_the_rules_of_the_plain_loss_D014) {
  const Tensor h = sample({2, 3}), table = sample({5, 3}, 2);
  const Ids none{-100, -100};
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { lexigrad::tied_cross_entropy(h, table, none, {}, true, true); }),
                    "[tied_cross_entropy] every target is ignored, so their mean is not defined");
  const TiedCrossEntropy sum = lexigrad::tied_cross_entropy(h, table, none, {.reduction = Reduction::sum}, true, true);
  check_close(sum.loss, scalar(0));
  check_close(sum.dh, zeros({2, 3}), 0, 0);
  check_close(sum.dtable, zeros({5, 3}), 0, 0);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_offer_is_refused) {
  const Tensor h = sample({2, 3}), table = sample({5, 3}, 2);
  BOOST_CHECK_THROW(lexigrad::tied_cross_entropy(h, table, Ids{0, 5}, {}, true, true), IndexError);
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { lexigrad::tied_cross_entropy(h, table, Ids{0}, {}, true, true); }),
                    "[tied_cross_entropy] h [2, 3], table [5, 3], targets [1]: expected h [.., D], table [V, D], "
                    "targets [..]");
  const CrossEntropyOptions each{.reduction = Reduction::none};
  BOOST_CHECK_THROW(lexigrad::tied_cross_entropy(h, table, Ids{0, 1}, each, true, true), ValueError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
