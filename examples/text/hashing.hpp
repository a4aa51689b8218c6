// hashing.hpp: a number from bytes: for hash tables that live as long as the process, and for files.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lexigrad::text {

/// Spreads the bits of a number: multiplied by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4), the
/// upper half folded onto the lower.
inline std::uint64_t spread(std::uint64_t value) {
  value *= 0x9E3779B97F4A7C15u;
  return value ^ (value >> 32);
}

/// Eight bytes at a time.
inline std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    hash = spread(hash ^ word);
  }
  return spread(hash);
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo), of numbers or bytes: the same in every process, so it may stand in a file.
class Fnv1a {
 public:
  void mix(std::uint64_t number) { value_ = (value_ ^ number) * 1099511628211U; }
  void mix(std::string_view bytes) {
    for (const char byte : bytes) mix(std::uint64_t{static_cast<unsigned char>(byte)});
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037U;
};

}  // namespace lexigrad::text
