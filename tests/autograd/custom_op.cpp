// custom_op.cpp: an op of one's own is one struct, as the design and autograd/op.hpp show it; what does not fit the
// shape of an op does not compile.
#include <tuple>

#include "autograd/functions.hpp"
#include "autograd/gradcheck.hpp"
#include "support/compare.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::sample;

struct Silu {  // y = x · σ(x)
  static constexpr std::string_view name = "silu";
  Saved x, gate;
  Tensor forward(const Tensor& in) {
    Tensor s = sigmoid(in);
    x = in;
    gate = s;
    return in * s;
  }
  Tensor backward(const Tensor& dy) const { return dy * gate * (1.0 + x * (1.0 - gate)); }
};
Variable silu(const Variable& x) { return apply(Silu{}, x); }

struct Square {  // y = x²
  static constexpr std::string_view name = "square";
  Saved x;
  Tensor forward(const Tensor& in) {
    x = in;
    return in * in;
  }
  Tensor backward(const Tensor& dy) const { return 2.0 * dy * x; }
};
Variable square(const Variable& x) { return apply(Square{}, x); }

struct WrongSlope : Square {
  Tensor backward(const Tensor& dy) const { return 2.1 * dy * x; }
};

// y = a · b + c, gradients in a tuple, and a count of how often each was wanted
struct MulAdd {
  static constexpr std::string_view name = "mul_add";
  int* products;
  Saved a, b;
  Tensor forward(const Tensor& x, const Tensor& y, const Tensor& z) {
    a = x;
    b = y;
    return x * y + z;
  }
  std::tuple<Tensor, Tensor, Tensor> backward(const Tensor& dy, Needs needs) const {
    Tensor da, db;
    if (needs[0]) da = dy * b;
    if (needs[1]) db = dy * a;
    *products += (needs[0] ? 1 : 0) + (needs[1] ? 1 : 0);
    return {da, db, dy};
  }
};

struct NoBackward {
  static constexpr std::string_view name = "no_backward";
  Tensor forward(const Tensor& in) { return in; }
};
struct NoForward {
  static constexpr std::string_view name = "no_forward";
  Tensor backward(const Tensor& dy) const { return dy; }
};
struct NoName {
  Tensor forward(const Tensor& in) { return in; }
  Tensor backward(const Tensor& dy) const { return dy; }
};
struct OneForTwo {
  static constexpr std::string_view name = "one_for_two";
  Tensor forward(const Tensor& a, const Tensor& b) { return a + b; }
  Tensor backward(const Tensor& dy) const { return dy; }
};
struct ThreeForTwo : OneForTwo {
  std::array<Gradient, 3> backward(const Tensor& dy) const { return {dy, dy, dy}; }
};
struct TwoForTwo : OneForTwo {
  std::array<Gradient, 2> backward(const Tensor& dy) const { return {dy, dy}; }
};
struct ReturnsNumber {
  static constexpr std::string_view name = "returns_number";
  Tensor forward(const Tensor& in) { return in; }
  double backward(const Tensor&) const { return 1.0; }
};

static_assert(Differentiable<Silu, 1> && Differentiable<Square, 1> && Differentiable<TwoForTwo, 2>);
static_assert(Differentiable<MulAdd, 3>);
static_assert(!Differentiable<NoBackward, 1> && !Differentiable<NoForward, 1> && !Differentiable<NoName, 1>);
static_assert(!Differentiable<OneForTwo, 2> && !Differentiable<ThreeForTwo, 2> && !Differentiable<ReturnsNumber, 1>);
static_assert(!Differentiable<Square, 2> && !Differentiable<TwoForTwo, 1> && !Differentiable<TwoForTwo, 3>);

template <class Op>
concept CanBeApplied = requires(const Variable& x) {
  apply(Op{}, x);
};
static_assert(CanBeApplied<Square> && !CanBeApplied<NoBackward> && !CanBeApplied<OneForTwo>);

GradcheckResult checked(const VariableFunction& f, const std::vector<Tensor>& inputs) {
  return gradcheck(f, inputs,
                   sizeof(real) == 8 ? GradcheckOptions{} : GradcheckOptions{.step = 1e-2, .tolerance = 1e-2});
}

BOOST_AUTO_TEST_SUITE(custom_op)

BOOST_AUTO_TEST_CASE(the_silu_of_the_design_has_its_value_and_gradient) {
  check_close(silu(Variable(tensor({3}, {-1, 0, 2}))).value(), {-0.2689414214, 0, 1.761594156});
  const GradcheckResult result = checked([](const auto& in) { return silu(in[0]); }, {sample({3, 4})});
  BOOST_CHECK_MESSAGE(result.ok, result.message);
}

BOOST_AUTO_TEST_CASE(the_square_of_the_header_has_its_value_and_gradient) {
  const GradcheckResult result = checked([](const auto& in) { return square(in[0]); }, {sample({3, 4})});
  BOOST_CHECK_MESSAGE(result.ok, result.message);
}

BOOST_AUTO_TEST_CASE(a_wrong_slope_is_found) {
  const GradcheckResult result = checked([](const auto& in) { return apply(WrongSlope{}, in[0]); }, {sample({3, 4})});
  BOOST_CHECK(!result.ok);
  BOOST_CHECK_GT(result.worst, 1e-3);
  BOOST_CHECK(result.message.find("input 0, number") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_slope_of_nan_is_told_where_it_is) {
  const GradcheckResult result =
      checked([](const auto& in) { return apply(WrongSlope{}, in[0]) * sqrt(in[0]); }, {tensor({2}, {-1, 4})});
  BOOST_CHECK(!result.ok && std::isnan(result.worst));
  BOOST_CHECK(result.message.starts_with("input 0, number 0: backward says "));
}

BOOST_AUTO_TEST_CASE(an_op_with_several_inputs_leaves_out_what_nobody_wants) {
  int products = 0;
  const Variable a(sample({2, 3}, 1), true), b(sample({2, 3}, 2)), c(sample({3}, 3), true);
  sum(apply(MulAdd{&products, {}, {}}, a, b, c)).backward();
  BOOST_CHECK_EQUAL(products, 1);
  check_close(a.grad().dense(), b.value());
  check_close(c.grad().dense(), {2, 2, 2});  // repeated over rows: summed back by the engine
  const GradcheckResult result = checked(
      [&](const auto& in) {
        return apply(MulAdd{&products, {}, {}}, in[0], in[1], in[2]);
      },
      {sample({2, 3}, 1), sample({2, 3}, 2), sample({3}, 3)});
  BOOST_CHECK_MESSAGE(result.ok, result.message);
}

BOOST_AUTO_TEST_CASE(what_an_op_saved_is_freed_with_its_graph) {
  const Tensor value = sample({4});
  {
    const Variable x(value.clone(), true);
    const Tensor watched = x.value();
    {
      const Variable y = square(x);
      BOOST_CHECK(!watched.unique());
    }
  }
  Variable x(value, true);
  const Variable loss = sum(square(x));
  loss.backward();
  x = Variable();
  BOOST_CHECK(value.unique());  // backward dropped what square had saved, though `loss` still lives
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
