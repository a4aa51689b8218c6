// optim.cpp: steps of every optimizer by hand-made cases, what decays, what is remembered, and rows.
#include <limits>

#include "nn/optim.hpp"
#include "nn/transformer.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::give;
using testing::listed;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// x = [1, 2, -3] after each of three steps with the gradients of D044 to D046.
template <class Optimizer>
void check_three_steps(Optimizer& opt, const Parameter& x, const std::vector<std::vector<double>>& after) {
  const std::vector<std::vector<double>> gradients = {{1, -2, 0.5}, {0.1, 0, -3}, {-1, 4, 0}};
  for (std::size_t i = 0; i < 3; ++i) {
    give(x, gradients[i]);
    opt.step();
    check_close(x.value(), after[i]);
  }
}

const std::vector<std::vector<double>> adam_steps = {{0.900000001, 2.1, -3.099999998},
                                                     {0.8259189378, 2.167005824, -3.037608132},
                                                     {0.8304270349, 2.133002378, -2.989379038}};

BOOST_AUTO_TEST_SUITE(optim)

BOOST_AUTO_TEST_CASE(three_steps_of_adam_D044) {
  const Parameter x(tensor({1, 3}, {1, 2, -3}));
  AdamW opt(listed({&x}), {.lr = 0.1, .weight_decay = 0});
  check_three_steps(opt, x, adam_steps);
  BOOST_CHECK_EQUAL(opt.state().steps.at("p0"), 3);
}

BOOST_AUTO_TEST_CASE(three_steps_of_adamw_D045) {
  const Parameter x(tensor({1, 3}, {1, 2, -3}));
  AdamW opt(listed({&x}), {.lr = 0.1, .weight_decay = 0.1});
  check_three_steps(opt, x,
                    {{0.890000001, 2.08, -3.069999998},
                     {0.8070189378, 2.126205824, -2.976908132},
                     {0.8034568455, 2.070940319, -2.898909957}});
}

BOOST_AUTO_TEST_CASE(three_steps_of_adam_with_l2_D045) {
  const Parameter x(tensor({3}, {1, 2, -3}));  // L2 is in the gradient of vectors too
  Adam opt(listed({&x}), {.lr = 0.1, .weight_decay = 0.1});
  check_three_steps(opt, x,
                    {{0.9000000009, 2.099999999, -3.099999995},
                     {0.8213009837, 2.157926602, -3.029760953},
                     {0.8149263077, 2.116897439, -2.969876082}});
}

BOOST_AUTO_TEST_CASE(three_steps_of_sgd_with_momentum_D046) {
  const Parameter x(tensor({3}, {1, 2, -3})), y(tensor({3}, {1, 2, -3}));
  Sgd plain(listed({&x}), {.lr = 0.1, .momentum = 0.9});
  check_three_steps(plain, x, {{0.9, 2.2, -3.05}, {0.8, 2.38, -2.795}, {0.81, 2.142, -2.5655}});
  Sgd nesterov(listed({&y}), {.lr = 0.1, .momentum = 0.9, .nesterov = true});
  check_three_steps(nesterov, y, {{0.81, 2.38, -3.095}, {0.71, 2.542, -2.5655}, {0.819, 1.9278, -2.35895}});
}

// By hand: p -= lr · g / (√Σg² + eps).
BOOST_AUTO_TEST_CASE(three_steps_of_adagrad) {
  const Parameter x(tensor({3}, {1, 2, -3}));
  Adagrad opt(listed({&x}), {.lr = 0.1});
  std::vector<double> p = {1, 2, -3}, sums(3, 0.0);
  std::vector<std::vector<double>> after;
  for (const std::vector<double>& g : std::vector<std::vector<double>>{{1, -2, 0.5}, {0.1, 0, -3}, {-1, 4, 0}}) {
    for (std::size_t i = 0; i < 3; ++i) {
      sums[i] += g[i] * g[i];
      p[i] -= 0.1 * g[i] / (std::sqrt(sums[i]) + 1e-10);
    }
    after.push_back(p);
  }
  check_three_steps(opt, x, after);
}

// A lookup's gradient, and the same as a dense tensor.
template <class Opt, class Options>
void check_rows_equal_dense(const Options& options, bool exact) {
  const Parameter a(ones({4, 2})), b(ones({4, 2}));
  Opt rows(listed({&a}), options), dense(listed({&b}), options);
  for (const Ids& ids : {Ids{1, 3, 1}, Ids{0, 1, 1}, Ids{3, 3, 3}}) {
    const Tensor values = tensor({3, 2}, {1, -1, 0.5, 2, -0.25, 3});
    a.gradient() = GradientRows{ids, {values}, 4};
    b.gradient() = Gradient(a.gradient().dense());
    rows.step();
    dense.step();
  }
  check_close(a.value(), b.value(), exact ? 0.0 : 1e-6, exact ? 0.0 : 1e-6);
  check_close(a.value().rows(2, 1), {1, 1}, 0, options.weight_decay > 0.0 ? 1.0 : 0.0);
}

