// refused.cpp: mistakes that must not compile. refused.py compiles this file once as it is, which has to work, and once
// for each branch marked `refused` with its macro set: the compiler has to refuse it, and to say what stands there.
#include <array>
#include <string_view>

#include "autograd/functions.hpp"
#include "nn/embedding.hpp"
#include "nn/linear.hpp"

using namespace lexigrad;

struct Product {  // y = a · b
  static constexpr std::string_view name = "product";
  Saved a{}, b{};
  Tensor forward(const Tensor& x, const Tensor& y) {
    a = x;
    b = y;
    return x * y;
  }
#if defined(NO_BACKWARD)                // refused: call to .apply.*Differentiable
#elif defined(ONE_GRADIENT_FOR_TWO)     // refused: call to .apply.*Differentiable
  Tensor backward(const Tensor& dy) const { return dy * b; }
#elif defined(THREE_GRADIENTS_FOR_TWO)  // refused: call to .apply.*Differentiable
  std::array<Tensor, 3> backward(const Tensor& dy) const { return {dy * b, dy * a, dy}; }
#else
  std::array<Tensor, 2> backward(const Tensor& dy) const { return {dy * b, dy * a}; }
#endif
};
Variable product(const Variable& a, const Variable& b) { return apply(Product{}, a, b); }

#if defined(A_TENSOR_TOO_FEW)  // refused: call to .apply.*Differentiable
Variable halved(const Variable& a) { return apply(Product{}, a); }
#endif

struct Pair {
  static constexpr std::string_view kind = "Pair";
  Embedding wte;
  Linear mix;
  int width = 8;
  explicit Pair(Rng& rng) : wte(10, 8, rng), mix(8, 8, rng) {}
  Variable operator()(const Ids& ids) const { return mix(wte(ids)); }
  static void members(auto& self, auto&& visit) {
    visit("wte", self.wte);
    visit("mix", self.mix);
#if defined(AN_INT_IN_MEMBERS)  // refused: members\(\) may list parameters
    visit("width", self.width);
#endif
  }
};
Index numbers(Pair& pair) { return parameter_count(pair); }

#if defined(A_MODEL_WITHOUT_MEMBERS)  // refused: call to .parameter_count.*Module
struct Bare {
  static constexpr std::string_view kind = "Bare";
};
Index numbers(Bare& bare) { return parameter_count(bare); }
#endif

#if defined(IDS_AS_NUMBERS)  // refused: call to .matmul
Tensor scores(const Ids& ids, const Tensor& table) { return matmul(ids, table); }
#elif defined(IDS_INTO_A_LAYER)    // refused: call to .*Linear
Variable mixed(const Pair& pair, const Ids& ids) { return pair.mix(ids); }
#elif defined(NUMBERS_AS_IDS)      // refused: call to .*Embedding
Variable looked_up(const Pair& pair, const Tensor& x) { return pair.wte(x); }
#elif defined(A_PARAMETER_COPIED)  // refused: deleted
Parameter twin(const Parameter& weight) { return weight; }
#else
Tensor scores(const Tensor& x, const Tensor& table) { return matmul(x, table); }
Variable looked_up(const Pair& pair, const Ids& ids) { return pair.mix(pair.wte(ids)); }
Parameter twin(const Parameter& weight) { return weight.share(); }
#endif
