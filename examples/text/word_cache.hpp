// word_cache.hpp: pieces that were encoded before, with their ids: most of a text is words that it has had already.
//
// 65,536 slots of 32 bytes, 2 MiB whatever the text; a new piece takes the place of an old one with the same slot.
// Holds pieces of at most 15 bytes that became at most three tokens; others are encoded anew. A cache serves one thread
// at a time. Read next: bpe_encode.cpp.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "text/bpe_merge.hpp"

namespace lexigrad::text {

class WordCache {
 public:
  static constexpr std::size_t longest = 15;  ///< bytes of a piece
  static constexpr std::size_t most = 3;      ///< ids of a piece

  /// A piece as two numbers: its bytes, zeros behind them, and its length as the last byte.
  struct Key {
    std::uint64_t low, high;
    bool operator==(const Key&) const = default;
  };
  struct alignas(32) Slot {
    Key key{};  ///< zeros (no piece has this key): the slot is empty
    std::array<MergeTable::Id, most> ids;
    std::uint32_t count;
  };

  WordCache() : slots_(std::size_t{1} << bits) {}

  /// The key of the `size` bytes at `piece`, 1 to `longest`, where `readable` bytes may be read.
  static Key key(const char* piece, std::size_t size, std::size_t readable) {
    if (std::endian::native == std::endian::little && readable >= 16) {  // no loop, no branch: two loads and masks
      Key key{};
      std::memcpy(&key.low, piece, 8);
      std::memcpy(&key.high, piece + 8, 8);
      const std::uint64_t length = std::uint64_t{size} << 56;
      return {key.low & masks[size].low, (key.high & masks[size].high) | length};
    }
    std::array<char, 16> bytes{};
    std::memcpy(bytes.data(), piece, size);
    bytes[15] = static_cast<char>(size);
    return std::bit_cast<Key>(bytes);
  }

  /// The slot where the piece is or would be.
  Slot& slot(const Key& key) {
    const std::uint64_t mixed = (key.low ^ std::rotl(key.high, 29)) * 0x9E3779B97F4A7C15u;
    return slots_[static_cast<std::size_t>((mixed ^ (mixed >> 32)) * 0x9E3779B97F4A7C15u >> (64 - bits))];
  }

 private:
  static constexpr int bits = 16;
  static constexpr std::array<Key, longest + 1> masks = [] {
    std::array<Key, longest + 1> result{};
    for (std::size_t size = 1; size <= longest; ++size) {
      const auto ones = [](std::size_t bytes) {
        return bytes >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * bytes) - 1;
      };
      result[size] = {ones(size), size > 8 ? ones(size - 8) : 0};
    }
    return result;
  }();

  std::vector<Slot> slots_;
};

/// Caches for the threads of one loop, made when they are needed and used again.
class CachePool {
 public:
  /// Runs body(cache) with a cache that nobody else has meanwhile.
  template <class Body>
  void with_cache(Body&& body) {
    WordCache cache = take();
    body(cache);
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(cache));
  }

 private:
  WordCache take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return {};
    WordCache cache = std::move(free_.back());
    free_.pop_back();
    return cache;
  }

  std::mutex mutex_;
  std::vector<WordCache> free_;
};

}  // namespace lexigrad::text
