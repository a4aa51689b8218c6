// watching.cpp: looking at a pass: gradients kept in the middle, hooks, anomalies, the picture of a graph.
#include <limits>

#include "autograd/functions.hpp"
#include "autograd/graph.hpp"
#include "support/compare.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Variable leaf(const Shape& shape, const std::vector<double>& values, const std::string& name = "") {
  return Variable(tensor(shape, values), true, name);
}

// y = 2x, with a backward that divides by zero.
struct Exploding {
  static constexpr std::string_view name = "exploding";
  Tensor forward(const Tensor& x) { return 2.0 * x; }
  Tensor backward(const Tensor& dy) const { return dy / zeros(dy.shape()); }
};

BOOST_AUTO_TEST_SUITE(watching)

BOOST_AUTO_TEST_CASE(a_variable_in_the_middle_keeps_its_gradient_when_asked) {
  const Variable x = leaf({2}, {1, 2});
  Variable h = x * x;
  h.retain_grad();
  const Variable y = sum(h * 3.0) + sum(h);
  y.backward({.keep_graph = true});
  check_close(h.grad().dense(), {4, 4});
  check_close(x.grad().dense(), {8, 16});
  y.backward();  // both add up, and the kept gradient does not leak into what is passed on
  check_close(h.grad().dense(), {8, 8});
  check_close(x.grad().dense(), {16, 32});
  h.zero_grad();
  BOOST_CHECK(!h.grad().defined());
  BOOST_CHECK_EQUAL(error_text<StateError>([] { Variable(tensor({1}, {1})).retain_grad(); }),
                    "[retain_grad] this variable wants no gradient");
}

BOOST_AUTO_TEST_CASE(a_hook_sees_the_complete_gradient_once_in_each_pass) {
  const Variable x = leaf({}, {3});
  std::vector<double> seen;
  x.register_hook([&](Gradient& g) { seen.push_back(static_cast<double>(g.dense().item())); });
  (x * x + x).backward();  // three contributions
  (x * 5.0).backward();
  BOOST_TEST(seen == (std::vector<double>{7, 5}), boost::test_tools::per_element());  // not 7 and 12
  BOOST_CHECK_EQUAL(x.grad().dense().item(), 12);
}

BOOST_AUTO_TEST_CASE(a_gradient_that_somebody_holds_is_not_written_over) {
  const Variable x = leaf({2, 3}, {1, -2, 3, 0.5, -1, 2});
  const Variable h = gelu(x), z = layer_norm(h), y = gelu(z);
  const Tensor from = tensor({2, 3}, {3, 1, 4, 1, 5, 9});
  Tensor at_h, at_z;
  std::vector<double> numbers_h, numbers_z;
  h.register_hook([&](Gradient& g) { numbers_h = testing::numbers(at_h = g.dense()); });
  z.register_hook([&](Gradient& g) { numbers_z = testing::numbers(at_z = g.dense()); });
  y.backward(from);
  check_close(from, {3, 1, 4, 1, 5, 9}, 0, 0);
  check_close(at_h, numbers_h, 0, 0);
  check_close(at_z, numbers_z, 0, 0);
}

BOOST_AUTO_TEST_CASE(a_hook_may_change_what_goes_on) {
  const Variable x = leaf({2}, {1, 2});
  const Variable h = x * 3.0;
  h.register_hook([](Gradient& g) { g.scale(10.0); });
  h.register_hook([](Gradient& g) { g = Gradient(g.dense() + 1.0); });  // in the order of their registration
  sum(h).backward();
  check_close(x.grad().dense(), {33, 33});
  BOOST_CHECK_EQUAL(error_text<StateError>([] { Variable(tensor({1}, {1})).register_hook([](Gradient&) {}); }),
                    "[register_hook] this variable wants no gradient");
}

BOOST_AUTO_TEST_CASE(an_error_in_a_hook_frees_the_graph) {
  const Tensor value = tensor({2}, {1, 2});
  {
    const Variable x(value, true);
    const Variable y = sum(x * x);
    x.register_hook([](Gradient&) { throw ValueError("hook", "not today"); });
    BOOST_CHECK_EQUAL(error_text<ValueError>([&] { y.backward(); }), "[hook] not today");
    BOOST_CHECK_THROW(y.backward(), StateError);
  }
  BOOST_CHECK(value.unique());
}

BOOST_AUTO_TEST_CASE(a_gradient_that_a_hook_clears_goes_no_further) {
  const Variable x = leaf({2}, {1, 2}), y = leaf({2}, {3, 4});
  const Variable h = x * x;
  h.register_hook([](Gradient& g) { g.clear(); });
  y.register_hook([](Gradient& g) { g.clear(); });
  sum(h + x + y).backward();
  check_close(x.grad().dense(), {1, 1});
  BOOST_CHECK(!y.grad().defined());
}

BOOST_AUTO_TEST_CASE(a_gradient_that_a_hook_makes_must_fit) {
  for (const bool in_the_middle : {true, false}) {
    const Variable x = leaf({2}, {1, 2});
    const Variable h = x * x;
    (in_the_middle ? h : x).register_hook([](Gradient& g) { g = Gradient(ones({3})); });
    const Variable y = sum(h);
    BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { y.backward(); }),
                      "[backward] a hook gave a gradient of shape [3] for an input of shape [2]");
  }
}

