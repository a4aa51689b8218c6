// main.cpp of custom_op: an operation of one's own, in one struct: how it is written, checked and used.
//
// The operation is the soft cap on logits of Gemma 2 (Gemma Team 2024): no logit grows beyond ± cap, and the slope
// never quite vanishes. Derivatives are checked by gradcheck. In float differences are coarse; the tests compile this
// file once more, with double, where the two agree to 1e-7. Read next: autograd/op.hpp.
#include <cmath>

#include <fmt/core.h>

#include "autograd/functions.hpp"
#include "autograd/gradcheck.hpp"
#include "output.hpp"
#include "tensor/create.hpp"
#include "tensor/format.hpp"

using namespace lexigrad;

struct Softcap {  // y = c · tanh(x / c), and dx = dy · (1 - (y / c)²)
  static constexpr std::string_view name = "softcap";
  double cap;  // an option is a member, set when the operation is made
  Saved y{};   // what backward will need: here the result alone, so x can be freed
  Tensor forward(const Tensor& x) {
    Tensor result = cap * tanh(x / cap);
    y = result;
    return result;
  }
  Tensor backward(const Tensor& dy) const { return dy * (1.0 - y * y / (cap * cap)); }
};
Variable softcap(const Variable& x, double cap) { return apply(Softcap{cap}, x); }

struct Mistaken : Softcap {  // the square was forgotten
  Tensor backward(const Tensor& dy) const { return dy * (1.0 - y / cap); }
};

// The derivative against (f(x + h) - f(x - h)) / 2h, number by number.
bool agrees(std::string_view what, const VariableFunction& f) {
  const bool exact = sizeof(real) == 8;
  const GradcheckOptions options = exact ? GradcheckOptions{} : GradcheckOptions{.step = 1e-2, .tolerance = 1e-3};
  const GradcheckResult result = gradcheck(f, {tensor({2, 3}, {-6, -2, -0.5, 0.25, 1, 4})}, options);
  fmt::print("{:<9} {}\n", what, result.ok ? "agrees with differences" : "does not agree with differences");
  return result.ok;
}

// Descent that only ever wants class 0: without a cap its logit grows for ever.
double greatest_logit(bool capped) {
  Variable x(zeros({1, 3}), true);
  const auto logits = [&] { return capped ? softcap(x, 3.0) : x; };
  for (int step = 0; step < 200; ++step) {
    x.zero_grad();
    cross_entropy(logits(), Ids{0}).backward();
    Tensor numbers = x.value();  // the same buffer
    add_into(numbers, x.grad().dense(), -5.0);
  }
  return static_cast<double>(logits().value()(0, 0));
}

int body() {
  const Variable x(tensor({5}, {-100, -2, 0, 2, 100}));
  fmt::print("x         {:.2}\nsoftcap   {:.2}\n\n", x.value(), softcap(x, 3.0).value());

  const bool right = agrees("softcap", [](const auto& in) { return softcap(in[0], 3.0); });
  const bool wrong = agrees("mistaken", [](const auto& in) { return apply(Mistaken{{3.0}}, in[0]); });

  const double free = greatest_logit(false), capped = greatest_logit(true);
  fmt::print("\nthe greatest logit after training: {:.1f} without, {:.1f} with a cap of 3\n", free, capped);
  return right && !wrong && free > 3.0 && capped <= 3.0 ? 0 : 1;
}

int main(int argc, char** argv) { return cli::run_plain(argc, argv, "custom_op", body); }
