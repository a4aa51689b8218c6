// tokens.cpp: reading ids out of four kinds of places.
#include "text/tokens.hpp"

#include <utility>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::text {
namespace {

template <class Id>
std::shared_ptr<const std::vector<Id>> shared(std::vector<Id> ids) {
  return std::make_shared<const std::vector<Id>>(std::move(ids));
}

Index size_of(const TokenFile& file) { return file.size(); }
Index size_of(const auto& ids) { return static_cast<Index>(ids->size()); }

Index at(const TokenFile& file, Index i) { return file[i]; }
Index at(const auto& ids, Index i) { return static_cast<Index>((*ids)[static_cast<std::size_t>(i)]); }

void append(std::vector<Index>& out, const TokenFile& file, Index first, Index count) {
  const std::size_t before = out.size();
  out.resize(before + static_cast<std::size_t>(count));
  file.read(first, std::span(out).subspan(before));
}
void append(std::vector<Index>& out, const auto& ids, Index first, Index count) {
  out.insert(out.end(), ids->begin() + first, ids->begin() + first + count);
}

}  // namespace

Tokens::Tokens(std::vector<Index> ids) : source_(shared(std::move(ids))) { size_ = size_of(std::get<0>(source_)); }
Tokens::Tokens(std::vector<std::uint16_t> ids) : source_(shared(std::move(ids))) {
  size_ = size_of(std::get<1>(source_));
}
Tokens::Tokens(std::vector<std::uint32_t> ids) : source_(shared(std::move(ids))) {
  size_ = size_of(std::get<2>(source_));
}
Tokens::Tokens(TokenFile file) : source_(std::move(file)) { size_ = size_of(std::get<3>(source_)); }

Index Tokens::operator[](Index i) const {
  return std::visit([&](const auto& source) { return at(source, first_ + i); }, source_);
}

void Tokens::append_to(std::vector<Index>& ids, Index first, Index count) const {
  check_range(first, count);
  std::visit([&](const auto& source) { append(ids, source, first_ + first, count); }, source_);
}

Tokens Tokens::part(Index first, Index count) const {
  check_range(first, count);
  Tokens result = *this;
  result.first_ += first;
  result.size_ = count;
  return result;
}

void Tokens::check_range(Index first, Index count) const {
  if (first >= 0 && count >= 0 && count <= size_ && first <= size_ - count) return;
  throw IndexError("tokens", fmt::format("{} tokens from {} on are outside a stream of {}", count, first, size_));
}

}  // namespace lexigrad::text
