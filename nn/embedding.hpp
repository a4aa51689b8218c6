// embedding.hpp: the embedding layer: a table with one row of numbers for each token id.
//
// Looking up is all it does: ids [..] → rows [.., D], no arithmetic. The table starts as noise; training moves the
// rows that were used. Read next: tied_head.hpp, where the same table predicts the next token.
#pragma once
#include <optional>

#include "autograd/functions.hpp"
#include "nn/module.hpp"
#include "tensor/random.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// How a table begins, and what its lookups do.
struct EmbeddingOptions {
  double std = 0.02;  ///< the table is drawn from N(0, std²): 0.02 as GPT-2 does; PyTorch's nn.Embedding has 1
  std::optional<Index> padding_idx = std::nullopt;  ///< this row starts as zeros and gets no gradient from lookups
  double max_norm = 0.0;            ///< above 0: a looked-up row that is longer is first scaled down to it, for good
  bool scale_grad_by_freq = false;  ///< gradients of a row are divided by how often its id occurs in the lookup
  bool frozen = false;              ///< no gradient: a table that was trained elsewhere and is to stay as it is
};

/// A table of vectors, looked up by id.
struct Embedding {
  static constexpr std::string_view kind = "Embedding";
  Parameter weight;          ///< [num_embeddings, embedding_dim]
  EmbeddingOptions options;  ///< as given

  /// Throws ValueError when a size is below 1, std is negative or not finite, max_norm is negative or padding_idx is
  /// no row.
  Embedding(Index num_embeddings, Index embedding_dim, Rng& rng, EmbeddingOptions options = {});
  /// A table that is already there: pretrained vectors. Takes over the buffer; std is not used, and the padding row
  /// stays as it is.
  explicit Embedding(Tensor table, EmbeddingOptions options = {});

  Index num_embeddings() const { return weight.shape()[0]; }  ///< V: rows, the size of the vocabulary
  Index embedding_dim() const { return weight.shape()[1]; }   ///< D: numbers in a row
  /// ids [..] → [.., D]. Throws IndexError for an id outside [0, num_embeddings).
  Variable operator()(const Ids& ids) const;

  static void members(auto& self, auto&& visit) { visit("weight", self.weight); }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
