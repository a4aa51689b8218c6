// support.hpp: what the suites of this folder share: a temporary folder, a small model with weights far from zero, and
// safetensors files written name by name.
#pragma once
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fmt/core.h>
#include <unistd.h>

#include "models/gpt2_folder.hpp"
#include "nn/safetensors.hpp"
#include "support/compare.hpp"
#include "support/folder.hpp"

namespace lexigrad::testing {

inline const TransformerOptions small_options = {.vocab = 11, .context = 8, .dim = 8, .layers = 2, .heads = 2};

/// Weights far from their small start, so that what must not matter would show.
inline Transformer noisy_model(const TransformerOptions& options = small_options, std::uint64_t seed = 1) {
  Rng rng(seed);
  Transformer model(options, rng);
  for (const NamedParameter& p : named_parameters(model)) {
    p.parameter.writable().copy_from(normal(p.parameter.shape(), rng, 0.1, 0.3));
  }
  return model;
}

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// The tensors of a file, in its order; to be changed and written again.
inline NamedTensors tensors_in(const std::string& path) {
  const SafetensorsFile file(path);
  NamedTensors tensors;
  for (const SafetensorsEntry& entry : file.entries()) tensors.emplace_back(entry.name, file.read(entry.name));
  return tensors;
}

inline void check_same_model(Transformer& a, Transformer& b) {
  const NamedParameters left = named_parameters(a), right = named_parameters(b);
  BOOST_REQUIRE_EQUAL(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    BOOST_CHECK_MESSAGE(
        left[i].name == right[i].name && same_bits(left[i].parameter.value(), right[i].parameter.value()),
        left[i].name << " differs");
  }
}

}  // namespace lexigrad::testing
