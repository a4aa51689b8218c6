// tokens.hpp: a stream of token ids, 2, 4 or 8 bytes each, that lies in memory or in a file mapped into memory.
//
// Copying shares the stream, as a Tensor shares its buffer; nothing writes into it. Read next: batches.hpp, windows of
// it; token_file.hpp, streams in files.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "tensor/real.hpp"

namespace lexigrad::text {

class Tokens {
 public:
  /// No tokens.
  Tokens() = default;
  /// Takes over a vector.
  ///@{
  Tokens(std::vector<Index> ids);          // NOLINT: a vector is a stream
  Tokens(std::vector<std::uint16_t> ids);  // NOLINT
  Tokens(std::vector<std::uint32_t> ids);  // NOLINT
  ///@}
  /// `size` ids of `bytes` (2, 4 or 8) bytes each from `data` on, which `owner` keeps alive: a mapped file, say.
  Tokens(std::shared_ptr<const void> owner, const void* data, int bytes, Index size)
      : owner_(std::move(owner)), data_(data), bytes_(bytes), size_(size) {}

  Index size() const { return size_; }
  int bytes() const { return bytes_; }  ///< of one id
  /// Id number i, which is not checked.
  Index operator[](Index i) const;
  /// Appends ids first … first + count - 1. Throws IndexError when they are not all there.
  void append_to(std::vector<Index>& ids, Index first, Index count) const;
  /// `count` ids from `first` on, sharing the memory. Throws IndexError when they are not all there.
  Tokens part(Index first, Index count) const;
  /// The greatest id, -1 of none; looks at all of them.
  Index greatest() const;

 private:
  void check_range(Index first, Index count) const;

  std::shared_ptr<const void> owner_;
  const void* data_ = nullptr;
  int bytes_ = 8;
  Index size_ = 0;
};

}  // namespace lexigrad::text
