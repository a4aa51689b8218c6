// tied_cross_entropy.cpp: the output head on an embedding table, with its loss, in blocks of tokens.
//
// A whole matrix of logits is what makes language models large: 1024 tokens × 50257 words are 206 MB, and as much
// again for their gradient. Here a block of tokens goes through at a time (256 of GPT-2's, more of a smaller
// vocabulary): its logits (one product), its loss and softmax gradient in the same memory, then its share of both
// gradients (two products). Three products, not the four of a backward pass that has to compute the logits once more.
#include <algorithm>

#include "tensor/create.hpp"
#include "tensor/gemm.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"
#include "tensor/softmax.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Each block packs the table anew and passes once over its gradient, so it should not be small.
constexpr Index least_tokens = 256;
constexpr Index block_logits = Index{1} << 23;  // 32 MiB

}  // namespace

TiedCrossEntropy tied_cross_entropy(const Tensor& h, const Tensor& table, const Ids& targets,
                                    const CrossEntropyOptions& options, bool want_dh, bool want_dtable) {
  if (table.rank() != 2 || h.rank() < 1 || h.shape().last() != table.dim(1) ||
      !(h.shape().drop_last() == targets.shape())) {
    throw ShapeError("tied_cross_entropy",
                     {operand("h", h), operand("table", table), Operand{"targets", targets.shape()}},
                     "expected h [.., D], table [V, D], targets [..]");
  }
  if (options.reduction == Reduction::none) {
    throw ValueError("tied_cross_entropy", "Reduction::none is not offered; use cross_entropy on the logits");
  }
  const Index tokens = targets.size(), vocab = table.dim(0), dim = table.dim(1);
  const Index block_tokens = std::max(least_tokens, block_logits / std::max<Index>(vocab, 1));
  const RowLoss row_loss("tied_cross_entropy", targets, vocab, options);

  TiedCrossEntropy result;
  if (want_dh) result.dh = Tensor(h.shape());
  if (want_dtable) result.dtable = tokens == 0 ? zeros(table.shape()) : Tensor(table.shape());
  Tensor logits({std::min(block_tokens, tokens), vocab});
  real* block = logits.mutable_data();
  real* dh = want_dh ? result.dh.mutable_data() : nullptr;
  real* dtable = want_dtable ? result.dtable.mutable_data() : nullptr;
  double total = 0.0;
  for (Index first = 0; first < tokens; first += block_tokens) {
    const Index count = std::min(block_tokens, tokens - first);
    const real* hidden = h.data() + first * dim;
    gemm(count, vocab, dim, {hidden, dim, 1}, {table.data(), 1, dim}, block, vocab);  // logits = h · tableᵀ
    total += parallel_sum(count, row_grain(vocab), [&](Index begin, Index end) {
      double losses = 0.0;
      for (Index row = begin; row < end; ++row) {
        real* x = block + row * vocab;
        losses += row_loss(x, targets[first + row], want_dh || want_dtable ? x : nullptr);
      }
      return losses;
    });
    if (want_dh) gemm(count, dim, vocab, {block, vocab, 1}, {table.data(), dim, 1}, dh + first * dim, dim);
    if (want_dtable)
      gemm(vocab, dim, count, {block, 1, vocab}, {hidden, dim, 1}, dtable, dim, {first > 0 ? dtable : nullptr, dim});
  }
  result.loss = scalar(total * row_loss.scale);
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
