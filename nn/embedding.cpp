// embedding.cpp: making the table.
#include "nn/embedding.hpp"

#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

Tensor drawn_table(Index rows, Index dim, Rng& rng, const EmbeddingOptions& options) {
  if (rows >= 1 && dim >= 1) return normal({rows, dim}, rng, 0.0, options.std);
  throw ValueError("Embedding", "a table of {} rows and {} columns: both must be at least 1", rows, dim);
}

}  // namespace

Embedding::Embedding(Index num_embeddings, Index embedding_dim, Rng& rng, EmbeddingOptions o)
    : Embedding(drawn_table(num_embeddings, embedding_dim, rng, o), o) {
  if (options.padding_idx) weight.writable().rows(*options.padding_idx, 1).fill(0.0);
}

Embedding::Embedding(Tensor table, EmbeddingOptions o) : weight(std::move(table)), options(o) {
  if (weight.shape().rank() != 2) {
    throw ShapeError("Embedding", {operand("table", weight.value())}, "expected [num_embeddings, embedding_dim]");
  }
  if (options.padding_idx && (*options.padding_idx < 0 || *options.padding_idx >= num_embeddings())) {
    throw ValueError("Embedding", "padding_idx {} is no row of a table of {}", *options.padding_idx, num_embeddings());
  }
  if (!(options.max_norm >= 0.0)) {
    throw ValueError("Embedding", "max_norm = {} must be above 0, or 0 for none", options.max_norm);
  }
  if (options.frozen) weight.freeze();
}

Variable Embedding::operator()(const Ids& ids) const {
  if (options.max_norm > 0.0) {
    Tensor table = weight.writable();
    check_ids("embedding", ids, num_embeddings());
    renorm_rows(table, ids, options.max_norm);
  }
  return embedding(weight, ids, {options.padding_idx, options.scale_grad_by_freq});
}

}  // namespace lexigrad::inline LEXIGRAD_NS
