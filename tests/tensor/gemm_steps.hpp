// gemm_steps.hpp: the matrix product in four steps, from three loops to what the library does: one step a function.
//
// For readers of tensor/README.md, which says what limits each step and what the next one changes. One thread, no
// transposes, C = A · B with A [m, k], B [k, n], C [m, n] row-major; the library's own is tensor/gemm.cpp. Compiled for
// each instruction set, as the kernels are.
#pragma once
#include <span>
#include <string_view>

#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace gemm_steps {

/// c[m, n] = a[m, k] · b[k, n]
struct Product {
  Index m, n, k;
  const real* a;
  const real* b;
  real* c;
};

/// One of the functions.
struct Step {
  const char* name;
  void (*product)(const Product& x, real* memory);  ///< `memory`: room for packed_memory numbers, aligned or not
};

/// Sizes of the blocks of `packed`: b_block · depth numbers of B, a_block · depth of A.
constexpr Index depth_block = 256, a_block = 96, b_block = 1024;
constexpr Index packed_memory = (a_block + b_block) * depth_block;

constexpr Index step_count = 4;
#if defined(LEXIGRAD_HAVE_V3)
extern const Step steps_baseline[step_count], steps_v3[step_count], steps_v4[step_count];
#else
extern const Step steps_portable[step_count];
#endif

/// The steps as compiled for an instruction set, "v3" say.
inline std::span<const Step> steps_of([[maybe_unused]] std::string_view isa) {
#if defined(LEXIGRAD_HAVE_V3)
  return isa == "v4" ? steps_v4 : isa == "v3" ? steps_v3 : steps_baseline;
#else
  return steps_portable;
#endif
}

}  // namespace gemm_steps
}  // namespace lexigrad::inline LEXIGRAD_NS
