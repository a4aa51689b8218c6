// limits_loops.cpp: loops that reach a limit of the machine and do nothing else. Compiled once for each instruction
// set, as the kernels of the library are.
#include "bench/bench.hpp"
#include "tensor/kernels/lanes.hpp"

namespace lexigrad::bench {
namespace {

// Two multiply-adds may start in a cycle and each takes 4 or 5, so 12 independent ones keep both units busy; with two
// factors they still fit 16 registers.
constexpr Index accumulators = 12;

real fma_loop(Index rounds, real x, real y) {
  const Vec factor = broadcast(x), addend = broadcast(y);
  Vec sums[accumulators];
  for (Index i = 0; i < accumulators; ++i) sums[i] = broadcast(static_cast<real>(i));
  for (Index r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (Index i = 0; i < accumulators; ++i) sums[i] = fma(sums[i], factor, addend);
  }
  Vec total = addend;
  for (Index i = 0; i < accumulators; ++i) total += sums[i];
  return static_cast<real>(add_lanes(total));
}

real read_loop(const real* a, Index n) {
  Vec sums[8] = {};
  for (Index i = 0; i + 8 * lanes <= n; i += 8 * lanes) {
#pragma GCC unroll 8
    for (Index s = 0; s < 8; ++s) sums[s] += load(a + i + s * lanes);
  }
  Vec total = {};
  for (Index s = 0; s < 8; ++s) total += sums[s];
  return static_cast<real>(add_lanes(total));
}

void scale_loop(const real* a, real* c, Index n) {
  const Vec two = broadcast(2);
  for (Index i = 0; i + lanes <= n; i += lanes) store(c + i, two * load(a + i));
}

void triad_loop(const real* a, const real* b, real* c, Index n) {
  const Vec half = broadcast(real(0.5));
  for (Index i = 0; i + lanes <= n; i += lanes) store(c + i, fma(half, load(b + i), load(a + i)));
}

void stream_loop(const real* a, const real* b, real* c, Index n) {
  const Vec half = broadcast(real(0.5));
  for (Index i = 0; i + lanes <= n; i += lanes) {
    const Vec sum = fma(half, load(b + i), load(a + i));
#if defined(__AVX512F__)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(c + i), (__m512i)sum);
#elif defined(__AVX__)
    _mm256_stream_si256(reinterpret_cast<__m256i*>(c + i), (__m256i)sum);
#elif defined(__SSE2__)
    _mm_stream_si128(reinterpret_cast<__m128i*>(c + i), (__m128i)sum);
#else
    store(c + i, sum);
#endif
  }
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

}  // namespace

#define LEXIGRAD_JOIN2(a, b) a##b
#define LEXIGRAD_JOIN(a, b) LEXIGRAD_JOIN2(a, b)
extern const LimitLoops LEXIGRAD_JOIN(limit_loops_, LEXIGRAD_ISA_NAME);
const LimitLoops LEXIGRAD_JOIN(limit_loops_, LEXIGRAD_ISA_NAME) = {
    2 * accumulators * lanes, fma_loop, read_loop, scale_loop, triad_loop, stream_loop};

}  // namespace lexigrad::bench
