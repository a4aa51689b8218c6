// utf8.hpp: the few questions about Unicode that text processing here asks, answered by utf8proc.
//
// Texts are std::string in UTF-8 everywhere; only single code points are decoded. This is not a Unicode library: no
// normalization, no collation, no scripts without blanks between words.
// Read next: tokenizer.hpp.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lexigrad::text {

/// Byte offset of the first malformed sequence, nothing when all of `text` is UTF-8. Malformed are: a stray or missing
/// continuation byte, an overlong form, a surrogate, a value over U+10FFFF, a sequence cut at the end.
std::optional<std::size_t> first_invalid(std::string_view text);

/// One code point and the bytes it takes in the text.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
};

/// The code point that begins at byte `at` (which must be inside the text). A malformed sequence gives U+FFFD and one
/// byte, so that walking through any bytes ends.
CodePoint decode(std::string_view text, std::size_t at);

/// The same as a walk: gives the value and moves `at` behind it.
char32_t next_code_point(std::string_view text, std::size_t& at);

/// Appends the UTF-8 bytes of one code point.
void append(std::string& text, char32_t value);

/// What a tokenizer wants to know of a character.
enum class Kind {
  space,    ///< Unicode White_Space: the blank, tab, line ends, U+00A0, U+2003 …
  control,  ///< category Cc, where it is not white space
  letter,   ///< categories L*
  mark,     ///< categories M*, and what joins or hyphenates inside a word: U+00AD, U+200C, U+200D
  digit,    ///< category Nd: 0 … 9 and the decimal digits of other scripts
  other     ///< punctuation, symbols, fractions, emoji, unassigned
};
Kind kind(char32_t value);

/// True for a capital or title-case letter (categories Lu, Lt).
bool is_upper(char32_t value);

/// Simple lower case, one code point for one, independent of language and place in the word (Σ gives σ, never ς).
char32_t to_lower(char32_t value);
/// The same for each code point of a text; malformed bytes stay as they are.
std::string lowercase(std::string_view text);

/// The text without its accents: each character is taken apart (NFKD: é is e and an accent, ﬁ is f and i), and what is
/// of a category M* goes. Malformed bytes go too.
std::string without_accents(std::string_view text);

/// True when every code point is white space, and for "".
bool is_blank(std::string_view text);

}  // namespace lexigrad::text
