// module.cpp: what the walk over members() finds: names, counts, ties, optional and repeated parts; and what it does
// not find, which backward then does.
#include <array>

#include "nn/dropout.hpp"
#include "nn/layer_norm.hpp"
#include "nn/linear.hpp"
#include "nn/optim.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;
using testing::TiedPair;

struct Parts {
  static constexpr std::string_view kind = "Parts";
  Linear first;
  std::vector<Linear> many;
  std::array<Linear, 2> two;
  std::optional<Linear> maybe;
  explicit Parts(Rng& rng)
      : first(2, 3, rng), two{Linear(2, 2, rng, {.bias = false}), Linear(2, 2, rng, {.bias = false})} {}
  static void members(auto& self, auto&& visit) {
    visit("first", self.first);
    visit("many", self.many);
    visit("two", self.two);
    visit("maybe", self.maybe);
  }
};

struct Forgetful {
  static constexpr std::string_view kind = "Forgetful";
  Linear listed, forgotten;
  explicit Forgetful(Rng& rng) : listed(2, 3, rng), forgotten(3, 4, rng, {.bias = false}) {}
  Variable operator()(const Variable& x) const { return forgotten(listed(x)); }
  static void members(auto& self, auto&& visit) { visit("listed", self.listed); }
};

struct NotAModule {
  Parameter weight;
};

struct OneNameTwice {
  static constexpr std::string_view kind = "OneNameTwice";
  Parameter first{zeros({2})}, second{zeros({2})};
  static void members(auto& self, auto&& visit) {
    visit("a", self.first);
    visit("a", self.second);
  }
};

static_assert(Module<Linear> && Module<Parts> && Module<TiedPair>);
static_assert(!Module<int> && !Module<Parameter> && !Module<NotAModule> && !Module<std::vector<Linear>>);
static_assert(std::is_move_constructible_v<Parameter> && !std::is_copy_constructible_v<Parameter>);
static_assert(!std::is_copy_assignable_v<Parameter> && !std::is_copy_constructible_v<Linear>);

std::string names(const NamedParameters& parameters) {
  std::string text;
  for (const NamedParameter& p : parameters) text += p.name + " ";
  return text;
}

BOOST_AUTO_TEST_SUITE(module)

BOOST_AUTO_TEST_CASE(names_follow_the_members_in_their_order) {
  Rng rng(1);
  Parts parts(rng);
  BOOST_CHECK_EQUAL(names(named_parameters(parts)), "first.weight first.bias two.0.weight two.1.weight ");
  parts.many.emplace_back(1, 1, rng);
  parts.many.emplace_back(1, 1, rng, LinearOptions{.bias = false});
  parts.maybe.emplace(1, 1, rng, LinearOptions{.bias = false});
  BOOST_CHECK_EQUAL(names(named_parameters(parts)),
                    "first.weight first.bias many.0.weight many.0.bias many.1.weight two.0.weight two.1.weight "
                    "maybe.weight ");
  BOOST_CHECK_EQUAL(parts.first.weight.name(), "first.weight");
}

BOOST_AUTO_TEST_CASE(two_parameters_of_one_name_are_refused) {
  OneNameTwice module;
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { named_parameters(module); }),
                    "[named_parameters] two parameters are called a");
}

BOOST_AUTO_TEST_CASE(modules_are_visited_with_their_names_and_kinds) {
  Rng rng(1);
  Parts parts(rng);
  std::string seen;
  walk(
      parts, [](const std::string&, auto&) {},
      [&](const std::string& name, auto& m) {
        seen += fmt::format("{}:{} ", name, std::remove_cvref_t<decltype(m)>::kind);
      });
  BOOST_CHECK_EQUAL(seen, ":Parts first:Linear two.0:Linear two.1:Linear ");
}

BOOST_AUTO_TEST_CASE(a_tied_weight_is_counted_once) {
  TiedPair model(sample({5, 3}));
  const NamedParameters parameters = named_parameters(model);
  BOOST_REQUIRE_EQUAL(parameters.size(), 1U);
  BOOST_CHECK_EQUAL(parameters[0].name, "wte.weight");
  BOOST_CHECK((parameters[0].ties == std::vector<std::string>{"head.weight"}));
  BOOST_CHECK_EQUAL(parameter_count(model), 15);
  BOOST_CHECK(model.wte.weight.is_shared_with(model.head.weight));
  BOOST_CHECK(model.wte.weight.value().shares_buffer_with(model.head.weight.value()));
}

BOOST_AUTO_TEST_CASE(a_forgotten_member_is_found_by_backward) {
  Rng rng(1);
  Forgetful model(rng);
  sum(model(Variable(ones({1, 2})))).backward();  // nothing has a name yet: nothing to compare with
  (void)named_parameters(model);
  const Variable loss = sum(model(Variable(ones({1, 2}))));
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { loss.backward(); }),
                    "[backward] a parameter of shape [4, 3] has no name while others have one: is it missing from "
                    "members()?");
}

