// codec.cpp: one call or the other.
#include "train_gpt/codec.hpp"

namespace lexigrad::train_gpt {

Codec Codec::load(const std::string& folder) { return Codec(text::Characters::load(folder + "/vocab.json")); }

void Codec::save(const std::string& folder) const {
  std::visit([&](const auto& kind) { kind.save(folder + "/vocab.json"); }, kind_);
}

Index Codec::size() const {
  return std::visit([](const auto& kind) { return kind.size(); }, kind_);
}

std::optional<Index> Codec::end_of_text() const { return std::nullopt; }

std::vector<Index> Codec::encode(std::string_view text) const {
  return std::visit([&](const auto& kind) { return kind.encode(text); }, kind_);
}

std::string Codec::decode(std::span<const Index> ids) const {
  return std::visit([&](const auto& kind) { return kind.decode(ids); }, kind_);
}

}  // namespace lexigrad::train_gpt
