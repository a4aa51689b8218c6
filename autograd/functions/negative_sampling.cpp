// negative_sampling.cpp: the loss of word vectors. Forward has all errors at hand, so it makes both gradients at once;
// backward says which rows they belong to.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct NegativeSamplingOp {
  static constexpr std::string_view name = "negative_sampling";
  SampledWindows windows;
  Shape inputs, outputs;  // of the tables
  NegativeSampling result = {};
  Tensor forward(const Tensor& input, const Tensor& output, Needs needs) {
    result = negative_sampling(input, output, windows, needs[0], needs[1]);
    return result.loss;
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    const auto gradient = [&](const Ids& ids, const SharedRows& rows, Index count) {
      Gradient shared = GradientRows{ids.reshape(Shape{ids.size()}), rows, count};
      shared.scale(static_cast<double>(dy.item()));
      return shared;
    };
    return {needs[0] ? gradient(windows.contexts, result.dcontexts, inputs[0]) : Gradient(),
            needs[1] ? gradient(windows.samples, result.dsamples, outputs[0]) : Gradient()};
  }
};

}  // namespace

Variable negative_sampling(const Variable& input, const Variable& output, const SampledWindows& windows) {
  return apply(NegativeSamplingOp{windows, input.shape(), output.shape()}, input, output);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
