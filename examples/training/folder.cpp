// folder.cpp: trying the folder, hashing the tokens.
#include "training/folder.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include <fmt/core.h>

#include "nn/atomic_file.hpp"
#include "text/hashing.hpp"

namespace lexigrad::training {

void prepare_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error || !std::filesystem::is_directory(path)) {
    throw FileError("--out", fmt::format("{}: is not a folder and cannot be made one ({})", path,
                                         error ? error.message() : "a file has that name"));
  }
  AtomicFile probe(path + "/model.safetensors");  // never committed: it only shows that files can be made here
}

std::string fingerprint(const text::Tokens& tokens) {
  const Index most = Index{1} << 24, stride = (tokens.size() + most - 1) / most;
  text::Fnv1a hash;
  for (Index i = 0; i < tokens.size(); i += std::max<Index>(stride, 1)) hash.mix(static_cast<std::uint64_t>(tokens[i]));
  return fmt::format("{} tokens {:016x}", tokens.size(), hash.value());
}

std::string text_mark(const text::Tokens& train, const text::Tokens& held_out, const std::vector<std::string>& words) {
  text::Fnv1a hash;
  for (const std::string& word : words) {
    hash.mix(word);
    hash.mix(256);  // no byte: the word ends
  }
  return fmt::format("{}; held out {}; vocabulary {:016x}", fingerprint(train), fingerprint(held_out), hash.value());
}

void check_text(const Metadata& metadata, const std::string& mark, const std::string& folder) {
  const auto text = metadata.find("text");
  if (text != metadata.end() && text->second == mark) return;
  throw FileError("--resume", fmt::format("the text is not the one that the run in {} began with", folder));
}

}  // namespace lexigrad::training
