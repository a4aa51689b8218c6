// lanes.hpp: one vector register of reals, written with GCC's vector extensions (clang has them too).
//
// The width follows the instruction set that the file is compiled for. A row is walked by each_vector(): whole vectors
// first, then one padded vector with the rest, through the same code, so that what comes out for a number does not
// depend on where it stands. All here is inlined; nothing may leave a kernel file but its table (a std function
// compiled for AVX-512 could win at link time and crash an older CPU), hence no std but types, no plain `inline`.
// Read next: lane_math.hpp.
#pragma once
#include <cstdint>
#include <type_traits>
#include <utility>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "tensor/real.hpp"

#define LEXIGRAD_INLINE __attribute__((always_inline))
#define LEXIGRAD_LANES static inline LEXIGRAD_INLINE
// Where some operations are written with the instructions themselves; the double build of the tests does without.
#if defined(__AVX512F__) && !defined(LEXIGRAD_F64)
#define LEXIGRAD_AVX512
#endif
// The name of a table with that of the instruction set behind it.
#define LEXIGRAD_JOIN2(a, b) a##b
#define LEXIGRAD_JOIN(a, b) LEXIGRAD_JOIN2(a, b)

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

#if defined(__AVX512F__)
constexpr Index vector_bytes = 64;
#elif defined(__AVX2__)
constexpr Index vector_bytes = 32;
#else
constexpr Index vector_bytes = 16;
#endif
constexpr Index lanes = vector_bytes / Index{sizeof(real)};

using LaneInt = std::conditional_t<sizeof(real) == sizeof(double), std::int64_t, std::int32_t>;

typedef real Vec __attribute__((vector_size(vector_bytes)));
typedef LaneInt Bits __attribute__((vector_size(vector_bytes)));  // what comparing two Vec gives: 0 or -1 per lane
typedef double Wide __attribute__((vector_size(vector_bytes)));
typedef real Half __attribute__((vector_size(vector_bytes / sizeof(double) * sizeof(real))));  // as many reals
constexpr Index wide_lanes = vector_bytes / Index{sizeof(double)};

// The same vectors as they lie in memory: aligned as one number only, and allowed to alias what is there.
typedef real VecMemory __attribute__((vector_size(vector_bytes), aligned(alignof(real)), may_alias));
typedef double WideMemory __attribute__((vector_size(vector_bytes), aligned(alignof(double)), may_alias));
typedef real HalfMemory __attribute__((vector_size(wide_lanes * sizeof(real)), aligned(alignof(real)), may_alias));

/// How much of a vector a row still fills.
struct Full {};
struct Past : Full {};  // stored past the caches
struct Tail {
  Index count;  // 1 .. lanes - 1
};

LEXIGRAD_LANES Vec broadcast(real value) { return value - Vec{}; }

LEXIGRAD_LANES Vec load(const real* p) { return *reinterpret_cast<const VecMemory*>(p); }
LEXIGRAD_LANES void store(real* p, Vec v) { *reinterpret_cast<VecMemory*>(p) = v; }

LEXIGRAD_LANES Vec load(const real* p, Full, real = 0) { return load(p); }
LEXIGRAD_LANES void store(real* p, Vec v, Full) { store(p, v); }
/// By the streaming (non-temporal) store, where there is one: p is aligned as a Vec, and others see v after a fence.
LEXIGRAD_LANES void store(real* p, Vec v, Past) {
#if defined(__AVX__)
  __asm__("vmovntps %1, %0" : "=m"(*reinterpret_cast<VecMemory*>(p)) : "v"(v));
#else
  store(p, v);
#endif
}
#if defined(LEXIGRAD_AVX512)
// Always with a mask: without one, GCC 12 warns of its own header.
constexpr __mmask16 all_lanes = 0xffff;
LEXIGRAD_LANES __mmask16 mask_of(Tail tail) { return static_cast<__mmask16>((1U << tail.count) - 1); }
LEXIGRAD_LANES Vec load(const real* p, Tail tail, real fill = 0) {
  return Vec(_mm512_mask_loadu_ps(__m512(broadcast(fill)), mask_of(tail), p));
}
LEXIGRAD_LANES void store(real* p, Vec v, Tail tail) { _mm512_mask_storeu_ps(p, mask_of(tail), __m512(v)); }
#else
LEXIGRAD_LANES Vec load(const real* p, Tail tail, real fill = 0) {
  alignas(vector_bytes) real padded[lanes];
  for (Index i = 0; i < lanes; ++i) padded[i] = i < tail.count ? p[i] : fill;
  return load(padded);
}
LEXIGRAD_LANES void store(real* p, Vec v, Tail tail) {
  for (Index i = 0; i < tail.count; ++i) p[i] = v[i];
}
#endif

