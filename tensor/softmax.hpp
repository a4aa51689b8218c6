// softmax.hpp: what the plain cross-entropy and that of the tied head share. Internal to tensor/.
#pragma once
#include "tensor/ops.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// The loss of one row of logits, with all that is the same for every row. l(c) = -w(c) · log softmax(x)[c];
/// loss = (1 - s) · l(target) + s/C · Σ l(c).
struct RowLoss {
  Index classes;
  CrossEntropyOptions options;
  double total_weight;  ///< Σ w(c)
  double scale = 1.0;   ///< or for a mean 1 / Σ w(target)

  /// Checks options and targets. Throws ShapeError, ValueError or IndexError under the name of `op`.
  RowLoss(std::string_view op, const Ids& targets, Index classes, const CrossEntropyOptions& options);

  double weight(Index c) const {
    return options.class_weights.defined() ? static_cast<double>(options.class_weights.data()[c]) : 1.0;
  }
  /// Loss of the row x[C], not scaled; 0 of an ignored target. Its gradient, scaled, goes into `gradient`, which may be
  /// x itself, or null where none is wanted.
  double operator()(const real* x, Index target, real* gradient) const;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
