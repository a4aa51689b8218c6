// cross_entropy.cpp: the loss on logits, its gradient, ignored targets and smoothing, by the shared cases.
// The head that never holds all logits has tied_cross_entropy.cpp.
#include <limits>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

constexpr double inf = std::numeric_limits<double>::infinity();

Tensor three_rows() { return tensor({3, 3}, {1, 2, 0.5, 0.2, -1, 3, 2, 2, 2}); }

CrossEntropy loss_of(const Tensor& logits, const Ids& targets, const CrossEntropyOptions& options = {}) {
  return lexigrad::cross_entropy(logits, targets, options, true);
}

BOOST_AUTO_TEST_SUITE(cross_entropy)

BOOST_AUTO_TEST_CASE(the_mean_runs_over_the_counted_rows_D013) {
  const auto [loss, gradient] = loss_of(three_rows(), Ids{1, -1, 0}, {.ignore_index = -1});
  check_close(loss, scalar(0.7814905364));
  check_close(gradient,
              {0.1156119488, -0.1857341404, 0.07012219158, 0, 0, 0, -0.3333333333, 0.1666666667, 0.1666666667});
}

BOOST_AUTO_TEST_CASE(all_targets_ignored_is_an_error_for_the_mean_only_D014) {
  const Ids none{-100, -100, -100};
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { loss_of(three_rows(), none); }),
                    "[cross_entropy] every target is ignored, so their mean is not defined");
  const auto [total, gradient] = loss_of(three_rows(), none, {.reduction = Reduction::sum});
  check_close(total, scalar(0));
  check_close(gradient, zeros({3, 3}), 0, 0);
  check_close(loss_of(three_rows(), none, {.reduction = Reduction::none}).loss, zeros({3}), 0, 0);
}

BOOST_AUTO_TEST_CASE(a_stray_negative_target_is_refused_D015) {
  BOOST_CHECK_EQUAL(error_text<IndexError>([] {
                      loss_of(tensor({1, 5}, {0, 1, 2, 3, 4}), Ids{-4}, {.ignore_index = -1});
                    }),
                    "[cross_entropy] target -4 at position [0] is outside the classes of 5");
  BOOST_CHECK_THROW(loss_of(zeros({1, 5}), Ids{5}), IndexError);
}

BOOST_AUTO_TEST_CASE(label_smoothing_D016) {
  const auto [loss, gradient] = loss_of(three_rows(), Ids{1, 2, 0}, {.label_smoothing = 0.1});
  check_close(loss, scalar(0.6497107501));
  check_close(gradient, {0.06596352143, -0.101600538, 0.03563701661, 0.007672632846, -0.005453556153, -0.002219076693,
                         -0.2, 0.1, 0.1});
}

BOOST_AUTO_TEST_CASE(smoothing_skips_ignored_rows_D017) {
  const Ids targets{1, -100, 0};
  const auto [mean, mean_gradient] = loss_of(three_rows(), targets, {.label_smoothing = 0.2});
  check_close(mean, scalar(0.8648238697));
  check_close(mean_gradient,
              {0.08227861548, -0.1190674737, 0.03678885825, 0, 0, 0, -0.2666666667, 0.1333333333, 0.1333333333});
  const auto [sum, sum_gradient] =
      loss_of(three_rows(), targets, {.label_smoothing = 0.2, .reduction = Reduction::sum});
  check_close(sum, scalar(1.729647739));
  check_close(sum_gradient,
              {0.164557231, -0.2381349475, 0.0735777165, 0, 0, 0, -0.5333333333, 0.2666666667, 0.2666666667});
}

BOOST_AUTO_TEST_CASE(huge_logits_stay_finite_D018) {
  const Tensor logits = tensor({3, 3}, {1000, -1000, 0, 88.8, 89, -30000, -10000, -10000, -10000});
  const auto [loss, gradient] = loss_of(logits, Ids{1, 0, 2});
  check_close(loss, scalar(667.2989171));
  check_close(gradient, {0.3333333333, -0.3333333333, 0, -0.1832779991, 0.1832779991, 0, 0.1111111111, 0.1111111111,
                         -0.2222222222});
  check_close(loss_of(logits, Ids{1, 0, 2}, {.label_smoothing = 0.1}).loss, scalar(968.2833615));
}

