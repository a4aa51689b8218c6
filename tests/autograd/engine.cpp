// engine.cpp: what backward walks, keeps and frees, and what it says when it is asked for the impossible.
// The derivative of each function is held in gradcheck_table.cpp.
#include <pthread.h>

#include "autograd/functions.hpp"
#include "support/compare.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

Variable leaf(const Shape& shape, const std::vector<double>& values) { return Variable(tensor(shape, values), true); }

// y = x, and an error when the gradient comes.
struct Broken {
  static constexpr std::string_view name = "broken";
  Saved x;
  Tensor forward(const Tensor& in) {
    x = in;
    return in.clone();
  }
  Tensor backward(const Tensor&) const { throw ValueError("inner", "no gradient today"); }
};

// Gives a gradient that is no gradient of its input.
struct Misshapen {
  static constexpr std::string_view name = "misshapen";
  Tensor forward(const Tensor& in) { return in.clone(); }
  Tensor backward(const Tensor&) const { return zeros({7}); }
};

// Gives rows, whatever its input is.
struct GivesRows {
  static constexpr std::string_view name = "gives_rows";
  GradientRows rows;
  Tensor forward(const Tensor& in) { return in.clone(); }
  Gradient backward(const Tensor&) const { return rows; }
};

struct GivesNothing {
  static constexpr std::string_view name = "gives_nothing";
  Tensor forward(const Tensor&) { return {}; }
  Tensor backward(const Tensor& dy) const { return dy; }
};

BOOST_AUTO_TEST_SUITE(engine)

BOOST_AUTO_TEST_CASE(a_value_used_twice_gathers_both_gradients_D031) {
  Variable x = leaf({}, {3});
  (x * x).backward();
  BOOST_CHECK_EQUAL(x.grad().dense().item(), 6);

  Variable a = leaf({}, {1});
  const Variable b = a + a, c = b + b;
  c.backward();
  BOOST_CHECK_EQUAL(a.grad().dense().item(), 4);

  Variable one = leaf({}, {1}), factor = leaf({}, {1});
  const Variable xa = one * factor;
  (one * xa + (one * one) * factor + one * xa).backward();
  BOOST_CHECK_EQUAL(one.grad().dense().item(), 6);
}

BOOST_AUTO_TEST_CASE(a_second_backward_is_an_error_that_names_keep_graph_D032) {
  const Variable x = leaf({}, {3});
  const Variable y = x * x;
  y.backward();
  BOOST_CHECK_EQUAL(
      error_text<StateError>([&] { y.backward(); }),
      "[mul] this graph was freed by an earlier backward(); the first one may be told {.keep_graph = true}");
  BOOST_CHECK_EQUAL(x.grad().dense().item(), 6);
}

BOOST_AUTO_TEST_CASE(a_kept_graph_runs_again_and_gradients_add_up_D032) {
  const Variable x = leaf({}, {3});
  const Variable y = x * x;
  y.backward({.keep_graph = true});
  y.backward();
  BOOST_CHECK_EQUAL(x.grad().dense().item(), 12);
  BOOST_CHECK_THROW(y.backward(), StateError);
}

BOOST_AUTO_TEST_CASE(a_part_that_was_freed_is_found_from_another_loss) {
  const Variable x = leaf({2}, {1, 2});
  const Variable shared = exp(x);
  const Variable first = sum(shared), second = sum(shared * shared);
  first.backward();
  BOOST_CHECK(error_text<StateError>([&] { second.backward(); }).starts_with("[exp] this graph was freed"));
}

BOOST_AUTO_TEST_CASE(a_chain_of_200000_additions_D033) {
  Variable x = leaf({}, {0});
  Variable y = x;
  for (int i = 0; i < 200000; ++i) y = y + 1.0;
  BOOST_CHECK_EQUAL(y.item(), 200000);
  y.backward();
  BOOST_CHECK_EQUAL(x.grad().dense().item(), 1);
}

struct ChainResult {
  double run = 0, kept = 0;
  bool freed = false;
};

