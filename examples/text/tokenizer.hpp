// tokenizer.hpp: a text cut into words or into characters, and put together again for printing.
//
// Words are for reading: white space goes, and join_words() only guesses where it was. Characters lose nothing. These
// are not the pieces of GPT-2; the byte-pair tokenizer of the gpt2 program is another matter.
// Read next: vocabulary.hpp, where tokens become ids.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lexigrad::text {

/// The next word at or after byte `at`, which moves behind it; empty at the end of the text. The result points into
/// `text`. White space separates and is dropped; a token is one of
///   a run of letters with inner apostrophes (' or U+2019):  don't  king's  café
///   a run of digits with inner points and commas:           3.14   1,000
///   any other single code point:                            .  -  "  €
/// with the combining marks that follow. Bytes that are not UTF-8 are a token each. Takes time linear in the text.
std::string_view next_word(std::string_view text, std::size_t& at);

/// The next code point, whatever it is, line ends included; empty at the end of the text.
std::string_view next_char(std::string_view text, std::size_t& at);

/// All words of a text; with `lowercase` in simple lower case (utf8.hpp).
std::vector<std::string> split_words(std::string_view text, bool lowercase = false);
/// All code points of a text. Joined they are the text again (or its lower case).
std::vector<std::string> split_chars(std::string_view text, bool lowercase = false);

/// The words with blanks as a reader expects them: none before . , ; : ! ? ' ) ] and the like, none after ( [, none
/// around a hyphen; the marks " open and close by turns.
std::string join_words(std::span<const std::string_view> words);

/// What one token is.
enum class Unit { words, chars };

/// A choice of the functions above, as programs carry it around and keep it with a model.
struct Tokenizer {
  Unit unit = Unit::words;
  bool lowercase = false;

  std::vector<std::string> split(std::string_view text) const;
  std::string join(std::span<const std::string_view> tokens) const;
};

}  // namespace lexigrad::text
