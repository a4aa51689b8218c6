// lane_math.hpp: exp, log, tanh and the normal distribution on one vector.
//
// In float these are polynomials on a reduced range (coefficients of Moshier's Cephes, but for the normal tail);
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
LEXIGRAD_LANES Vec log(Vec x) {
  return per_lane(x, [](real v) { return __builtin_log(v); });
}
LEXIGRAD_LANES Vec tanh(Vec x) {
  return per_lane(x, [](real v) { return __builtin_tanh(v); });
}
/// 0.5 erfc(x / √2) = 1 - Φ(x) for x >= 0.
LEXIGRAD_LANES Vec normal_tail(Vec x, Vec /*bell*/) {
  return per_lane(x, [](real v) { return 0.5 * __builtin_erfc(v * 0.70710678118654752440); });
}

#else

/// x = n ln 2 + r with |r| <= ln 2 / 2; e^x = 2^n e^r. Results that would be subnormal are 0.
LEXIGRAD_LANES Vec exp(Vec x) {
  constexpr real round = 12582912;  // 1.5 · 2^23: adding it rounds to an integer, found in the low bits
  const Vec shifted = fma(x, broadcast(1.44269504088896341f), broadcast(round));
  const Vec n = shifted - round;
  // ln 2 in two parts, the first with few bits: n times it is exact.
  const Vec r = fma(n, broadcast(2.12194440e-4f), fma(n, broadcast(-0.693359375f), x));
  const Vec p = polynomial(
      r, {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f});
  const Vec mantissa = fma(p, r * r, r) + 1;
  // n is added to the exponent. At the upper limit n = 128, but the mantissa is below 1: no overflow.
  const Vec y = from_bits(bits_of(mantissa) + (bits_of(shifted) << 23));
  const Vec large = broadcast(88.7228317f);   // above: more than the largest float
  const Vec small = broadcast(-87.3365402f);  // below: less than 2^-126
  const Vec limit = select(x > large, broadcast(__builtin_inff()), select(x < small, Vec{}, x));  // NaN stays
  return select((x >= small) & (x <= large), y, limit);
}

/// x = 2^e (1 + f) with 1 + f in [√½, √2); log x = e ln 2 + log(1 + f). log 0 = -inf, log of a negative is NaN.
LEXIGRAD_LANES Vec log(Vec x) {
  const Bits subnormal = x < 1.17549435e-38f;
  const Vec scaled = select(subnormal, x * 8388608.0f, x);
  const Bits offset = bits_of(scaled) - 0x3f3504f3;  // counted from the bits of √½
  const Bits exponent = offset >> 23;
  const Vec f = from_bits((offset & 0x7fffff) + 0x3f3504f3) - 1;
  const Vec e = __builtin_convertvector(exponent, Vec) - select(subnormal, broadcast(23), Vec{});
  const Vec z = f * f;
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

/// An odd polynomial near 0, 1 - 2 / (e^2x + 1) elsewhere, the sign put on at the end.
LEXIGRAD_LANES Vec tanh(Vec x) {
  const Vec a = absolute(x);
  const Vec z = a * a;
  const Vec p =
      polynomial(z, {-5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f});
  const Vec near = fma(z * p, a, a);
  const Vec far = 1 - 2 / (exp(a + a) + 1);
  return with_sign_of(select(a < 0.625f, near, far), x);
}

/// 1 - Φ(x) for x >= 0, given bell = e^(-x²/2): bell · t P(s) with t = 1 / (1 + 0.27 x) and s = t - 1, P of degree 8
/// fitted here to a relative error of 2.8e-8 on [0, 13]. In s, since small x then give small s and hardly any error.
LEXIGRAD_LANES Vec normal_tail(Vec x, Vec bell) {
  const Vec t = 1 / fma(x, broadcast(0.27f), broadcast(1));
  const Vec s = select(x < 1e30f, x * -0.27f * t, t);  // not infinity times 0; NaN stays
  const Vec p = polynomial(s, {2.890698050e-2f, 1.049979869e-1f, 9.497640317e-2f, -8.513759885e-2f, -9.128447960e-2f,
                               4.017537115e-1f, 9.743018503e-1f, 9.775661550e-1f, 5.0e-1f});
  return bell * (t * p);
}

#endif

/// 1 / (1 + e^-x). For x below about -88, e^-x is infinite and the result 0, as it should be.
LEXIGRAD_LANES Vec sigmoid(Vec x) { return 1 / (1 + exp(-x)); }

/// Φ(x), and for its derivative the bell e^(-x²/2).
LEXIGRAD_LANES Vec normal_distribution(Vec x, Vec& bell) {
  const Vec a = absolute(x);
  bell = exp(x * x * real(-0.5));
  const Vec tail = normal_tail(a, bell);
  return select(x > 0, 1 - tail, tail);
}

}  // namespace
}  // namespace lexigrad::inline LEXIGRAD_NS
