// past_caches.hpp: how results are written that no cache holds.
//
// An ordinary store reads the line it writes to, so c = a + b moves four tensors: a, b, and c twice. Stores that leave
// the caches alone (streaming, non-temporal) move three, if lines are written whole and one after the other. So results
// are computed into a buffer in the first cache, 1024 or a row, and copied from there, while the operands of the next
// ones are fetched.
//
// Internal to tensor/. Read next: gather.cpp, elementwise.cpp.
#pragma once
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "tensor/gather.hpp"
#include "tensor/parallel.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

constexpr Index large = Index{8} << 20;  // numbers that no cache holds

/// Writes rows of a result, where `past_caches` by stores that leave the caches alone. Other threads see those in no
/// certain order until a fence, which waits for all of them: it comes once, at the end (behind each row it takes twice
/// the time).
struct RowWriter {
  bool past_caches;

#if defined(__SSE2__)
  ~RowWriter() {
    if (past_caches) _mm_sfence();
  }
#endif

  /// y [n] = x, or zeros where x is null; meanwhile the n numbers at each `next` are fetched.
  template <class... Next>
  void operator()(const real* x, real* y, Index n, const Next*... next) const {
    const auto by_caches = [&](Index from, Index to) {
      x == nullptr ? std::fill(y + from, y + to, real{0}) : void(std::copy(x + from, x + to, y + from));
    };
    Index done = 0;
#if defined(__SSE2__)
    constexpr Index line = 64 / sizeof(real), piece = 16 / sizeof(real);
    if (past_caches) {  // whole lines; both ends by way of the caches, and in order: a line is soon complete then
      done = std::min(n, static_cast<Index>(-reinterpret_cast<std::uintptr_t>(y) % 64 / sizeof(real)));
      by_caches(0, done);
      for (; done + line <= n; done += line) {
        (__builtin_prefetch(next + done), ...);
        for (Index k = done; k < done + line; k += piece) {
          const __m128i four = x == nullptr ? __m128i{} : _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + k));
          _mm_stream_si128(reinterpret_cast<__m128i*>(y + k), four);
        }
      }
    }
#endif
    (fetch_row(next + done, n - done), ...);
    by_caches(done, n);
  }
};

/// result = row(in.., out, n) of each `width` numbers (the last ones fewer) of tensors of its shape; one thread takes
/// `grain` numbers at a time, a multiple of `width`, or eight times as many past the caches.
template <class Row, class... Ins>
Tensor written(Tensor result, Index width, Index grain, bool past_caches, const Row& row, const Ins&... ins) {
  real* out = result.mutable_data();
  const auto by_caches = [&](Index begin, Index end) {
    for (Index i = begin; i < end; i += width) row((ins.data() + i)..., out + i, std::min(width, end - i));
  };
  const auto past_them = [&](Index begin, Index end) {
    const RowWriter write{true};
    Tensor buffer({width});
    for (Index i = begin; i < end; i += width) {
      const Index n = std::min(width, end - i);
      row((ins.data() + i)..., buffer.mutable_data(), n);
      write(buffer.data(), out + i, n, (ins.data() + std::min(i + n, end - n))...);
    }
  };
  past_caches ? parallel_for(result.size(), 8 * grain, past_them) : parallel_for(result.size(), grain, by_caches);
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
