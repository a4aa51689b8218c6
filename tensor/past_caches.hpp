// past_caches.hpp: how results are written that no cache holds.
//
// An ordinary store reads the line it writes to, so c = a + b moves four tensors: a, b, and c twice. Stores that leave
// the caches alone (streaming, non-temporal) move three, if lines are written whole and one after the other. Kernels
// that write rows have a form with such stores (kernels.hpp); which form is taken, and when others see what was
// stored, is decided here.
//
// Internal to tensor/. Read next: gather.cpp, elementwise.cpp.
#pragma once
#include "tensor/parallel.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Whether rows of a new tensor are stored past the caches: if it is so large (in numbers) that none holds it, and each
/// row is whole cache lines; rows that share lines are faster by way of the caches. Other threads see what went past
/// them in no certain order until a fence, which waits for all of it: it comes once, at the end (behind each row it
/// takes twice the time).
struct CacheBypass {
  static constexpr Index line = 64 / sizeof(real);
  bool on;

  CacheBypass(const Tensor& result, Index width) : on(result.size() >= Index{8} << 20 && width % line == 0) {}
#if defined(__SSE2__)
  ~CacheBypass() {
    if (on) __builtin_ia32_sfence();
  }
#endif
};

/// result = row(in.., out, n) of each `width` numbers (the last ones fewer) of tensors of its shape; one thread takes
/// `grain` numbers at a time, a multiple of `width`. A kernel that has a form for it bypasses the caches, with eight
/// times as many numbers at a time, but not to write over what it has just read.
template <class Row, class... Ins>
Tensor written(Tensor result, Index width, Index grain, const Row& row, const Ins&... ins) {
  real* out = result.mutable_data();
  const auto write = [&](const auto& run, Index chunk) {
    parallel_for(result.size(), chunk, [&](Index begin, Index end) {
      const CacheBypass fenced(result, width);
      for (Index i = begin; i < end; i += width) run((ins.data() + i)..., out + i, std::min(width, end - i));
    });
  };
  if constexpr (requires { row.past_caches; }) {
    const bool bypass = CacheBypass(result, width).on && ((ins.data() != out) && ...);
    bypass ? write(row.past_caches, 8 * grain) : write(row.by_caches, grain);
  } else {
    write(row, grain);
  }
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