BOOST_AUTO_TEST_CASE(a_target_at_minus_infinity_costs_infinity_not_nan_D019) {
  check_close(loss_of(tensor({1, 3}, {-inf, 0, 0}), Ids{0}).loss, {inf});
}

BOOST_AUTO_TEST_CASE(a_vocabulary_of_one_costs_nothing_D020) {
  const auto [loss, gradient] = loss_of(tensor({1, 1}, {7.5}), Ids{0});
  check_close(loss, scalar(0));
  check_close(gradient, {0});
}

BOOST_AUTO_TEST_CASE(the_first_loss_is_the_logarithm_of_the_classes_D021) {
  check_close(loss_of(full({2, 50257}, 0.7), Ids{0, 50256}).loss, scalar(10.82490512));
  check_close(loss_of(zeros({2, 65}), Ids{0, 64}).loss, scalar(4.17438727));
}

BOOST_AUTO_TEST_CASE(reduction_none_keeps_the_shape_of_the_targets) {
  const Tensor logits = sample({2, 3, 7});
  const Ids targets(Shape{2, 3}, {0, 6, -100, 3, 3, 1});
  const Tensor each = loss_of(logits, targets, {.reduction = Reduction::none}).loss;
  BOOST_CHECK_EQUAL(to_string(each.shape()), "[2, 3]");
  BOOST_CHECK_EQUAL(each(0, 2), 0);
  check_close(loss_of(logits, targets, {.reduction = Reduction::sum}).loss, sum(each));
  check_close(loss_of(logits, targets).loss, sum(each) / 5.0);
}

BOOST_AUTO_TEST_CASE(without_a_gradient_only_the_loss_is_made) {
  const CrossEntropy result = lexigrad::cross_entropy(three_rows(), Ids{1, 2, 0}, {}, false);
  BOOST_CHECK(!result.dlogits.defined());
  check_close(result.loss, loss_of(three_rows(), Ids{1, 2, 0}).loss, 0, 0);
}

BOOST_AUTO_TEST_CASE(shapes_and_smoothing_are_checked) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      loss_of(zeros({2, 3}), Ids{0, 1, 2});
                    }),
                    "[cross_entropy] logits [2, 3], targets [3]: expected logits [.., C] and targets [..]");
  for (const double s : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    BOOST_CHECK_THROW(loss_of(three_rows(), Ids{0, 0, 0}, {.label_smoothing = s}), ValueError);
  }
  BOOST_CHECK_EQUAL(error_text<ValueError>([] {
                      loss_of(three_rows(), Ids{0, 0, 0}, {.label_smoothing = 1.5});
                    }),
                    "[cross_entropy] label_smoothing 1.5 is not in [0, 1]");
}

BOOST_AUTO_TEST_CASE(class_weights_are_checked_and_a_weight_of_zero_counts_for_nothing) {
  const Tensor logits = zeros({2, 3});
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      lexigrad::cross_entropy(logits, Ids{0, 1}, {.class_weights = ones({2})}, false);
                    }),
                    "[cross_entropy] class_weights [2]: expected [3]");
  const Tensor weights = tensor({3}, {0, 2, 1});
  check_close(lexigrad::cross_entropy(logits, Ids{0, 1}, {.class_weights = weights}, false).loss, {std::log(3.0)});
  check_close(
      lexigrad::cross_entropy(logits, Ids{0, 0}, {.reduction = Reduction::sum, .class_weights = weights}, true).dlogits,
      {0, 0, 0, 0, 0, 0});
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] {
                      lexigrad::cross_entropy(logits, Ids{0, 0}, {.class_weights = weights}, false);
                    }),
                    "[cross_entropy] every target is ignored or has weight 0, so their mean is not defined");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
