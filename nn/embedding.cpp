// embedding.cpp: making the table.
#include "nn/embedding.hpp"

#include <cmath>

#include <fmt/core.h>

#include "tensor/create.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

Tensor drawn_table(Index rows, Index dim, Rng& rng, const EmbeddingOptions& options) {
  if (rows < 1 || dim < 1) {
    throw ValueError("Embedding", fmt::format("a table of {} rows and {} columns: both must be at least 1", rows, dim));
  }
  if (!(options.std >= 0.0) || !std::isfinite(options.std)) {
    throw ValueError("Embedding", fmt::format("std = {} must be 0 or more", options.std));
  }
  return normal({rows, dim}, rng, 0.0, options.std);
}

}  // namespace

Embedding::Embedding(Index num_embeddings, Index embedding_dim, Rng& rng, EmbeddingOptions options)
    : weight(drawn_table(num_embeddings, embedding_dim, rng, options)) {}

Embedding::Embedding(Tensor table) : weight(std::move(table)) {
  if (weight.shape().rank() != 2) {
    throw ShapeError("Embedding", {operand("table", weight.value())}, "expected [num_embeddings, embedding_dim]");
  }
}

}  // namespace lexigrad::inline LEXIGRAD_NS