BOOST_AUTO_TEST_CASE(rows_give_what_the_dense_gradient_gives) {
  check_rows_equal_dense<Sgd>(SgdOptions{}, false);
  check_rows_equal_dense<Sgd>(SgdOptions{.momentum = 0.9, .weight_decay = 0.1}, true);
  check_rows_equal_dense<Adagrad>(AdagradOptions{.lr = 0.1}, false);
  check_rows_equal_dense<Adagrad>(AdagradOptions{.lr = 0.1, .weight_decay = 0.1}, true);
  check_rows_equal_dense<Adam>(AdamOptions{.lr = 0.1}, true);
  check_rows_equal_dense<AdamW>(AdamWOptions{.lr = 0.1, .weight_decay = 0.1}, true);
}

BOOST_AUTO_TEST_CASE(a_parameter_that_comes_late_is_corrected_from_its_own_first_step) {
  const Parameter early(ones({1, 1})), late(ones({1, 1}));
  Adam opt(listed({&early, &late}), {.lr = 0.1});
  give(early, {1});
  for (int i = 0; i < 9; ++i) opt.step();
  give(late, {1});
  opt.step();
  check_close(late.value(), {0.9});  // the size of a first step is lr
}

BOOST_AUTO_TEST_CASE(vectors_decay_when_told_so) {
  const Parameter x(tensor({3}, {1, 2, -3}));
  AdamW opt(listed({&x}), {.lr = 0.1, .weight_decay = 0.1, .decay_vectors = true});
  BOOST_CHECK(opt.decays(0));
  give(x, {1, -2, 0.5});
  opt.step();
  check_close(x.value(), {0.890000001, 2.08, -3.069999998});
}

BOOST_AUTO_TEST_CASE(a_restored_optimizer_goes_on_with_the_same_bits) {
  const Parameter a(ones({2, 2})), b(ones({2, 2}));
  Adam one(listed({&a}), {.lr = 0.1}), other(listed({&b}), {.lr = 0.1});
  give(a, {1, 2, 3, 4});
  one.step();
  b.writable().copy_from(a.value());
  other.restore(one.state());
  give(b, {1, 2, 3, 4});
  one.step();
  other.step();
  BOOST_CHECK(testing::same_bits(a.value(), b.value()));
  one.step();  // what was restored is a copy
  BOOST_CHECK(!testing::same_bits(one.state().tensors.at("exp_avg/p0"), other.state().tensors.at("exp_avg/p0")));
}

BOOST_AUTO_TEST_CASE(a_state_that_does_not_fit_is_refused_and_nothing_changes) {
  const Parameter a(ones({2, 2})), b(ones({2, 2}));
  Adam one(listed({&a}), {.lr = 0.1});
  Sgd sgd(listed({&b}), {.lr = 0.1, .momentum = 0.5});
  give(a, {1, 2, 3, 4});
  one.step();
  const auto refused = [](Optimizer& opt, const OptimizerState& state) {
    return error_text<ValueError>([&] { opt.restore(state); });
  };
  BOOST_CHECK_EQUAL(refused(sgd, one.state()), "[Sgd] the state is that of Adam");
  OptimizerState state = one.state();
  state.tensors["exp_avg_sq/p0"] = ones({3});
  BOOST_CHECK_EQUAL(refused(one, state), "[Adam] the state's exp_avg_sq/p0 has shape [3], expected [2, 2]");
  state = one.state();
  state.tensors.erase("exp_avg_sq/p0");
  BOOST_CHECK_EQUAL(refused(one, state), "[Adam] the state has no exp_avg_sq/p0");
  state = one.state();
  state.steps["elsewhere"] = 1;
  BOOST_CHECK_EQUAL(refused(one, state), "[Adam] the state has entries for parameters that are not here");
  state = one.state();
  state.steps["p0"] = 0;
  BOOST_CHECK_EQUAL(refused(one, state), "[Adam] the state of p0 has 0 steps");
  BOOST_CHECK(one.has_state(0));
}

BOOST_AUTO_TEST_CASE(a_vector_does_not_decay_D045) {
  const Parameter x(tensor({3}, {1, 2, -3}));
  AdamW opt(listed({&x}), {.lr = 0.1, .weight_decay = 0.1});
  check_three_steps(opt, x, adam_steps);
}

BOOST_AUTO_TEST_CASE(a_step_of_sgd_is_the_gradient_times_lr_with_decay_inside) {
  const Parameter x(tensor({2}, {1, -2}));
  Sgd opt(listed({&x}), {.lr = 0.1, .weight_decay = 0.5});
  give(x, {3, 4});
  opt.step();
  check_close(x.value(), {1 - 0.1 * (3 + 0.5), -2 - 0.1 * (4 - 1.0)});
  opt.set_lr(0);
  opt.step();
  check_close(x.value(), {0.65, -2.3});
}

