// dispatch.cpp: which of the compiled kernel tables this CPU runs.
//
// Features are asked for one by one: clang 14 does not know the level names v3 and v4 in __builtin_cpu_supports.
#include <cstdlib>

#include "tensor/error.hpp"
#include "tensor/kernels/kernels.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

#if defined(LEXIGRAD_HAVE_V3)
extern const Kernels kernels_baseline, kernels_v3, kernels_v4;

std::vector<const Kernels*> available_kernels() {
  std::vector<const Kernels*> tables = {&kernels_baseline};
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  if (v3) tables.push_back(&kernels_v3);
  if (v4) tables.push_back(&kernels_v4);
  return tables;
}
#else
extern const Kernels kernels_portable;

std::vector<const Kernels*> available_kernels() { return {&kernels_portable}; }
#endif

namespace {

const Kernels& choose() {
  const std::vector<const Kernels*> available = available_kernels();
  const char* wanted = std::getenv("LEXIGRAD_ISA");
  if (wanted == nullptr || *wanted == '\0') return *available.back();
  std::string names;
  for (const Kernels* table : available) {
    if (std::string(table->isa) == wanted) return *table;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", table->isa);
  }
  throw ValueError("kernels", "LEXIGRAD_ISA={}: this build and CPU have {}", wanted, names);
}

}  // namespace

const Kernels& kernels() {
  static const Kernels& chosen = choose();
  return chosen;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