void* long_chains(void* pointer) {
  auto& result = *static_cast<ChainResult*>(pointer);
  try {
    const auto chain = [](const Variable& x) {
      Variable y = x;
      for (int i = 0; i < 1000000; ++i) y = y * 1.0;
      return y;
    };
    const Variable x = leaf({}, {1});
    chain(x).backward();  // freed node by node
    result.run = static_cast<double>(x.grad().dense().item());
    chain(x).backward({.keep_graph = true});  // freed as one chain afterwards
    result.kept = static_cast<double>(x.grad().dense().item());
    (void)chain(x);  // freed without having run
    result.freed = true;
  } catch (...) {
  }
  return nullptr;
}

BOOST_AUTO_TEST_CASE(a_million_operations_need_no_stack) {
  pthread_attr_t small;
  BOOST_REQUIRE_EQUAL(pthread_attr_init(&small), 0);
  BOOST_REQUIRE_EQUAL(pthread_attr_setstacksize(&small, 256 << 10), 0);
  ChainResult result;
  pthread_t thread{};
  BOOST_REQUIRE_EQUAL(pthread_create(&thread, &small, long_chains, &result), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&small);
  BOOST_CHECK_EQUAL(result.run, 1);
  BOOST_CHECK_EQUAL(result.kept, 2);
  BOOST_CHECK(result.freed);
}

BOOST_AUTO_TEST_CASE(subgraphs_that_are_shared_run_once) {
  Variable x = leaf({}, {1});
  Variable y = x;
  for (int i = 0; i < 40; ++i) y = y + y;  // 2^40 paths, 40 nodes
  y.backward();
  BOOST_CHECK_EQUAL(static_cast<double>(x.grad().dense().item()), 0x1p40);
}

BOOST_AUTO_TEST_CASE(a_broadcast_gradient_keeps_the_shape_D034) {
  const Variable a = leaf({1}, {1}), b = leaf({1, 2}, {1, 1});
  sum(a * b).backward();
  check_close(a.grad().dense(), tensor({1}, {2}));
  check_close(b.grad().dense(), tensor({1, 2}, {1, 1}));
}

BOOST_AUTO_TEST_CASE(products_with_an_empty_side_D035) {
  const Variable a(ones({3, 4}), true), b(zeros({4, 0}), true);
  const Variable product = matmul(a, b), total = sum(product);
  BOOST_CHECK_EQUAL(to_string(product.shape()), "[3, 0]");
  BOOST_CHECK_EQUAL(total.item(), 0);
  total.backward();
  check_close(a.grad().dense(), zeros({3, 4}), 0, 0);
  BOOST_CHECK_EQUAL(to_string(b.grad().dense().shape()), "[4, 0]");
}

BOOST_AUTO_TEST_CASE(a_saved_value_that_was_written_to_is_an_error_that_names_the_op_D038) {
  const Variable x = leaf({3}, {0, 1, -2});
  const Variable y = exp(x), total = sum(y);
  Tensor value = y.value();
  value.mutable_data()[0] += 1;
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { total.backward(); }),
                    "[exp] a tensor of shape [3] that was saved for backward has been written to since");
  BOOST_CHECK(!x.grad().defined());

  const Variable untouched = leaf({3}, {0, 1, -2});
  sum(exp(untouched)).backward();
  check_close(untouched.grad().dense(), {1, 2.718281828, 0.1353352832});
}

BOOST_AUTO_TEST_CASE(a_condition_that_was_written_to_is_an_error_too) {
  Tensor condition = tensor({2}, {1, 0});
  const Variable a = leaf({2}, {1, 2}), b = leaf({2}, {3, 4});
  const Variable y = sum(where(condition, a, b));
  condition.fill(0.0);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { y.backward(); }),
                    "[where] a tensor of shape [2] that was saved for backward has been written to since");
}

