// bpe.cpp: the tables of a tokenizer, and decoding, which is looking up.
#include "text/bpe.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "text/bpe_parts.hpp"
#include "text/bpe_stream.hpp"
#include "text/byte_alphabet.hpp"
#include "text/hashing.hpp"

namespace lexigrad::text {
namespace {

using Id = Bpe::Id;
constexpr Id none = MergeTable::none;

template <class Number>
std::string decode_bytes(const Bpe& bpe, std::span<const Number> ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    try {
      text += bpe.bytes(static_cast<Index>(ids[i]));
    } catch (const IndexError& error) {
      throw IndexError("decode", fmt::format("position {}: {}", i, error.reason()));
    }
  }
  return text;
}

}  // namespace

Bpe::Parts Bpe::Parts::in_order(std::span<const Merge> merges, std::span<const std::string> specials) {
  Parts parts;
  std::unordered_map<std::string, Id> ids;
  const auto id_of = [&](const std::string& bytes) {
    const auto [place, fresh] = ids.emplace(bytes, static_cast<Id>(parts.tokens.size()));
    if (fresh) parts.tokens.emplace_back(bytes);
    return place->second;
  };
  for (const std::uint8_t byte : bytes_by_alphabet()) id_of(std::string(1, static_cast<char>(byte)));
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const auto known = [&](const std::string& bytes) {
      const auto place = ids.find(bytes);
      if (place != ids.end()) return place->second;
      throw ValueError("merges", fmt::format("merge {}: '{}' is neither a byte nor made by a merge before", i,
                                             printable(spell(bytes))));
    };
    const auto& [left, right] = merges[i];
    const Id l = known(left), r = known(right);
    parts.merges.push_back({l, r, {static_cast<Id>(i), id_of(left + right)}});
  }
  for (const std::string& name : specials) {
    if (!is_special_name(name)) {
      throw ValueError("merges", fmt::format("special token '{}': expected a name of the form <…>", printable(name)));
    }
    if (ids.contains(name)) {
      throw ValueError("merges", fmt::format("special token '{}' is there already", printable(name)));
    }
    parts.specials.push_back(static_cast<Index>(id_of(name)));
  }
  return parts;
}

Bpe::Bpe(std::span<const Merge> merges, std::span<const std::string> specials)
    : Bpe(Parts::in_order(merges, specials)) {}

Bpe::Bpe(Parts&& parts) : table_(parts.merges.size()), specials_(std::move(parts.specials)) {
  const std::size_t size = parts.tokens.size();
  byte_ids_.fill(none);
  begins_.push_back(0);
  by_bytes_.assign(std::bit_ceil(2 * size + 2), {0, none});
  for (std::size_t id = 0; id < size; ++id) {
    const std::string bytes = parts.tokens[id].value_or("");
    if (bytes.size() > std::numeric_limits<std::uint32_t>::max() - all_bytes_.size()) {
      throw ValueError("merges", "the tokens are longer than 4 GiB together");
    }
    all_bytes_ += bytes;
    begins_.push_back(static_cast<std::uint32_t>(all_bytes_.size()));
    has_token_.push_back(parts.tokens[id] ? 1 : 0);
    if (!parts.tokens[id] || find(bytes)) continue;
    const std::uint64_t hash = hash_of(bytes);
    std::size_t slot = hash & (by_bytes_.size() - 1);
    while (by_bytes_[slot].id != none) slot = (slot + 1) & (by_bytes_.size() - 1);
    by_bytes_[slot] = {static_cast<std::uint32_t>(hash >> 32), static_cast<Id>(id)};
    if (bytes.size() == 1) byte_ids_[static_cast<unsigned char>(bytes[0])] = static_cast<Id>(id);
  }
  tokens_ = std::count(has_token_.begin(), has_token_.end(), 1);
  for (const auto& [left, right, found] : parts.merges) {
    if (table_.add(left, right, found.rank, found.id)) continue;
    throw ValueError("merges", fmt::format("the merge of '{}' and '{}' is there twice", printable(spell(bytes(left))),
                                           printable(spell(bytes(right)))));
  }
  find_whole_tokens(parts.whole_tokens);
}

void Bpe::find_whole_tokens(bool all) {
  whole_.assign(has_token_.size(), 0);
  std::vector<Id> ids;
  for (Index id = 0; id < size(); ++id) {
    const auto place = static_cast<std::size_t>(id);
    if (has_token_[place] == 0 || bytes(id).empty()) continue;
    if (all) {
      whole_[place] = 1;
      continue;
    }
    ids.clear();
    bool known = true;
    for (const char byte : bytes(id)) {
      ids.push_back(byte_ids_[static_cast<unsigned char>(byte)]);
      known = known && ids.back() != none;
    }
    if (!known) continue;
    merge_all(table_, ids, 0);
    whole_[place] = ids.size() == 1 && ids[0] == static_cast<Id>(id);
  }
  for (const Index id : specials_) whole_[static_cast<std::size_t>(id)] = 0;
}

std::string_view Bpe::bytes(Index id) const {
  if (id < 0 || id >= size()) {
    throw IndexError("token", fmt::format("id {} is outside the vocabulary of {}", id, size()));
  }
  const auto place = static_cast<std::size_t>(id);
  if (has_token_[place] == 0) throw IndexError("token", fmt::format("id {} has no token", id));
  return std::string_view(all_bytes_).substr(begins_[place], begins_[place + 1] - begins_[place]);
}

std::optional<Index> Bpe::find(std::string_view wanted) const {
  const std::uint64_t hash = hash_of(wanted);
  for (std::size_t slot = hash;; ++slot) {
    const auto [tag, id] = by_bytes_[slot & (by_bytes_.size() - 1)];
    if (id == none) return std::nullopt;
    if (tag == hash >> 32 && bytes(static_cast<Index>(id)) == wanted) return static_cast<Index>(id);
  }
}

std::string Bpe::decode(std::span<const Index> ids) const { return decode_bytes(*this, ids); }

std::string Bpe::decode(std::span<const Id> ids) const { return decode_bytes(*this, ids); }

std::string Bpe::decode_text(std::span<const Index> ids) const { return valid_text(decode(ids)); }

}  // namespace lexigrad::text
