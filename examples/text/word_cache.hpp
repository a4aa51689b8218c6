// word_cache.hpp: pieces that were encoded before, with their ids: most of a text is words that it has had already.
//
// 65,536 slots of 32 bytes, 2 MiB whatever the text; a new piece takes the place of an old one with the same slot.
// Holds pieces of at most 15 bytes that became at most three tokens; others are encoded anew. A cache serves one thread
// at a time. Read next: bpe_encode.cpp.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "text/bpe_merge.hpp"
#include "text/hashing.hpp"

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

  WordCache() : pairs_(std::size_t{1} << bits) {}

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

  /// The two slots where the piece may be.
  std::size_t pair_of(const Key& key) const {
    return static_cast<std::size_t>(spread(spread(key.low) ^ key.high) >> (64 - bits));
  }
  void prefetch(std::size_t pair) const { __builtin_prefetch(&pairs_[pair]); }

  /// The slot that holds the piece; null where none does.
  const Slot* find(std::size_t pair, const Key& key) const {
    const Pair& slots = pairs_[pair];
    return slots[0].key == key ? &slots[0] : slots[1].key == key ? &slots[1] : nullptr;
  }
  void put(std::size_t pair, const Key& key, const std::vector<MergeTable::Id>& ids) {
    Pair& slots = pairs_[pair];
    slots[1] = slots[0];
    slots[0].key = key;
    slots[0].count = static_cast<std::uint32_t>(ids.size());
    std::copy(ids.begin(), ids.end(), slots[0].ids.begin());
  }

 private:
  struct alignas(64) Pair {
    std::array<Slot, 2> slots;
    Slot& operator[](std::size_t i) { return slots[i]; }
    const Slot& operator[](std::size_t i) const { return slots[i]; }
  };
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

  std::vector<Pair> pairs_;
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