BOOST_AUTO_TEST_CASE(nothing_is_recorded_under_no_grad_and_the_scope_restores_what_it_found) {
  const Variable x = leaf({2}, {1, 2});
  Variable y;
  {
    const NoGrad outer;
    {
      const NoGrad inner;
      BOOST_CHECK(!recording());
    }
    BOOST_CHECK(!recording());
    y = sum(x * x);
  }
  BOOST_CHECK(recording());
  BOOST_CHECK(!y.requires_grad());
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { y.backward(); }),
                    "[backward] nothing was recorded: no input wants a gradient, or it was computed under NoGrad");
}

BOOST_AUTO_TEST_CASE(constants_record_nothing_and_get_no_gradient) {
  const Variable constant(ones({2})), x = leaf({2}, {3, 4});
  BOOST_CHECK(!(constant * constant).requires_grad());
  sum(constant * x).backward();
  BOOST_CHECK(!constant.grad().defined());
  check_close(x.grad().dense(), {1, 1});
  const Variable cut = (x * x).detach();
  BOOST_CHECK(!cut.requires_grad());
}

BOOST_AUTO_TEST_CASE(backward_from_several_numbers_needs_a_gradient_to_start_from) {
  const Variable x = leaf({2}, {1, 2});
  const Variable y = x * x;
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { y.backward(); }),
                    "[backward] variable [2]: expected one number, or a gradient to start from");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { y.backward(zeros({3})); }),
                    "[backward] variable [2], gradient [3]: the shapes differ");
  y.backward(tensor({2}, {10, 100}));
  check_close(x.grad().dense(), {20, 400});
}

BOOST_AUTO_TEST_CASE(only_leaves_keep_a_gradient) {
  Variable x = leaf({}, {2});
  const Variable y = x * x;
  y.backward();
  BOOST_CHECK_EQUAL(
      error_text<StateError>([&] { (void)y.grad(); }),
      "[grad] only leaves keep their gradient; this variable was computed (retain_grad() makes it keep one)");
  x.zero_grad();
  BOOST_CHECK(!x.grad().defined());
  BOOST_CHECK(!Variable(ones({2})).grad().defined());
}

BOOST_AUTO_TEST_CASE(an_unnamed_parameter_among_named_ones_is_reported) {
  const Variable named(ones({2}), true, "wte.weight"), forgotten(ones({3, 2}), true);
  named.slot()->is_parameter = forgotten.slot()->is_parameter = true;
  const Variable loss = sum(named * forgotten);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { loss.backward(); }),
                    "[backward] a parameter of shape [3, 2] has no name while others have one: is it missing from "
                    "members()?");
  const Variable plain(ones({3, 2}), true);  // a leaf that is no parameter needs no name
  sum(named * plain).backward();
}

BOOST_AUTO_TEST_CASE(an_error_inside_backward_frees_the_graph_and_leaves_the_leaves) {
  const Variable x = leaf({2}, {1, 2});
  const Tensor saved = tensor({2}, {3, 4});
  const Variable loss = sum(exp(apply(Broken{}, x * Variable(saved))));
  BOOST_CHECK(!saved.unique());
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { loss.backward(); }), "[broken] no gradient today");
  check_close(x.value(), {1, 2}, 0, 0);
  BOOST_CHECK(!x.grad().defined());
  BOOST_CHECK(error_text<StateError>([&] { loss.backward(); }).find("this graph was freed") != std::string::npos);
  sum(x * x).backward();  // the next step is not disturbed
  check_close(x.grad().dense(), {2, 4});
}

BOOST_AUTO_TEST_CASE(a_gradient_that_does_not_fit_its_input_is_reported) {
  const Variable x = leaf({2}, {1, 2});
  const Variable loss = sum(apply(Misshapen{}, x));
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { loss.backward(); }),
                    "[misshapen] backward gave a gradient of shape [7] for an input of shape [2]");
}

