// transformer.cpp: putting the parts together.
#include "nn/transformer.hpp"

#include <algorithm>
#include <cmath>

#include "autograd/mode.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

const TransformerOptions& checked(const TransformerOptions& o) {
  if (o.vocab >= 1 && o.context >= 1 && o.dim >= 1 && o.layers >= 0) return o;
  throw ValueError("Transformer",
                   "vocab {}, context {}, dim {}, layers {}: sizes must be at least 1, layers at least 0", o.vocab,
                   o.context, o.dim, o.layers);
}

}  // namespace

Transformer::Transformer(const TransformerOptions& o, Rng& rng)
    : options(checked(o)),
      wte(o.vocab, o.dim, rng, {.std = o.initializer_range}),
      wpe(o.context, o.dim, rng, {.std = o.initializer_range}),
      drop(o.dropout),
      ln_f(o.dim, o.layer_norm_epsilon),
      head(wte) {
  const double proj_std = o.initializer_range / std::sqrt(2.0 * static_cast<double>(std::max<Index>(o.layers, 1)));
  for (Index i = 0; i < o.layers; ++i) {
    blocks.emplace_back(o.dim, o.heads, o.dropout, proj_std, rng, o.initializer_range, o.layer_norm_epsilon);
  }
}

Variable Transformer::from_vectors(const Variable& tokens, Rng* rng) const {
  if (tokens.shape().rank() != 3) {
    throw ShapeError("Transformer", {operand("tokens", tokens.value())}, "expected [B, T, D] from ids [B, T]");
  }
  const Index length = tokens.dim(1);
  if (length > options.context) {
    throw ShapeError("Transformer", {operand("tokens", tokens.value())},
                     "{} positions are longer than the context of {}", length, options.context);
  }
  const Variable positions = length == options.context ? wpe.weight.variable() : rows(wpe.weight, 0, length);
  Variable h = drop(tokens + positions, rng);
  for (const Block& block : blocks) h = block(h, rng);
  return ln_f(h);
}

Tensor Transformer::next_token_probabilities(const Ids& ids) const {
  const NoGrad quiet;
  return softmax(head((*this)(ids)).value());
}

}  // namespace lexigrad::inline LEXIGRAD_NS
