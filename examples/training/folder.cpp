// folder.cpp: trying the folder, hashing the tokens.
#include "training/folder.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include <fmt/core.h>

#include "nn/atomic_file.hpp"

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

namespace {

constexpr std::uint64_t hash_begin = 14695981039346656037U, hash_factor = 1099511628211U;

}  // namespace

std::string fingerprint(const text::Tokens& tokens) {
  const Index most = Index{1} << 24, stride = (tokens.size() + most - 1) / most;
  std::uint64_t hash = hash_begin;
  for (Index i = 0; i < tokens.size(); i += std::max<Index>(stride, 1)) {
    hash = (hash ^ static_cast<std::uint64_t>(tokens[i])) * hash_factor;
  }
  return fmt::format("{} tokens {:016x}", tokens.size(), hash);
}

std::string text_mark(const text::Tokens& train, const text::Tokens& held_out, const std::vector<std::string>& words) {
  std::uint64_t hash = hash_begin;
  for (const std::string& word : words) {
    for (const char byte : word) hash = (hash ^ static_cast<unsigned char>(byte)) * hash_factor;
    hash = (hash ^ 256U) * hash_factor;  // no byte: the word ends
  }
  return fmt::format("{}; held out {}; vocabulary {:016x}", fingerprint(train), fingerprint(held_out), hash);
}

void check_text(const Metadata& metadata, const std::string& mark, const std::string& folder) {
  const auto text = metadata.find("text");
  if (text != metadata.end() && text->second == mark) return;
  throw FileError("--resume", fmt::format("the text is not the one that the run in {} began with", folder));
}

}  // namespace lexigrad::training
