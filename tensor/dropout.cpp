// dropout.cpp: the mask is a function of (seed, stream, position), so it is made again in backward, never kept.

#include "tensor/create.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

Tensor dropout(const Tensor& x, double p, const RandomBlock& block) {
  if (!(p >= 0.0 && p <= 1.0)) throw ValueError("dropout", "p = {} is not in [0, 1]", p);
  if (p == 1.0) return zeros(x.shape());
  const real kept = static_cast<real>(1.0 / (1.0 - p));
  Tensor result(x.shape());
  const real* in = x.data();
  real* out = result.mutable_data();
  parallel_for_each((x.size() + 1) / 2, 1024, [&](Index pair) {
    const auto [first, second] = block.uniform_pair(pair);
    const Index i = 2 * pair;
    out[i] = first >= p ? in[i] * kept : real{0};
    if (i + 1 < x.size()) out[i + 1] = second >= p ? in[i + 1] * kept : real{0};
  });
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
