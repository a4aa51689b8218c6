// cross_entropy.cpp: losses over classes. Forward already holds the softmax, so it makes the gradient at once;
// backward only hands it over.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// dy · gradient, where the usual dy is 1 and nothing has to be done.
Tensor times(const Tensor& gradient, const Tensor& dy) {
  return dy.item() == real{1} ? gradient : scaled(gradient, static_cast<double>(dy.item()));
}

struct CrossEntropyOp {
  static constexpr std::string_view name = "cross_entropy";
  Ids targets;
  CrossEntropyOptions options;
  CrossEntropy result;
  Tensor forward(const Tensor& logits, Needs needs) {
    result = cross_entropy(logits, targets, options, needs[0]);
    return result.loss;
  }
  Tensor backward(const Tensor& dy) const {
    if (options.reduction != Reduction::none) return times(result.dlogits, dy);
    return result.dlogits * dy.reshape(result.dlogits.shape().with(-1, 1));  // one dy a row of logits
  }
};

struct TiedCrossEntropyOp {
  static constexpr std::string_view name = "tied_cross_entropy";
  Ids targets;
  CrossEntropyOptions options;
  TiedCrossEntropy result;
  Tensor forward(const Tensor& h, const Tensor& table, Needs needs) {
    result = tied_cross_entropy(h, table, targets, options, needs[0], needs[1]);
    return result.loss;
  }
  std::array<Gradient, 2> backward(const Tensor& dy, Needs needs) const {
    return {needs[0] ? times(result.dh, dy) : Tensor(), needs[1] ? times(result.dtable, dy) : Tensor()};
  }
};

}  // namespace

Variable cross_entropy(const Variable& logits, const Ids& targets, const CrossEntropyOptions& options) {
  return apply(CrossEntropyOp{targets, options, {}}, logits);
}

Variable tied_cross_entropy(const Variable& h, const Variable& table, const Ids& targets,
                            const CrossEntropyOptions& options) {
  return apply(TiedCrossEntropyOp{targets, options, {}}, h, table);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