BOOST_AUTO_TEST_CASE(an_optimizer_follows_modules_that_move) {
  Rng rng(1);
  Parts parts(rng);
  parts.many.emplace_back(1, 1, rng);
  Sgd opt(named_parameters(parts), {.lr = 1});
  for (int i = 0; i < 20; ++i) parts.many.emplace_back(1, 1, rng);  // the vector grows: its modules move
  Parts moved = std::move(parts);
  const double before = static_cast<double>(moved.many[0].weight.value().item());
  sum(moved.many[0](Variable(ones({1, 1})))).backward();
  opt.step();
  BOOST_CHECK_CLOSE(static_cast<double>(moved.many[0].weight.value().item()), before - 1, 1e-4);
}

BOOST_AUTO_TEST_CASE(frozen_parameters_are_left_out_of_the_trainable_count_and_get_no_gradient) {
  Rng rng(1);
  Parts parts(rng);
  const Index all = parameter_count(parts);
  BOOST_CHECK_EQUAL(all, 6 + 3 + 4 + 4);
  freeze(parts.first);
  BOOST_CHECK_EQUAL(parameter_count(parts), all);
  BOOST_CHECK_EQUAL(parameter_count(parts, true), 8);
  const Variable y = parts.first(Variable(ones({1, 2})));
  BOOST_CHECK(!y.requires_grad());
  thaw(parts.first);
  BOOST_CHECK_EQUAL(parameter_count(parts, true), all);
  sum(parts.first(Variable(ones({1, 2})))).backward();
  BOOST_CHECK(parts.first.weight.grad().defined());
}

BOOST_AUTO_TEST_CASE(values_are_copied_between_models_of_one_structure) {
  Rng rng(1);
  Parts from(rng), to(rng);
  BOOST_CHECK(!testing::same_bits(from.first.weight.value(), to.first.weight.value()));
  const void* buffer = to.first.weight.value().buffer();
  copy_values(from, to);
  check_close(to.first.weight.value(), from.first.weight.value(), 0, 0);
  BOOST_CHECK(to.first.weight.value().buffer() == buffer);  // written into, not replaced
}

BOOST_AUTO_TEST_CASE(values_are_not_copied_between_different_models) {
  Rng rng(1);
  Linear narrow(2, 3, rng), wide(2, 4, rng), bare(2, 3, rng, {.bias = false});
  const Tensor before = wide.weight.value().clone();
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { copy_values(narrow, wide); }),
                    "[copy_values] weight [3, 2] does not match weight [4, 2]");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { copy_values(narrow, bare); }), "[copy_values] 2 parameters against 1");
  check_close(wide.weight.value(), before, 0, 0);
}

BOOST_AUTO_TEST_CASE(a_linear_layer_checks_its_sizes_and_starts_with_a_bias_of_zero) {
  Rng rng(1);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Linear(0, 3, rng); }),
                    "[Linear] 0 inputs, 3 outputs: both must be at least 1");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Linear(2, 3, rng, {.std = -1}); }),
                    "[normal] std = -1 must be 0 or more");
  Linear layer(300, 200, rng);
  check_close(layer.bias->value(), zeros({200}), 0, 0);
  const double spread = std::sqrt(sum_squares(layer.weight.value()) / 60000);
  BOOST_CHECK_SMALL(spread - 0.02, 4 * 0.02 / std::sqrt(2 * 60000.0));
  BOOST_CHECK(!Linear(2, 2, rng, {.bias = false}).bias.has_value());
}

BOOST_AUTO_TEST_CASE(a_layer_norm_checks_its_width_with_and_without_parameters) {
  BOOST_CHECK_EQUAL(error_text<ValueError>([] { LayerNorm(0, 1e-5, false); }),
                    "[LayerNorm] width 0, eps 1e-05: expected 1 or more, and 0 or more");
  for (const double wrong : {-1.0, HUGE_VAL, std::nan("")}) BOOST_CHECK_THROW(LayerNorm(4, wrong), ValueError);
  for (const bool affine : {true, false}) {
    BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                        LayerNorm(4, 1e-5, affine)(Variable(ones({2, 3})));
                      }),
                      "[LayerNorm] x [2, 3]: expected [.., 4]");
    BOOST_CHECK_EQUAL(LayerNorm(4, 1e-5, affine)(Variable(ones({2, 4}))).dim(1), 4);
  }
}

// A model whose dropout takes everything away: what is dropped shows at once.
struct Dropping {
  static constexpr std::string_view kind = "Dropping";
  std::vector<Dropout> drops;
  Dropping() {
    for (int i = 0; i < 2; ++i) drops.emplace_back(1.0);
  }
  double operator()(Rng& rng) const {
    return static_cast<double>(sum(drops[0](Variable(ones({2})), &rng) + drops[1](Variable(ones({2})), &rng)).item());
  }
  static void members(auto& self, auto&& visit) { visit("drops", self.drops); }
};

BOOST_AUTO_TEST_CASE(eval_drops_nothing_and_the_scope_restores_what_it_found) {
  Dropping model;
  Rng rng(1);
  BOOST_CHECK_EQUAL(model(rng), 0);
  model.drops[1].training = false;
  {
    const EvalScope quiet(model);
    BOOST_CHECK_EQUAL(model(rng), 4);
    { const EvalScope inner(model); }
    BOOST_CHECK_EQUAL(model(rng), 4);
  }
  BOOST_CHECK_EQUAL(model(rng), 2);
  eval(model);
  BOOST_CHECK_EQUAL(model(rng), 4);
  train(model);
  BOOST_CHECK_EQUAL(model(rng), 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