BOOST_AUTO_TEST_CASE(what_a_hook_runs_backward_adds_up) {
  for (const bool in_the_middle : {true, false}) {
    const Variable x = leaf({2}, {1, 2});
    const Variable h = x * x;
    const Variable y = sum(h);
    bool fail = false;
    (in_the_middle ? h : x).register_hook([&](Gradient&) {
      if (fail) throw ValueError("hook", "not today");
      y.backward({.keep_graph = true});
    });
    y.backward({.keep_graph = true});
    check_close(x.grad().dense(), {4, 8});  // twice
    fail = true;
    BOOST_CHECK_THROW(y.backward(), ValueError);
    if (!in_the_middle) BOOST_CHECK_THROW(sum(x * x).backward(), ValueError);  // it is called again in the next pass
  }
}

BOOST_AUTO_TEST_CASE(a_hook_sees_the_rows_of_a_lookup) {
  const Variable table = leaf({4, 1}, {1, 2, 3, 4});
  bool rows = false;
  table.register_hook([&](Gradient& g) { rows = g.is_rows(); });
  sum(embedding(table, Ids{1, 1})).backward();
  BOOST_CHECK(rows);
}

BOOST_AUTO_TEST_CASE(an_anomaly_is_named_where_it_begins) {
  const Variable x = leaf({2}, {-1, 2}, "speed");
  BOOST_CHECK(std::isnan(sum(log(x)).item()));  // nobody looks
  const DetectAnomaly detect;
  BOOST_CHECK_EQUAL(error_text<NonFiniteError>([&] { sum(log(x)); }),
                    "[log] result [2]: number 0 is NaN, and no input has one");
  const Variable bad(tensor({2}, {nan, 1}), true);
  BOOST_CHECK_NO_THROW(sum(bad * 2.0));  // came in with the input
  BOOST_CHECK_EQUAL(error_text<NonFiniteError>([] {
                      layer_norm(Variable(tensor({2}, {HUGE_VAL, 0})), Variable(), Variable());
                    }),
                    "[layer_norm] result [2]: number 0 is NaN, and no input has one");
  const Variable y = sum(apply(Exploding{}, x));
  BOOST_CHECK_EQUAL(error_text<NonFiniteError>([&] { y.backward(); }),
                    "[exploding] backward gave a gradient that is not finite to input 0 (speed)");
}

BOOST_AUTO_TEST_CASE(detecting_ends_with_its_scope) {
  BOOST_CHECK(!detecting_anomalies());
  {
    const DetectAnomaly outer;
    { const DetectAnomaly inner; }
    BOOST_CHECK(detecting_anomalies());
  }
  BOOST_CHECK(!detecting_anomalies());
}

BOOST_AUTO_TEST_CASE(the_graph_is_written_for_graphviz) {
  const Variable w = leaf({2, 1}, {1, 2}, "layer \"0\"");
  const Variable x(tensor({3, 2}, {1, 2, 3, 4, 5, 6}));
  const Variable h = matmul(x, w);
  BOOST_CHECK_EQUAL(to_dot(sum(h * h)),
                    "digraph recorded {\n"
                    "  rankdir=BT;\n"
                    "  n0 [label=\"sum\"];\n"
                    "  y [shape=plaintext];\n"
                    "  n0 -> y [label=\"[]\"];\n"
                    "  n1 [label=\"mul\"];\n"
                    "  n1 -> n0 [label=\"[3, 1]\"];\n"
                    "  n2 [label=\"matmul\"];\n"
                    "  n2 -> n1 [label=\"[3, 1]\"];\n"
                    "  n2 -> n1 [label=\"[3, 1]\"];\n"
                    "  n3 [shape=box, label=\"layer \\\"0\\\" [2, 1]\"];\n"
                    "  n3 -> n2 [label=\"[2, 1]\"];\n"
                    "}\n");
  BOOST_CHECK_EQUAL(to_dot(x), "digraph recorded {\n  rankdir=BT;\n}\n");
}

BOOST_AUTO_TEST_CASE(a_graph_of_many_operations_is_drawn_without_a_deep_stack) {
  Variable y = leaf({}, {1});
  for (int i = 0; i < 20000; ++i) y = y + 1.0;
  BOOST_CHECK_GT(to_dot(y).size(), 20000U * 20U);
}

// The gradient of a maximum goes to one of the greatest: the first.
BOOST_AUTO_TEST_CASE(ties_in_max_share_one_gradient_D036_D037) {
  const Variable x = leaf({3}, {2, 2, 1});
  max(x).backward();
  check_close(x.grad().dense(), {1, 0, 0});
  const Variable ones_4x3(ones({4, 3}), true);
  sum(max(ones_4x3, 0)).backward();
  check_close(sum(ones_4x3.grad().dense(), 0), {1, 1, 1});
}

BOOST_AUTO_TEST_CASE(slopes_at_the_corners) {
  const Variable x = leaf({6}, {-2, -1, 0, 1, 2, nan});
  sum(clamp(x, -1, 1)).backward();
  check_close(x.grad().dense(), {0, 1, 1, 1, 0, 1});
  Variable a = leaf({4}, {-3, 0, 2, nan});
  sum(abs(a)).backward();
  check_close(a.grad().dense(), {-1, 0, 1, nan});
  Variable p = leaf({2}, {0, 3});
  sum(pow(p, 0.0)).backward();
  check_close(p.grad().dense(), {0, 0});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
