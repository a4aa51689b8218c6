// lane_math.hpp: exp, log, tanh and the normal distribution on one vector.
//
// In float these are polynomials on a reduced range (those of log are Moshier's, from Cephes) or rational functions;
// tests hold them to 2 ulp (tanh: 4) against libm in double. The double build, which only tests use, calls libm for
// each lane: what it checks is the arithmetic around these functions. NaN passes through all of them.
#pragma once
#include "tensor/kernels/lanes.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

/// c[0] x^(N-1) + … + c[N-1].
template <int N>
LEXIGRAD_LANES Vec polynomial(Vec x, const real (&c)[N]) {
  Vec sum = broadcast(c[0]);
#pragma GCC unroll 16
  for (int i = 1; i < N; ++i) sum = fma(sum, x, broadcast(c[i]));
  return sum;
}

#ifdef LEXIGRAD_F64

LEXIGRAD_LANES Vec exp(Vec x) {
  return per_lane(x, [](real v) { return __builtin_exp(v); });
}
LEXIGRAD_LANES Vec exp_bounded(Vec x) { return exp(x); }
LEXIGRAD_LANES Vec log(Vec x) {
  return per_lane(x, [](real v) { return __builtin_log(v); });
}
LEXIGRAD_LANES Vec tanh(Vec x) {
  return per_lane(x, [](real v) { return __builtin_tanh(v); });
}
constexpr real normal_end = 40, slope_end = 40;
LEXIGRAD_LANES Vec normal_distribution(Vec x) {
  return per_lane(x, [](real v) { return 0.5 * __builtin_erfc(v * -0.70710678118654752440); });
}
LEXIGRAD_LANES Vec gelu_erf_slope(Vec x) {
  return normal_distribution(x) + x * exp(x * x * -0.5) * 0.3989422804014326779;
}

#else

#if defined(LEXIGRAD_AVX512)

/// e^x for x <= 88. x = n ln 2 + r with n in sixteenths, |r| <= ln 2 / 32; e^x = 2^⌊n⌋ · 2^(n - ⌊n⌋) · e^r.
LEXIGRAD_LANES Vec exp_bounded(Vec x) {
  const Vec roots = {1,           1.04427373f, 1.09050775f, 1.13878858f, 1.18920708f, 1.24185777f,
                     1.29683959f, 1.35425556f, 1.41421354f, 1.47682619f, 1.54221082f, 1.61049032f,
                     1.68179286f, 1.75625217f, 1.8340081f,  1.91520655f};  // 2^(i/16)
  const Vec round = broadcast(1.5 * (1 << 19));  // adding it rounds to sixteenths; the lowest four bits count them
  const Vec shifted = fma(x, broadcast(1.44269504088896341f), round);
  const Vec n = shifted - round;
  // ln 2 in two parts, the first with few bits: n times it is exact.
  const Vec r = fma(n, broadcast(2.12194440e-4f), fma(n, broadcast(-0.693359375f), x));
  const Vec p = fma(r * r, fma(r, broadcast(0.166669652f), broadcast(0.500009954f)), r);  // e^r - 1
  const Vec root = Vec(_mm512_maskz_permutexvar_ps(all_lanes, __m512i(bits_of(shifted)), __m512(roots)));
  // Numbers below 2^-126 count as 0; NaN stays.
  const __mmask16 some = _mm512_cmp_ps_mask(__m512(x), __m512(broadcast(-87.3365402f)), _CMP_NLT_UQ);
  return Vec(_mm512_maskz_scalef_ps(some, __m512(fma(root, p, root)), __m512(n)));
}
LEXIGRAD_LANES Vec exp(Vec x) { return exp_bounded(smaller(broadcast(89), x)); }  // e^89 is infinite

#else

/// x = n ln 2 + r with |r| <= ln 2 / 2; gives e^r - 1, and n + bias in the 9 highest bits of `exponent`.
LEXIGRAD_LANES Vec exp_reduced(Vec x, real bias, Bits& exponent) {
  const real round = 12582912 + bias;  // 1.5 · 2^23 + bias: adding it rounds to an integer, found in the low bits
  const Vec shifted = fma(x, broadcast(1.44269504088896341f), broadcast(round));
  exponent = bits_of(shifted) << 23;
  const Vec n = shifted - round;
  // ln 2 in two parts, the first with few bits: n times it is exact.
  const Vec r = fma(n, broadcast(2.12194440e-4f), fma(n, broadcast(-0.693359375f), x));
  const Vec square = r * r;
  const Vec p = fma(square, polynomial(r, {1.3814598475e-3f, 8.3687168873e-3f, 4.1668388049e-2f}),
                    polynomial(r, {1.6666520632e-1f, 4.9999993448e-1f}));
  return fma(p, square, r);
}

/// v, or 0 where x < -126 ln 2: numbers below 2^-126 count as 0.
LEXIGRAD_LANES Vec zero_when_tiny(Vec v, Vec x) { return from_bits(bits_of(v) & ~(x < -87.3365402f)); }

