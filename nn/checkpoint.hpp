// checkpoint.hpp: a model's parameters to a file and back. The file is safetensors; a tie is saved once.
//
//   save("model.safetensors", model);
//   load("model.safetensors", other);     // other has the same structure
#pragma once
#include <map>
#include <string>

#include "nn/module.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

using Metadata = std::map<std::string, std::string>;

/// Writes every parameter under its first name, and `metadata`. Atomic: see write_safetensors.
void save(const std::string& path, const NamedParameters& parameters, const Metadata& metadata = {});
/// Reads every parameter into its storage. All names and shapes are checked before anything is written; the FileError
/// lists whatever is missing, unexpected or of another shape. F16, BF16, F32 and F64 are converted. A tensor under one
/// of a tie's other names is taken for it when its first name is not in the file.
void load(const std::string& path, const NamedParameters& parameters);
/// The metadata of a file.
Metadata read_metadata(const std::string& path);

template <Module M>
void save(const std::string& path, M& model, const Metadata& metadata = {}) {
  save(path, named_parameters(model), metadata);
}
template <Module M>
void load(const std::string& path, M& model) {
  load(path, named_parameters(model));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
