// utf8.cpp: utf8proc behind the functions of utf8.hpp.
#include "text/utf8.hpp"

#include <algorithm>
#include <array>

#include <utf8proc.h>

namespace lexigrad::text {
namespace {

bool is_space(char32_t c) {  // White_Space of PropList.txt; categories alone miss the tab, the line ends and U+0085
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Bytes of the well-formed sequence at `at`, 0 when there is none.
std::size_t sequence(std::string_view text, std::size_t at, utf8proc_int32_t& value) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
  const auto size = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &value);
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

}  // namespace

std::optional<std::size_t> first_invalid(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t value = 0;
    const std::size_t size = static_cast<unsigned char>(text[at]) < 0x80 ? 1 : sequence(text, at, value);
    if (size == 0) return at;
    at += size;
  }
  return std::nullopt;
}

CodePoint decode(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  utf8proc_int32_t value = 0;
  const std::size_t size = sequence(text, at, value);
  if (size == 0) return {0xFFFD, 1};
  return {static_cast<char32_t>(value), size};
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const CodePoint here = decode(text, at);
  at += here.bytes;
  return here.value;
}

void append(std::string& text, char32_t value) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(value), bytes.data());
  text.append(bytes.begin(), bytes.begin() + size);
}

Kind kind(char32_t value) {
  if (is_space(value)) return Kind::space;
  if (value == 0x00AD || value == 0x200C || value == 0x200D) return Kind::mark;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(value))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return Kind::letter;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return Kind::mark;
    case UTF8PROC_CATEGORY_ND:
      return Kind::digit;
    case UTF8PROC_CATEGORY_CC:
      return Kind::control;
    default:
      return Kind::other;
  }
}

bool is_upper(char32_t value) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(value));
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

char32_t to_lower(char32_t value) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(value)));
}

std::string lowercase(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint here = decode(text, at);
    const char32_t lower = to_lower(here.value);
    if (lower == here.value) {
      result += text.substr(at, here.bytes);
    } else {
      append(result, lower);
    }
    at += here.bytes;
  }
  return result;
}

std::string without_accents(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint here = decode(text, at);
    at += here.bytes;
    if (here.bytes == 1) {
      if (here.value < 0x80) result += static_cast<char>(here.value);
      continue;
    }
    std::array<utf8proc_int32_t, 32> parts{};  // the longest is 18: U+FDFA
    int boundary = 0;
    const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(here.value), parts.data(), parts.size(),
                                               UTF8PROC_COMPAT, &boundary);
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::max<utf8proc_ssize_t>(count, 0)); ++i) {
      const auto part = static_cast<char32_t>(parts[i]);
      if (kind(part) != Kind::mark) append(result, part);
    }
  }
  return result;
}

bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (kind(next_code_point(text, at)) != Kind::space) return false;
  }
  return true;
}

}  // namespace lexigrad::text