/// e^x for x <= 88.
LEXIGRAD_LANES Vec exp_bounded(Vec x) {
  Bits exponent;
  const Vec q = exp_reduced(x, 127, exponent);
  const Vec scale = from_bits(exponent);  // 2^n
  return zero_when_tiny(fma(q, scale, scale), x);
}

LEXIGRAD_LANES Vec exp(Vec x) {
  Bits exponent;
  const Vec mantissa = exp_reduced(x, 0, exponent) + 1;
  // n is added to the exponent. At the upper limit n = 128, but the mantissa is below 1: no overflow.
  const Vec y = from_bits(bits_of(mantissa) + exponent);
  return zero_when_tiny(select(x <= 88.7228317f, y, x + __builtin_inff()), x);  // above: infinite; NaN stays
}

#endif

/// x = 2^e (1 + f) with 1 + f in [√½, √2); log x = e ln 2 + log(1 + f). log 0 = -inf, log of a negative is NaN.
LEXIGRAD_LANES Vec log(Vec x) {
  const Bits subnormal = x < 1.17549435e-38f;
  const Vec scaled = select(subnormal, x * 8388608.0f, x);
  const Bits offset = bits_of(scaled) - 0x3f3504f3;  // counted from the bits of √½
  const Bits exponent = offset >> 23;
  const Vec f = from_bits((offset & 0x7fffff) + 0x3f3504f3) - 1, z = f * f;
  const Vec e = __builtin_convertvector(exponent, Vec) - select(subnormal, broadcast(23), Vec{});
  const Vec p =
      polynomial(f, {7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                     -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f});
  // Small terms first: f³ p, the low part of e ln 2, -f²/2, f, and the high part.
  const Vec low = fma(e, broadcast(-2.12194440e-4f), f * z * p);
  const Vec y = fma(e, broadcast(0.693359375f), fma(z, broadcast(-0.5f), low) + f);
  const Vec inf = broadcast(__builtin_inff());
  const Vec special = select(x == 0, -inf, select(x < 0, broadcast(__builtin_nanf("")), x));  // +inf and NaN stay
  return select((x > 0) & (x < inf), y, special);
}

/// x P(x²) / Q(x²).
template <int N, int M>
LEXIGRAD_LANES Vec odd_rational(Vec x, const real (&p)[N], const real (&q)[M]) {
  return x * polynomial(x * x, p) / polynomial(x * x, q);
}

// The three that follow were fitted here. Where their range ends, the rational function gives exactly 1 or 0.5, with
// and without fused sums.

/// Relative error 2.1e-8 before rounding.
LEXIGRAD_LANES Vec tanh(Vec x) {
  const Vec y = odd_rational(within(x, 8.731f),
                             {1.3318935050e-8f, 2.0583382955e-5f, 3.4940287259e-3f, 1.3379713113e-1f, 9.9999997903e-1f},
                             {7.7619633705e-7f, 3.2830831745e-4f, 2.5871051250e-2f, 4.6713028359e-1f, 1.0f});
  return within(y, 1);
}

constexpr real normal_end = 5.603f;
/// Φ(x) for |x| <= normal_end, 0 and 1 at the ends. Absolute error 1e-8 before rounding.
LEXIGRAD_LANES Vec normal_distribution(Vec x) {
  const Vec centered = odd_rational(
      x, {2.2161344741e-8f, 6.3493293131e-6f, 1.7332462974e-4f, 4.7040738735e-3f, 3.4328320535e-2f, 3.9894222935e-1f},
      {1.1801398405e-6f, 7.4913467012e-5f, 1.9100476264e-3f, 2.8912046422e-2f, 2.5271413127e-1f, 1.0f});
  return centered + real(0.5);
}

constexpr real slope_end = 5.999f;
/// Φ(x) + x φ(x), the derivative of x Φ(x), for |x| <= slope_end; φ(x) = e^(-x²/2) / √(2π). Absolute error 4e-8.
LEXIGRAD_LANES Vec gelu_erf_slope(Vec x) {
  const Vec centered =
      odd_rational(x,
                   {-1.5456462455e-11f, 2.8046016650e-9f, -1.0329453615e-7f, 3.2968319670e-5f, -1.4917159303e-4f,
                    1.4530622427e-2f, -4.1585809252e-2f, 7.9788475556e-1f},
                   {5.5231760517e-6f, 1.4993271282e-4f, 2.9479454386e-3f, 3.6944259574e-2f, 2.8121547851e-1f, 1.0f});
  return centered + real(0.5);
}

#endif

/// σ(x) = 1 / (1 + e^-x) and σ(-x), from e = e^-|x|, which neither overflows nor cancels.
LEXIGRAD_LANES Vec sigmoid(Vec x, Vec& opposite) {
  const Vec e = exp_bounded(-absolute(x));
  const Vec up = 1 / (1 + e), down = e * up;
  opposite = select(x < 0, up, down);
  return select(x < 0, down, up);
}
LEXIGRAD_LANES Vec sigmoid(Vec x) {
  Vec unused;
  return sigmoid(x, unused);
}

}  // namespace
}  // namespace lexigrad::inline LEXIGRAD_NS
