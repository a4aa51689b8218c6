// gpt2_folder.hpp: a Transformer from and to a folder of Hugging Face's GPT-2: config.json and model.safetensors.
//
//   Transformer model = models::load_model("gpt2");        // or a .safetensors file with a config.json beside it
//   models::save_gpt2("mine", model);                      // the same two files, for others to load
//
// Reading takes F32, F16, BF16 and F64, names with and without `transformer.`, and leaves out the causal masks of old
// files. A folder of train_embeddings, which keeps sizes in the file and our own names, is opened, too. Tokenizer files
// are text/'s. Read next: gpt2_config.hpp, gpt2_names.hpp.
#pragma once
#include <string>

#include "nn/transformer.hpp"

namespace lexigrad::models {

/// Where the weights are: `path` itself when it is a file, else model.safetensors in it.
std::string weights_file(const std::string& path);

/// The model that a folder, or a .safetensors file in one, holds. Before any of it is made, all names, shapes and types
/// are checked against config.json (or, without one, against the sizes that our programs keep in the file).
/// Throws FileError listing in one message whatever is missing, unexpected, of another shape or no real numbers; and
/// for an lm_head.weight that is not wte.weight, since the head here shares the table.
Transformer load_model(const std::string& path, double dropout = 0.0);

/// Writes config.json and model.safetensors (F32; names with `transformer.`, the head left out as a tie), each whole or
/// not at all; the folder is made where it is missing. What load_model() reads from it has the same bits.
/// `end_of_text` goes into the config where it is not below 0. Throws FileError.
void save_gpt2(const std::string& folder, const Transformer& model, Index end_of_text = -1);

}  // namespace lexigrad::models