/// body(offset, Whole or Tail) for each vector of a row of n numbers.
template <class Whole = Full, class Body>
LEXIGRAD_LANES void each_vector(Index n, Body body) {
  Index i = 0;
  for (; i + lanes <= n; i += lanes) body(i, Whole{});
  if (i < n) body(i, Tail{n - i});
}

LEXIGRAD_LANES Vec select(Bits mask, Vec yes, Vec no) { return mask ? yes : no; }

constexpr std::make_integer_sequence<int, int{lanes}> every_lane;  // 0, 1 … lanes - 1 as template arguments

template <int... I>
LEXIGRAD_LANES Bits lane_numbers(std::integer_sequence<int, I...>) {
  return Bits{I...};
}
/// `first` in the lanes before `count`, `others` behind.
LEXIGRAD_LANES Vec first_lanes(Index count, Vec first, Vec others) {
  return select(lane_numbers(every_lane) < static_cast<LaneInt>(count), first, others);
}

// b if either is NaN
#if defined(LEXIGRAD_AVX512)
LEXIGRAD_LANES Vec smaller(Vec a, Vec b) { return Vec(_mm512_maskz_min_ps(all_lanes, __m512(a), __m512(b))); }
LEXIGRAD_LANES Vec larger(Vec a, Vec b) { return Vec(_mm512_maskz_max_ps(all_lanes, __m512(a), __m512(b))); }
#else
LEXIGRAD_LANES Vec smaller(Vec a, Vec b) { return a < b ? a : b; }
LEXIGRAD_LANES Vec larger(Vec a, Vec b) { return a > b ? a : b; }
#endif
/// The nearest number to v in [-end, end]; NaN stays.
LEXIGRAD_LANES Vec within(Vec v, real end) { return smaller(broadcast(end), larger(broadcast(-end), v)); }
/// a · b + c in one rounding where the CPU has it (the kernel files are compiled with -ffp-contract=fast).
LEXIGRAD_LANES Vec fma(Vec a, Vec b, Vec c) { return a * b + c; }
/// v, a product, rounded: it is not fused into a sum.
LEXIGRAD_LANES Vec rounded(Vec v) {
#if defined(__x86_64__)
  __asm__("" : "+x"(v));  // no instruction, but a value that must exist
#elif defined(__aarch64__)
  __asm__("" : "+w"(v));
#endif
  return v;
}

LEXIGRAD_LANES Bits bits_of(Vec v) { return reinterpret_cast<Bits>(v); }
LEXIGRAD_LANES Vec from_bits(Bits bits) { return reinterpret_cast<Vec>(bits); }
constexpr LaneInt sign_bit = LaneInt{1} << (8 * sizeof(LaneInt) - 1);
LEXIGRAD_LANES Vec absolute(Vec v) { return from_bits(bits_of(v) & ~sign_bit); }

/// f of each lane; for sqrt it compiles to one instruction, for a libm function to one call per lane.
template <class F>
LEXIGRAD_LANES Vec per_lane(Vec v, F f) {
  Vec result = v;
#pragma GCC unroll 16
  for (Index i = 0; i < lanes; ++i) result[i] = f(v[i]);
  return result;
}
LEXIGRAD_LANES Vec square_root(Vec v) {
  return per_lane(v, [](real x) LEXIGRAD_INLINE {
    return static_cast<real>(sizeof(real) == 4 ? __builtin_sqrtf(static_cast<float>(x)) : __builtin_sqrt(x));
  });
}

/// Lanes First, First + 1 … of v.
template <int First, class V, int... I>
LEXIGRAD_LANES auto part_of(V v, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(v, v, (First + I)...);
}
/// op over all N lanes of v, halves with halves.
template <int N, class V, class Op>
LEXIGRAD_LANES auto fold(V v, Op op) {
  constexpr std::make_integer_sequence<int, N / 2> half;
  if constexpr (N == 2) {
    return op(v[0], v[1]);
  } else {
    return fold<N / 2>(op(part_of<0>(v, half), part_of<N / 2>(v, half)), op);
  }
}
template <int N, class V>
LEXIGRAD_LANES auto sum_lanes(V v) {
  return fold<N>(v, [](auto a, auto b) LEXIGRAD_INLINE { return a + b; });
}

constexpr Index few = lanes < 4 ? lanes : 4;
typedef double Few __attribute__((vector_size(few * Index{sizeof(double)})));

/// Every fourth of N numbers summed, in double. Four at a time: of more than it has an instruction for, GCC 12 makes
/// halves and puts them together again; two at a time, numbers one by one.
template <int N, class V>
LEXIGRAD_LANES Few few_sums(V v) {
  if constexpr (N <= few) {
    return __builtin_convertvector(v, Few);
  } else {
    constexpr std::make_integer_sequence<int, N / 2> half;
    return few_sums<N / 2>(part_of<0>(v, half)) + few_sums<N / 2>(part_of<N / 2>(v, half));
  }
}
/// Sum of the lanes, in double.
LEXIGRAD_LANES double add_lanes(Vec v) { return sum_lanes<int{few}>(few_sums<int{lanes}>(v)); }

