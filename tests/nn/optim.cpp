// optim.cpp: steps of SGD and AdamW by the shared cases and what decays. Adam with L2 (half of D045) and
// momentum (D046) are not offered.
#include <limits>

#include "nn/optim.hpp"
#include "nn/transformer.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

NamedParameters listed(const std::vector<const Parameter*>& parameters) {
  NamedParameters list;
  for (const Parameter* p : parameters) list.push_back({fmt::format("p{}", list.size()), p->share(), {}});
  return list;
}

void give(const Parameter& p, const std::vector<double>& gradient) {
  p.gradient() = Gradient(tensor(p.shape(), gradient));
}

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
  BOOST_CHECK_EQUAL(opt.steps(), 3);
}

BOOST_AUTO_TEST_CASE(three_steps_of_adamw_D045) {
  const Parameter x(tensor({1, 3}, {1, 2, -3}));
  AdamW opt(listed({&x}), {.lr = 0.1, .weight_decay = 0.1});
  check_three_steps(opt, x,
                    {{0.890000001, 2.08, -3.069999998},
                     {0.8070189378, 2.126205824, -2.976908132},
                     {0.8034568455, 2.070940319, -2.898909957}});
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
  x.gradient() = GradientRows{Ids{1}, tensor({1, 1}, {1}), 2};
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
  b.gradient() = GradientRows{Ids{1}, ones({1, 1}), 2};
  opt.zero_grad();
  BOOST_CHECK(!a.grad().defined() && !b.grad().defined());
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
  BOOST_CHECK_THROW(Sgd(listed({&x}), {.weight_decay = -0.5}), ValueError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
