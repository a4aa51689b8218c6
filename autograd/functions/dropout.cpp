// dropout.cpp: the derivative of dropout is dropout with the same mask, made again from (seed, stream, position).
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct DropoutOp {
  static constexpr std::string_view name = "dropout";
  double p;
  RandomBlock block;
  Tensor forward(const Tensor& x) { return dropout(x, p, block); }
  Tensor backward(const Tensor& dy) const { return dropout(dy, p, block); }
};

}  // namespace

Variable dropout(const Variable& x, double p, Rng& rng) { return apply(DropoutOp{p, rng.take(x.value().size())}, x); }

}  // namespace lexigrad::inline LEXIGRAD_NS
