// printable.cpp: a small UTF-8 decoder, and what of it is fit for a line of text.
#include "nn/printable.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr std::size_t most_shown = 64;

bool in(char32_t value, char32_t first, char32_t last) { return first <= value && value <= last; }

// Controls (C0, DEL, C1), and the marks that end lines or turn the direction of what follows.
bool unfit(char32_t value) {
  return value < 0x20 || in(value, 0x7F, 0x9F) || in(value, 0x200E, 0x200F) || in(value, 0x2028, 0x202E) ||
         in(value, 0x2066, 0x2069);
}

}  // namespace

std::size_t decode_utf8(std::string_view text, char32_t& value) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) {
    value = first;
    return text.empty() ? 0 : 1;
  }
  const std::size_t size = in(first, 0xC2, 0xDF) ? 2 : in(first, 0xE0, 0xEF) ? 3 : in(first, 0xF0, 0xF4) ? 4 : 0;
  if (size == 0) return 0;
  value = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
    value = value << 6 | (byte(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  return overlong || in(value, 0xD800, 0xDFFF) || value > 0x10FFFF ? 0 : size;
}

std::string printable(std::string_view text) {
  if (text.empty()) return "\"\"";
  std::string result;
  std::size_t at = 0;
  while (at < text.size() && result.size() < most_shown) {
    char32_t value = 0;
    const std::size_t size = decode_utf8(text.substr(at), value);
    const std::string_view bytes = text.substr(at, std::max<std::size_t>(size, 1));
    if (size > 0 && !unfit(value)) {
      result += bytes;
    } else {
      for (const unsigned char byte : bytes) result += fmt::format("\\x{:02X}", byte);
    }
    at += bytes.size();
  }
  if (at < text.size()) result += fmt::format("... ({} bytes)", text.size());
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
