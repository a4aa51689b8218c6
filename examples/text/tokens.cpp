// tokens.cpp: reading ids of three widths.
#include "text/tokens.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::text {
namespace {

template <class Id>
Tokens owned(std::vector<Id> ids) {
  const auto vector = std::make_shared<const std::vector<Id>>(std::move(ids));
  return {vector, vector->data(), static_cast<int>(sizeof(Id)), static_cast<Index>(vector->size())};
}

// Calls use(ids) with the pointer in its own type.
template <class Use>
auto in_type(const void* data, int bytes, const Use& use) {
  switch (bytes) {
    case 2:
      return use(static_cast<const std::uint16_t*>(data));
    case 4:
      return use(static_cast<const std::uint32_t*>(data));
    default:
      return use(static_cast<const Index*>(data));
  }
}

}  // namespace

Tokens::Tokens(std::vector<Index> ids) : Tokens(owned(std::move(ids))) {}
Tokens::Tokens(std::vector<std::uint16_t> ids) : Tokens(owned(std::move(ids))) {}
Tokens::Tokens(std::vector<std::uint32_t> ids) : Tokens(owned(std::move(ids))) {}

Index Tokens::operator[](Index i) const {
  return in_type(data_, bytes_, [i](const auto* ids) { return static_cast<Index>(ids[i]); });
}

void Tokens::append_to(std::vector<Index>& out, Index first, Index count) const {
  check_range(first, count);
  in_type(data_, bytes_, [&](const auto* ids) { out.insert(out.end(), ids + first, ids + first + count); });
}

Tokens Tokens::part(Index first, Index count) const {
  check_range(first, count);
  return {owner_, static_cast<const char*>(data_) + first * bytes_, bytes_, count};
}

Index Tokens::greatest() const {
  if (size_ == 0) return -1;
  return in_type(data_, bytes_,
                 [this](const auto* ids) { return static_cast<Index>(*std::max_element(ids, ids + size_)); });
}

void Tokens::check_range(Index first, Index count) const {
  if (first >= 0 && count >= 0 && count <= size_ && first <= size_ - count) return;
  throw IndexError("tokens", fmt::format("{} tokens from {} on are outside a stream of {}", count, first, size_));
}

}  // namespace lexigrad::text