BOOST_AUTO_TEST_CASE(rows_that_do_not_fit_their_table_are_reported) {
  const auto text = [](const Shape& shape, GradientRows rows) {
    const Variable x(zeros(shape), true);
    const Variable loss = sum(apply(GivesRows{std::move(rows)}, x));
    return error_text([&] { loss.backward(); });
  };
  const std::string start = "[gives_rows] ";
  BOOST_CHECK_EQUAL(text({4, 2}, {Ids{1}, {ones({1, 2})}, 5}),
                    start + "backward gave a gradient of shape [5, 2] for an input of shape [4, 2]");
  BOOST_CHECK_EQUAL(text({4, 2}, {Ids{1}, {ones({1, 3})}, 4}),
                    start + "backward gave a gradient of shape [4, 3] for an input of shape [4, 2]");
  BOOST_CHECK_EQUAL(text({4}, {Ids{1}, {ones({1, 2})}, 4}),
                    start + "backward gave a gradient of shape [4, 2] for an input of shape [4]");
  BOOST_CHECK_EQUAL(text({4, 2}, {Ids{1, 4}, {ones({2, 2})}, 4}),
                    start + "the gradient's id 4 at position [1] is outside the table of 4");
}

BOOST_AUTO_TEST_CASE(squared_differences_do_not_broadcast) {
  BOOST_CHECK_EQUAL(mse(tensor({2}, {1, 3}), tensor({2}, {0, 5})).item(), real{2.5});
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      mse(ones({2, 1}), ones({2}), Reduction::sum);
                    }),
                    "[mse] prediction [2, 1], target [2]: the shapes differ");
  BOOST_CHECK_THROW(mse(zeros({0}), zeros({0})), ShapeError);
}

BOOST_AUTO_TEST_CASE(undefined_tensors_and_variables_are_errors_that_name_the_op) {
  const std::string text = "it is undefined: there are no numbers in it";
  const Variable none, x = leaf({}, {1});
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { exp(none); }), "[exp] " + text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { sum(none); }), "[sum] " + text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { mse(none, none); }), "[sub] " + text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { x + none; }), "[add] " + text);
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { apply(GivesNothing{}, x); }),
                    "[gives_nothing] forward gave an undefined tensor");
  BOOST_CHECK_EQUAL(error_text<StateError>([&] { exp(x).backward(Tensor()); }),
                    "[backward] the gradient to start from is undefined");
}

BOOST_AUTO_TEST_CASE(errors_name_the_operands_by_their_slots) {
  const Variable x(zeros({8, 64, 128}), false, "x"), w(zeros({96, 384}), true, "blocks.3.qkv.weight");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { matmul(x, w); }),
                    "[matmul] x [8, 64, 128] @ blocks.3.qkv.weight [96, 384]: inner dimensions 128 and 96 differ");
}

BOOST_AUTO_TEST_CASE(gradients_of_two_leaves_never_share_a_buffer_that_is_written) {
  const Variable x = leaf({2}, {1, 2}), y = leaf({2}, {3, 4});
  sum(x + y).backward();  // both are handed the same dy
  sum(x * 10.0).backward();
  check_close(x.grad().dense(), {11, 11});
  check_close(y.grad().dense(), {1, 1});
}

BOOST_AUTO_TEST_CASE(a_leaf_has_its_gradient_alone_when_the_pass_is_over) {
  const auto alone = [](const Variable& leaf, const std::vector<double>& values) {
    BOOST_CHECK(leaf.grad().tensor().unique());
    check_close(leaf.grad().dense(), values);
  };
  Variable x = leaf({2}, {1, 2});
  const Variable y = leaf({2}, {3, 4});
  sum(x + y).backward();  // not that of another leaf
  alone(x, {1, 1});
  alone(y, {1, 1});
  Tensor given = tensor({2}, {5, 6});
  for (const Variable& from : {x, x + 1.0, reshape(x, Shape{2})}) {  // nor what the caller holds
    x.zero_grad();
    from.backward(given);
    alone(x, {5, 6});
  }
  Variable h = x + 1.0;
  h.retain_grad();
  h.backward(given);
  alone(x, {10, 12});
  given.fill(0.0);
  check_close(h.grad().dense(), {5, 6});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
