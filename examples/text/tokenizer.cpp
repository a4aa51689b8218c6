// tokenizer.cpp: the rules for words, one pass over the code points, and the rules for blanks when printing.
#include "text/tokenizer.hpp"

#include <algorithm>
#include <array>

#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

bool is_apostrophe(char32_t c) { return c == U'\'' || c == 0x2019; }
bool is_point(char32_t c) { return c == U'.' || c == U','; }
bool joins_nothing(char32_t) { return false; }

Kind kind_at(std::string_view text, std::size_t at) { return kind(decode(text, at).value); }

// Moves `at` over marks and over what is of the kind `wanted`, and over one joiner at a time where `wanted` follows it.
void extend(std::string_view text, std::size_t& at, Kind wanted, bool (*joins)(char32_t)) {
  while (at < text.size()) {
    const CodePoint here = decode(text, at);
    const Kind found = kind(here.value);
    const std::size_t next = at + here.bytes;
    const bool inside = found == wanted || found == Kind::mark;
    if (!inside && !(joins(here.value) && next < text.size() && kind_at(text, next) == wanted)) return;
    at = next;
  }
}

using Next = std::string_view (*)(std::string_view, std::size_t&);

std::vector<std::string> split(std::string_view text, bool lower, Next next) {
  std::string lowered;
  if (lower) text = lowered = lowercase(text);
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view token = next(text, at);
    if (!token.empty()) tokens.emplace_back(token);
  }
  return tokens;
}

template <std::size_t N>
bool is_one_of(std::string_view token, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), token) != list.end();
}

constexpr std::array<std::string_view, 16> no_blank_before = {".", ",", ";", ":", "!", "?", "'", ")",
                                                              "]", "}", "%", "…", "’", "”", "-", "‐"};
constexpr std::array<std::string_view, 7> no_blank_after = {"(", "[", "{", "“", "‘", "-", "‐"};

}  // namespace

std::string_view next_word(std::string_view text, std::size_t& at) {
  while (at < text.size() && kind_at(text, at) == Kind::space) at += decode(text, at).bytes;
  if (at >= text.size()) return {};
  const std::size_t begin = at;
  switch (kind(next_code_point(text, at))) {
    case Kind::letter:
    case Kind::mark:
      extend(text, at, Kind::letter, is_apostrophe);
      break;
    case Kind::digit:
      extend(text, at, Kind::digit, is_point);
      break;
    default:
      extend(text, at, Kind::mark, joins_nothing);
  }
  return text.substr(begin, at - begin);
}

std::string_view next_char(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return {};
  const std::size_t begin = at;
  next_code_point(text, at);
  return text.substr(begin, at - begin);
}

std::vector<std::string> split_words(std::string_view text, bool lowercase) {
  return split(text, lowercase, next_word);
}

std::vector<std::string> split_chars(std::string_view text, bool lowercase) {
  return split(text, lowercase, next_char);
}

std::string join_words(std::span<const std::string_view> words) {
  std::string text;
  bool glued = true;  // no blank before the next word, as the one before it wants none after it
  bool quoted = false;
  for (const std::string_view word : words) {
    const bool quote = word == "\"";
    const bool closing = quote && quoted;
    if (quote) quoted = !quoted;
    if (!glued && !closing && !is_one_of(word, no_blank_before)) text += ' ';
    text += word;
    glued = (quote && !closing) || is_one_of(word, no_blank_after);
  }
  return text;
}

std::vector<std::string> Tokenizer::split(std::string_view text) const {
  return unit == Unit::words ? split_words(text, lowercase) : split_chars(text, lowercase);
}

std::string Tokenizer::join(std::span<const std::string_view> tokens) const {
  if (unit == Unit::words) return join_words(tokens);
  std::string text;
  for (const std::string_view token : tokens) text += token;
  return text;
}

}  // namespace lexigrad::text
