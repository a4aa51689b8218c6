// categories.hpp: what GPT-2's pattern asks of a character: a letter, a number, white space, or none of them.
//
// Not text/utf8.hpp's kind(), whose classes are those of words: here marks are no letters, and all of N* are numbers.
// Read next: pretokenizer.hpp.
#pragma once
#include <cstdint>

namespace lexigrad::text {

/// The classes of the pattern: \p{L}, \p{N}, \s, and [^\s\p{L}\p{N}].
enum class Category : std::uint8_t { other, letter, number, space };

/// The class of a code point; `other` for what is no code point. \s is Unicode's White_Space. Categories are those of
/// the Unicode version that utf8proc was made for (2.8: Unicode 14); what was assigned later counts as `other`.
Category category(char32_t value);

}  // namespace lexigrad::text
