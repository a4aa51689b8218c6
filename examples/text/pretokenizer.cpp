// pretokenizer.cpp: the pattern as a scanner. Each alternative begins with another kind of character, so the first
// character and, after a blank, the second decide which it is; the rest is walking to the end of the run.
#include "text/pretokenizer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "text/categories.hpp"
#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

// What one byte says: a category, or that a longer sequence begins (or that the byte is malformed).
constexpr std::uint8_t beyond_ascii = 255;
constexpr std::array<std::uint8_t, 256> byte_classes = [] {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    const Category category = letter                 ? Category::letter
                              : c >= '0' && c <= '9' ? Category::number
                              : space                ? Category::space
                                                     : Category::other;
    classes[c] = c < 0x80 ? static_cast<std::uint8_t>(category) : beyond_ascii;
  }
  return classes;
}();

std::uint8_t class_of(char byte) { return byte_classes[static_cast<unsigned char>(byte)]; }

struct Character {
  Category category = Category::other;
  std::size_t bytes = 1;
};

Character character_at(std::string_view text, std::size_t at) {
  const std::uint8_t ascii = class_of(text[at]);
  if (ascii != beyond_ascii) return {static_cast<Category>(ascii), 1};
  const CodePoint here = decode(text, at);  // malformed: U+FFFD and one byte, which is `other`
  return {category(here.value), here.bytes};
}

// Behind the ASCII letters from `at` on. Eight bytes at a time, each in a byte of a number: a branch for each letter
// would be guessed wrong once a word.
std::size_t letters_end(std::string_view text, std::size_t at) {
  constexpr std::uint64_t each = 0x0101010101010101u, high = 0x80 * each;
  while (std::endian::native == std::endian::little && at + 8 <= text.size()) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, 8);
    const std::uint64_t small = (bytes | 0x20 * each) & ~high;     // of letters the small one
    const std::uint64_t from_a = small + (0x80 - 'a') * each;      // high bit of a byte: not before 'a'
    const std::uint64_t past_z = small + (0x80 - 'z' - 1) * each;  // high bit: behind 'z'
    const std::uint64_t others = (~(from_a & ~past_z) | bytes) & high;
    if (others != 0) return at + static_cast<std::size_t>(std::countr_zero(others)) / 8;
    at += 8;
  }
  while (at < text.size() && class_of(text[at]) == static_cast<std::uint8_t>(Category::letter)) ++at;
  return at;
}

// Behind the run of characters of this category that `at` is in.
std::size_t run_end(std::string_view text, std::size_t at, Category wanted) {
  for (;;) {
    if (wanted == Category::letter) at = letters_end(text, at);
    while (at < text.size() && class_of(text[at]) == static_cast<std::uint8_t>(wanted)) ++at;
    if (at == text.size() || class_of(text[at]) != beyond_ascii) return at;
    const Character here = character_at(text, at);
    if (here.category != wanted) return at;
    at += here.bytes;
  }
}

// Bytes of the contraction at `at`, where an apostrophe stands; 0 when there is none.
std::size_t contraction(std::string_view text, std::size_t at) {
  const char first = at + 1 < text.size() ? text[at + 1] : '\0';
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
  const char second = at + 2 < text.size() ? text[at + 2] : '\0';
  const bool three =
      (first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l');
  return three ? 3 : 0;
}

// Behind the white space from `at` on; its last character is left out if something follows, unless it is the only one.
std::size_t space_end(std::string_view text, std::size_t at) {
  std::size_t end = at, last = at;  // `last` is where the last character of the run begins
  while (end < text.size()) {
    const Character here = character_at(text, end);
    if (here.category != Category::space) return last > at ? last : end;
    last = end;
    end += here.bytes;
  }
  return end;
}

// The character that ends before byte `at` > 0. Where it begins can be told from the bytes before: a lead byte is never
// inside another character.
Category category_before(std::string_view text, std::size_t at) {
  if (class_of(text[at - 1]) != beyond_ascii) return static_cast<Category>(class_of(text[at - 1]));
  for (std::size_t back = 2; back <= std::min<std::size_t>(at, 4); ++back) {
    const Character here = character_at(text.substr(0, at), at - back);
    if (here.bytes == back) return here.category;
  }
  return Category::other;
}

bool cuts(Category before, Category after) {
  if (before == Category::space || before == after) return false;
  return after == Category::space || before != Category::other;
}

}  // namespace

std::size_t piece_end(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  if (text[at] == ' ' && at + 1 < text.size()) {
    ++begin;
  } else if (text[at] == '\'') {
    const std::size_t bytes = contraction(text, at);
    if (bytes > 0) return at + bytes;
  }
  const Character first = character_at(text, begin);
  if (first.category == Category::space) return space_end(text, at);
  return run_end(text, begin + first.bytes, first.category);
}

std::size_t piece_ends(std::string_view text, std::size_t at, std::span<std::size_t> ends) {
  std::size_t count = 0;
  for (; count < ends.size() && at < text.size(); ++count) ends[count] = at = piece_end(text, at);
  return count;
}

std::vector<std::string_view> split_pieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = piece_end(text, at);
    pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

std::optional<std::size_t> last_cut(std::string_view text, std::size_t from) {
  for (std::size_t at = text.size(); at-- > from;) {
    const auto byte = static_cast<unsigned char>(text[at]);
    // Not inside a character, nor where the one that begins here may still lack bytes.
    if (byte >= 0x80 && (byte < 0xC0 || at + 4 > text.size())) continue;
    if (cuts(category_before(text, at), character_at(text, at).category)) return at;
  }
  return std::nullopt;
}

std::vector<std::string_view> cut_at_pieces(std::string_view text) {
  constexpr std::size_t step = 256 * 1024;
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t size = std::min(step, text.size()), searched = 1;
    std::optional<std::size_t> cut;
    while (size < text.size() && !(cut = last_cut(text.substr(0, size), searched))) {
      searched = size - 3;
      size = std::min(size + step, text.size());
    }
    parts.push_back(text.substr(0, cut.value_or(size)));
    text.remove_prefix(parts.back().size());
  }
  return parts;
}

}  // namespace lexigrad::text
