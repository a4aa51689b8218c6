// check_op.cpp: the derivative of one's own operation against central differences, with double: linked with
// lexigrad_f64. A right one agrees to 1e-7, a wrong one is found.
#include <fmt/core.h>

#include "autograd/gradcheck.hpp"
#include "rms_norm.hpp"
#include "tensor/create.hpp"

using namespace lexigrad;

static_assert(sizeof(real) == 8, "the dependency lexigrad_f64 brings the define that makes real a double");

namespace {

struct Forgetful : mine::RmsNorm {  // its derivative takes r for a constant
  std::array<Gradient, 2> backward(const Tensor& dy, Needs) const { return {r * dy * gain, dy * x * r}; }
};

bool agrees(const VariableFunction& f) {
  Rng rng(7);
  const GradcheckResult result =
      gradcheck(f, {normal({2, 3, 5}, rng), normal({5}, rng, 1.0, 0.5)}, {.tolerance = 1e-7});
  fmt::print("{}, at worst {:.1e}\n", result.ok ? "agrees" : "differs", result.worst);
  return result.ok;
}

}  // namespace

int main() {
  const bool right = agrees([](const auto& in) { return mine::rms_norm(in[0], in[1]); });
  const bool wrong = agrees([](const auto& in) { return apply(Forgetful{}, in[0], in[1]); });
  return right && !wrong ? 0 : 1;
}
