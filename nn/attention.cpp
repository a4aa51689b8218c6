// attention.cpp: the check of widths against heads.
#include "nn/attention.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

Index checked_width(Index dim, Index heads) {
  if (dim < 1 || heads < 1 || dim % heads != 0) {
    throw ValueError("CausalSelfAttention", "{} heads do not divide the width {}", heads, dim);
  }
  return dim;
}

}  // namespace

CausalSelfAttention::CausalSelfAttention(Index dim, Index head_count, double dropout, double proj_std, Rng& rng,
                                         double std)
    : qkv(checked_width(dim, head_count), 3 * dim, rng, {.bias = true, .std = std}),
      proj(dim, dim, rng, {.bias = true, .std = proj_std}),
      drop(dropout),
      heads(head_count) {}

}  // namespace lexigrad::inline LEXIGRAD_NS