BOOST_AUTO_TEST_CASE(rows_with_decay_touch_the_whole_table) {
  const Parameter x(ones({2, 1}));
  Sgd opt(listed({&x}), {.lr = 0.5, .weight_decay = 0.2});
  x.gradient() = GradientRows{Ids{1}, {tensor({1, 1}, {1})}, 2};
  opt.step();
  check_close(x.value(), {0.9, 0.4});
}

BOOST_AUTO_TEST_CASE(a_parameter_without_a_gradient_is_left_alone_D047) {
  const Parameter used(ones({1, 2})), q(tensor({1, 2}, {1, 2}));
  AdamW opt(listed({&used, &q}), {.lr = 0.1, .weight_decay = 0.1});
  give(used, {1, 1});
  opt.step();
  check_close(q.value(), {1, 2}, 0, 0);
  BOOST_CHECK(!opt.has_state(1));
  BOOST_CHECK(opt.has_state(0));
}

BOOST_AUTO_TEST_CASE(matrices_and_tables_decay_and_biases_and_norms_do_not_D048) {
  Rng rng(1);
  Transformer model({.vocab = 7, .context = 4, .dim = 6, .layers = 1, .heads = 2}, rng);
  const AdamW opt(named_parameters(model), {.weight_decay = 0.1});
  std::string decay, rest;
  for (std::size_t i = 0; i < opt.parameters().size(); ++i) {
    (opt.decays(i) ? decay : rest) += opt.parameters()[i].name + " ";
  }
  BOOST_CHECK_EQUAL(decay,
                    "wte.weight wpe.weight blocks.0.attn.qkv.weight blocks.0.attn.proj.weight blocks.0.mlp.up.weight "
                    "blocks.0.mlp.down.weight ");
  BOOST_CHECK_EQUAL(rest,
                    "blocks.0.ln_1.weight blocks.0.ln_1.bias blocks.0.attn.qkv.bias blocks.0.attn.proj.bias "
                    "blocks.0.ln_2.weight blocks.0.ln_2.bias blocks.0.mlp.up.bias blocks.0.mlp.down.bias ln_f.weight "
                    "ln_f.bias ");
}

BOOST_AUTO_TEST_CASE(zero_grad_forgets_every_gradient) {
  const Parameter a(ones({2})), b(ones({2, 1}));
  AdamW opt(listed({&a, &b}), {});
  give(a, {1, 1});
  b.gradient() = GradientRows{Ids{1}, {ones({1, 1})}, 2};
  opt.zero_grad();
  BOOST_CHECK(!a.grad().defined() && !b.grad().defined());
}

BOOST_AUTO_TEST_CASE(a_gradient_of_another_shape_is_refused_before_any_parameter_moves) {
  const Parameter a(ones({2})), b(ones({3, 1}));
  give(a, {1, 1});
  Adam opt(listed({&a, &b}), {.lr = 1});
  b.gradient() = Gradient(ones({3}));
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { opt.step(); }), "[Adam] p1 [3, 1]: its gradient has shape [3]");
  b.gradient() = GradientRows{Ids{0}, {ones({1, 2})}, 3};
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { opt.step(); }), "[Adam] p1 [3, 1]: its gradient has shape [3, 2]");
  check_close(a.value(), {1, 1}, 0, 0);
  BOOST_CHECK(!opt.has_state(0));
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense_are_refused) {
  const Parameter x(ones({1}));
  const auto adam = [&](const AdamWOptions& options) {
    return error_text<ValueError>([&] { AdamW(listed({&x}), options); });
  };
  BOOST_CHECK_EQUAL(adam({.lr = -1}), "[AdamW] lr = -1: expected a finite number, 0 or more");
  BOOST_CHECK_EQUAL(adam({.lr = nan}), "[AdamW] lr = nan: expected a finite number, 0 or more");
  BOOST_CHECK_EQUAL(adam({.beta1 = 1}), "[AdamW] beta1 = 1: expected a number in [0, 1)");
  BOOST_CHECK_EQUAL(adam({.beta2 = -0.1}), "[AdamW] beta2 = -0.1: expected a number in [0, 1)");
  BOOST_CHECK_EQUAL(adam({.eps = 0}), "[AdamW] eps = 0: expected a number above 0");
  BOOST_CHECK_EQUAL(adam({.weight_decay = inf}), "[AdamW] weight_decay = inf: expected a finite number, 0 or more");
  BOOST_CHECK_THROW(Sgd(listed({&x}), {.lr = inf}), ValueError);
  BOOST_CHECK_THROW(Sgd(listed({&x}), {.momentum = 1}), ValueError);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Sgd(listed({&x}), {.nesterov = true}); }),
                    "[Sgd] nesterov needs a momentum above 0");
  BOOST_CHECK_THROW(Adagrad(listed({&x}), {.eps = nan}), ValueError);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Adam(listed({&x})).set_lr(nan); }),
                    "[Adam] lr = nan: expected a finite number, 0 or more");
  BOOST_CHECK_THROW(Sgd(listed({&x}), {.weight_decay = -0.5}), ValueError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
