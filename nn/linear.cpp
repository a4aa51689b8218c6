// linear.cpp: making the weight.
#include "nn/linear.hpp"

#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

Tensor drawn_weight(Index in, Index out, Rng& rng, const LinearOptions& options) {
  if (in < 1 || out < 1) throw ValueError("Linear", "{} inputs, {} outputs: both must be at least 1", in, out);
  return normal({out, in}, rng, 0.0, options.std);
}

}  // namespace

Linear::Linear(Index in, Index out, Rng& rng, LinearOptions options) : weight(drawn_weight(in, out, rng, options)) {
  if (options.bias) bias.emplace(zeros({out}));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
