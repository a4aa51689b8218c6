// codec.cpp: one kind or the other.
#include "text/codec.hpp"

#include <filesystem>

namespace lexigrad::text {

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
