// kernels.hpp: rows of numbers for the tests of kernels.
#pragma once
#include <limits>
#include <vector>

#include "support/compare.hpp"
#include "tensor/kernels/kernels.hpp"

namespace lexigrad {

inline constexpr Index sizes[] = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 1000, 4097};
inline constexpr bool is_float = sizeof(real) == 4;
inline constexpr double inf = std::numeric_limits<double>::infinity();
inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

using Row = std::vector<real>;

inline Row numbers(Index count, std::uint64_t seed, double scale = 1) {
  Rng rng(seed);
  const RandomBlock block = rng.take(count);
  Row row;
  for (Index i = 0; i < count; ++i) row.push_back(static_cast<real>(scale * block.normal(i)));
  return row;
}

inline double d(real x) { return static_cast<double>(x); }

}  // namespace lexigrad
