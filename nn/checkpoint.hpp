// checkpoint.hpp: a model to a file and back, alone or with all that a training run needs to go on. The file is
// safetensors; a tie is saved once.
//
//   save("model.safetensors", model);                    load("model.safetensors", other);     // same structure
//   save("run.safetensors", model, opt, rng, {{"step", "120"}});                               // to be resumed
//   load("run.safetensors", model, opt, rng);
//
// A run that is loaded goes on with the same bits as one that never stopped, if the program also goes back to its place
// in the data: a step or position kept in the metadata.
#pragma once
#include <map>
#include <string>

#include "nn/optim.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// The texts beside the tensors of a file.
using Metadata = std::map<std::string, std::string>;

/// Writes every parameter under its first name, and `metadata`. Atomic: see write_safetensors.
void save(const std::string& path, const NamedParameters& parameters, const Metadata& metadata = {});
/// Reads every parameter into its storage. All names, shapes and types are checked before anything is written; the
/// FileError lists whatever is missing, unexpected or of another shape. F16, BF16, F32 and F64 are converted. A tensor
/// under one of a tie's other names is taken for it when its first name is not in the file. What a file holds of an
/// optimizer is left out.
void load(const std::string& path, const NamedParameters& parameters);

/// With the optimizer's state (tensors "optimizer/exp_avg/NAME", counts of steps in the metadata) and the generator.
/// Throws ValueError when `metadata` has their keys: "rng", "optimizer", "optimizer/…".
void save(const std::string& path, const NamedParameters& parameters, const Optimizer& optimizer, const Rng& rng,
          const Metadata& metadata = {});
/// Throws FileError, and changes nothing, when the parameters or the optimizer's state do not fit.
void load(const std::string& path, const NamedParameters& parameters, Optimizer& optimizer, Rng& rng);

/// The metadata of a file. Throws FileError when it cannot be read or is no safetensors file.
Metadata read_metadata(const std::string& path);

/// The four functions above for a module: its named_parameters().
///@{
void save(const std::string& path, Module auto& model, const Metadata& metadata = {}) {
  save(path, named_parameters(model), metadata);
}
void load(const std::string& path, Module auto& model) { load(path, named_parameters(model)); }
void save(const std::string& path, Module auto& model, const Optimizer& optimizer, const Rng& rng,
          const Metadata& metadata = {}) {
  save(path, named_parameters(model), optimizer, rng, metadata);
}
void load(const std::string& path, Module auto& model, Optimizer& optimizer, Rng& rng) {
  load(path, named_parameters(model), optimizer, rng);
}
///@}

}  // namespace lexigrad::inline LEXIGRAD_NS
