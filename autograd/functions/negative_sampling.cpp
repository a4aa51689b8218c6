// negative_sampling.cpp: the loss of word vectors. Forward has all errors at hand, so it makes both gradients at once;
// backward says which rows they belong to.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct NegativeSamplingOp {
  static constexpr std::string_view name = "negative_sampling";
  SampledWindows windows;
  SharedRows dcontexts, dsamples;
  Index num_inputs = 0, num_outputs = 0;
  Tensor forward(const Tensor& input, const Tensor& output, Needs needs) {
    NegativeSampling result = negative_sampling(input, output, windows, needs[0], needs[1]);
    dcontexts = result.dcontexts;
    dsamples = result.dsamples;
    num_inputs = input.dim(0);
    num_outputs = output.dim(0);
    return result.loss;
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    const auto gradient = [&](const Ids& ids, SharedRows shared, Index count) {
      if (dy.item() != real{1}) shared.rows = scaled(shared.rows, static_cast<double>(dy.item()));
      return Gradient(ids.reshape(Shape{ids.size()}), std::move(shared), count);
    };
    return {needs[0] ? gradient(windows.contexts, dcontexts, num_inputs) : Gradient(),
            needs[1] ? gradient(windows.samples, dsamples, num_outputs) : Gradient()};
  }
};

}  // namespace

Variable negative_sampling(const Variable& input, const Variable& output, const SampledWindows& windows) {
  return apply(NegativeSamplingOp{windows, {}, {}}, input, output);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
