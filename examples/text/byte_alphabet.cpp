// byte_alphabet.cpp: the alphabet, there and back.
#include "text/byte_alphabet.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

constexpr bool is_visible(unsigned byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

constexpr char32_t alphabet_end = 256 + 68;

std::array<std::int16_t, alphabet_end> inverse() {
  std::array<std::int16_t, alphabet_end> bytes;
  bytes.fill(-1);
  for (std::size_t byte = 0; byte < 256; ++byte) bytes[byte_alphabet()[byte]] = static_cast<std::int16_t>(byte);
  return bytes;
}

}  // namespace

const std::array<char32_t, 256>& byte_alphabet() {
  static const auto alphabet = [] {
    std::array<char32_t, 256> result{};
    char32_t next = 256;
    for (unsigned byte = 0; byte < 256; ++byte) result[byte] = is_visible(byte) ? byte : next++;
    return result;
  }();
  return alphabet;
}

const std::array<std::uint8_t, 256>& bytes_by_alphabet() {
  static const auto bytes = [] {
    std::array<std::uint8_t, 256> result{};
    std::iota(result.begin(), result.end(), std::uint8_t{0});
    std::sort(result.begin(), result.end(),
              [](std::uint8_t a, std::uint8_t b) { return byte_alphabet()[a] < byte_alphabet()[b]; });
    return result;
  }();
  return bytes;
}

std::string spell(std::string_view bytes) {
  std::string word;
  for (const char byte : bytes) append(word, byte_alphabet()[static_cast<unsigned char>(byte)]);
  return word;
}

std::optional<std::string> unspell(std::string_view word) {
  static const auto bytes = inverse();
  std::string result;
  for (std::size_t at = 0; at < word.size();) {
    const char32_t c = next_code_point(word, at);
    if (c >= alphabet_end || bytes[c] < 0) return std::nullopt;
    result += static_cast<char>(bytes[c]);
  }
  return result;
}

}  // namespace lexigrad::text
