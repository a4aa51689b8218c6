// embedding.hpp: the embedding layer: a table with one row of numbers for each token id.
//
// Looking up is all it does: ids [..] → rows [.., D], no arithmetic. The table starts as noise; training moves the
// rows that were used. Read next: tied_head.hpp, where the same table predicts the next token.
#pragma once
#include "autograd/functions.hpp"
#include "nn/module.hpp"
#include "tensor/random.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

struct EmbeddingOptions {
  double std = 0.02;  ///< the table is drawn from N(0, std²): 0.02 as GPT-2 does; PyTorch's nn.Embedding has 1
};

struct Embedding {
  static constexpr std::string_view kind = "Embedding";
  Parameter weight;  ///< [num_embeddings, embedding_dim]

  /// Throws ValueError when a size is below 1 or std is negative or not finite.
  Embedding(Index num_embeddings, Index embedding_dim, Rng& rng, EmbeddingOptions options = {});
  /// A table that is already there (pretrained vectors), trainable until it is frozen. Takes over the buffer.
  explicit Embedding(Tensor table);

  Index num_embeddings() const { return weight.shape()[0]; }
  Index embedding_dim() const { return weight.shape()[1]; }
  /// ids [..] → [.., D]. Throws IndexError for an id outside [0, num_embeddings).
  Variable operator()(const Ids& ids) const { return embedding(weight, ids); }

  static void members(auto& self, auto&& visit) { visit("weight", self.weight); }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
