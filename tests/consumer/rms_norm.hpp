// rms_norm.hpp: an operation that the library does not have, in one struct: RMS normalisation (Zhang & Sennrich, "Root
// mean square layer normalization", 2019). The program uses it in float; check_op.cpp compiles this file once more,
// with double, and checks it.
#pragma once
#include <array>

#include "autograd/functions.hpp"

namespace mine {

using lexigrad::Gradient, lexigrad::Needs, lexigrad::Saved, lexigrad::Tensor, lexigrad::Variable;

struct RmsNorm {  // y = x · r · gain along the last axis, with r = 1 / √(mean(x²) + eps)
  static constexpr std::string_view name = "rms_norm";
  double eps = 1e-5;
  Saved x{}, gain{}, r{};  // [.., D], [D], [.., 1]

  Tensor forward(const Tensor& in, const Tensor& scale) {
    const Tensor mean_square = sum(in * in, -1, true) / static_cast<double>(in.dim(-1));
    const Tensor rate = exp(-0.5 * log(mean_square + eps));
    x = in;
    gain = scale;
    r = rate;
    return in * rate * scale;
  }

  // With s = dy · gain: dx = r · (s - x · r² · mean(s · x)); dgain = dy · x · r, which the engine sums over the rows.
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    Gradient dx, dgain;
    if (needs[0]) {
      const Tensor s = dy * gain;
      const Tensor along = sum(s * x, -1, true) / static_cast<double>(s.dim(-1));
      dx = r * (s - x * (r * r * along));
    }
    if (needs[1]) dgain = dy * x * r;
    return {dx, dgain};
  }
};

inline Variable rms_norm(const Variable& x, const Variable& gain) { return lexigrad::apply(RmsNorm{}, x, gain); }

}  // namespace mine