/// Where number i of a mixture of a and b stands, of both one behind the other. Within 16 bytes: the first (0) or the
/// second (1) half of a's and b's, in turn. Else of 16 bytes as one: every second of a, from 0 or 1 on, then b's. Other
/// mixtures of numbers take longer.
constexpr int piece = 16 / int{sizeof(real)};
constexpr int mixed(int i, bool within, int half) {
  if (within) return i / piece * piece + half * piece / 2 + i % piece / 2 + i % 2 * int{lanes};
  return (i / piece * 2 % (int{lanes} / piece) + half) * piece + i % piece + i / (int{lanes} / 2) * int{lanes};
}
template <bool Within, int Half, int... I>
LEXIGRAD_LANES Vec mix(Vec a, Vec b, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(a, b, mixed(I, Within, Half)...);
}

/// Transposes [lanes, lanes], squares of 16 bytes first; with `piece` vectors these alone, side by side.
template <int Step = 1, int Count>
LEXIGRAD_LANES void transpose(Vec (&square)[Count]) {
  if constexpr (Step < Count) {
    constexpr bool within = Step < piece;
    constexpr int distance = within ? piece / 2 / Step : Step;
#pragma GCC unroll 16
    for (int i = 0; i < Count; ++i) {
      if ((i & distance) != 0) continue;
      const Vec upper = square[i], lower = square[i + distance];
      square[i] = mix<within, 0>(upper, lower, every_lane);
      square[i + distance] = mix<within, 1>(upper, lower, every_lane);
    }
    transpose<2 * Step>(square);
  }
}

/// The pieces of v, each to a row of its own.
template <int First = 0>
LEXIGRAD_LANES void store_pieces(Vec v, real* to, Index row) {
  if constexpr (First < int{lanes}) {
    const auto part = part_of<First>(v, std::make_integer_sequence<int, piece>{});
    __builtin_memcpy(to, &part, sizeof(part));
    store_pieces<First + piece>(v, to + row, row);
  }
}

/// f<m, n>() for numbers from 1 on that are known only now; M and N where they are larger.
template <int M, int N, class F>
LEXIGRAD_LANES void with_sizes(Index m, Index n, F f) {
  if constexpr (N > 1) {
    if (n < N) return with_sizes<M, N - 1>(m, n, f);
  }
  if constexpr (M > 1) {
    if (m < M) return with_sizes<M - 1, N>(m, n, f);
  }
  f.template operator()<M, N>();
}

/// One vector, or two that are summed side by side.
template <int N>
struct Terms {
  Vec v[N];
};

/// Σ of each of N terms(offset, Full or Tail) over a row into sums[N]: four running vectors of each in every block of
/// 1024 numbers, blocks in double.
template <int N, class Term>
LEXIGRAD_LANES void block_sums(Index n, double* sums, Term term) {
  constexpr Index block = 1024;
  for (int t = 0; t < N; ++t) sums[t] = 0;
  for (Index begin = 0; begin < n; begin += block) {
    const Index end = n - begin < block ? n : begin + block;
    Vec run[N][4] = {};
    const auto add = [&](Index s, Terms<N> terms) LEXIGRAD_INLINE {
#pragma GCC unroll 2
      for (int t = 0; t < N; ++t) run[t][s] += terms.v[t];
    };
    Index i = begin;
    for (; i + 4 * lanes <= end; i += 4 * lanes) {
#pragma GCC unroll 4
      for (Index s = 0; s < 4; ++s) add(s, term(i + s * lanes, Full{}));
    }
    for (; i + lanes <= end; i += lanes) add(0, term(i, Full{}));
    if (i < end) {
      Terms<N> last = term(i, Tail{end - i});
#pragma GCC unroll 2
      for (int t = 0; t < N; ++t) last.v[t] = first_lanes(end - i, last.v[t], Vec{});
      add(1, last);
    }
#pragma GCC unroll 2
    for (int t = 0; t < N; ++t) sums[t] += add_lanes((run[t][0] + run[t][1]) + (run[t][2] + run[t][3]));
  }
}
template <class Term>
LEXIGRAD_LANES double block_sum(Index n, Term term) {
  double sum;
  block_sums<1>(n, &sum, [=](Index i, auto part) LEXIGRAD_INLINE { return Terms<1>{{term(i, part)}}; });
  return sum;
}

}  // namespace
}  // namespace lexigrad::inline LEXIGRAD_NS
