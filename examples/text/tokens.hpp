// tokens.hpp: a stream of token ids, in memory or in a file that is mapped into it.
//
// Copying shares the stream, as a Tensor shares its buffer; nothing writes into it. Read next: batches.hpp, windows of
// it; token_file.hpp, streams in files.
#pragma once
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "tensor/real.hpp"
#include "text/token_file.hpp"

namespace lexigrad::text {

class Tokens {
 public:
  /// No tokens.
  Tokens() : Tokens(std::vector<Index>()) {}
  /// Takes over a vector, or shares a file.
  ///@{
  Tokens(std::vector<Index> ids);          // NOLINT: a vector is a stream
  Tokens(std::vector<std::uint16_t> ids);  // NOLINT
  Tokens(std::vector<std::uint32_t> ids);  // NOLINT
  Tokens(TokenFile file);                  // NOLINT
  ///@}

  Index size() const { return size_; }
  /// Id number i, of which nothing is checked.
  Index operator[](Index i) const;
  /// Appends ids first … first + count - 1. Throws IndexError when they are not all there, and FileError for an id of a
  /// file that is not below its vocabulary.
  void append_to(std::vector<Index>& ids, Index first, Index count) const;
  /// `count` ids from `first` on, sharing the memory. Throws IndexError when they are not all there.
  Tokens part(Index first, Index count) const;

 private:
  template <class Id>
  using Shared = std::shared_ptr<const std::vector<Id>>;

  void check_range(Index first, Index count) const;

  std::variant<Shared<Index>, Shared<std::uint16_t>, Shared<std::uint32_t>, TokenFile> source_;
  Index first_ = 0, size_ = 0;  // the part of the source that this is
};

}  // namespace lexigrad::text
