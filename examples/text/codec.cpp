// codec.cpp: one kind or the other.
#include "text/codec.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::text {
namespace {

std::vector<std::string> there(const std::string& folder, std::initializer_list<const char*> names) {
  std::vector<std::string> found;
  for (const char* name : names) {
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::path(folder) / name, ignored)) found.emplace_back(name);
  }
  return found;
}

}  // namespace

std::vector<std::string> tokenizer_files(const std::string& folder) {
  return there(folder, {"vocab.json", "merges.txt", "encoder.json", "vocab.bpe", "vocab.txt"});
}

void check_folder(const std::string& folder, const std::vector<std::string>& own) {
  const auto refuse_others = [&](const std::vector<std::string>& names, const char* whose) {
    for (const std::string& name : names) {
      if (std::find(own.begin(), own.end(), name) != own.end()) continue;
      throw FileError("save", fmt::format("{}/{} belongs to another {}: expected a new folder", folder, name, whose));
    }
  };
  refuse_others(tokenizer_files(folder), "tokenizer");
  refuse_others(there(folder, {"config.json", "vectors.txt", "vectors.bin", "report.json"}), "program or setting");
}

Codec Codec::load(const std::string& folder) {
  for (const char* merges : {"/merges.txt", "/vocab.bpe"}) {
    if (std::filesystem::exists(folder + merges)) return Codec(Bpe::load_folder(folder));
  }
  return Codec(Characters::load(folder + "/vocab.json"));
}

void Codec::save(const std::string& folder) const {
  if (const Bpe* pairs = bpe()) {
    pairs->save(folder);
  } else {
    std::get<Characters>(kind_).save(folder + "/vocab.json");
    std::error_code none_there;
    std::filesystem::remove(folder + "/merges.txt", none_there);
  }
}

Index Codec::size() const {
  return std::visit([](const auto& kind) { return kind.size(); }, kind_);
}

std::optional<Index> Codec::end_of_text() const { return bpe() != nullptr ? bpe()->end_of_text() : std::nullopt; }

std::vector<Index> Codec::encode(std::string_view text) const {
  return std::visit([&](const auto& kind) { return kind.encode(text); }, kind_);
}

std::string Codec::decode(std::span<const Index> ids) const {
  return std::visit([&](const auto& kind) { return kind.decode(ids); }, kind_);
}

}  // namespace lexigrad::text
