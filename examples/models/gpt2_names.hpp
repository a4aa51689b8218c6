// gpt2_names.hpp: what Hugging Face's GPT-2 calls each parameter of our Transformer, and how it lies in the file.
//
//   blocks.0.attn.qkv.weight [3·D, D]   is   h.0.attn.c_attn.weight [D, 3·D]: its Conv1D multiplies x · W, so every
//   matrix
//                                       of a block is the transpose of a Linear's
//   wte.weight, wpe.weight, ln_f.bias   are called and lie the same
//
// Internal to models/. Read next: gpt2_folder.cpp.
#pragma once
#include <string>
#include <vector>

#include "nn/transformer.hpp"

namespace lexigrad::models {

/// One tensor as the file has it.
struct Gpt2Tensor {
  std::string ours;         ///< "blocks.0.attn.qkv.weight"
  std::string theirs;       ///< "h.0.attn.c_attn.weight"
  Shape shape;              ///< in the file
  bool transposed = false;  ///< rows and columns are exchanged
};

/// All tensors of a model, the tied head not among them.
std::vector<Gpt2Tensor> gpt2_tensors(const TransformerOptions& options);

/// h.3.attn.bias and h.3.attn.masked_bias: the causal mask, which old files carry along.
bool is_gpt2_mask(std::string_view name);

}  // namespace lexigrad::models
