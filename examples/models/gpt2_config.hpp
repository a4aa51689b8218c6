// gpt2_config.hpp: config.json of a Hugging Face GPT-2 folder: the sizes of the model, and what kind of model it is.
//
// A key that this Transformer cannot follow (another activation, cross-attention, an untied head) is refused: a model
// that reads well and computes something else would be worse than none. Read next: gpt2_folder.hpp.
#pragma once
#include <string>
#include <string_view>

#include "nn/transformer.hpp"

namespace lexigrad::models {

/// The options that a config.json asks for, with initializer_range as it says and dropout 0. Keys of generation, of
/// training and of the software that wrote it are left out. `path` stands for the file in errors.
/// Throws FileError naming every key that is missing, is no number of its range, or has a value that this Transformer
/// cannot represent.
TransformerOptions parse_gpt2_config(std::string_view json, const std::string& path);

/// The config.json for a model, with the keys that Hugging Face's GPT2LMHeadModel needs. An end-of-text id below 0 is
/// left out.
std::string gpt2_config_text(const TransformerOptions& options, Index end_of_text = -1);

}  // namespace lexigrad::models
