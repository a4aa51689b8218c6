// utf8.cpp: which bytes are UTF-8, what kind a character is, and its lower case.
#include "text/utf8.hpp"

#include <cstdint>

#include "support.hpp"

using namespace support;
using namespace lexigrad::text;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(malformed_sequences_are_found_at_their_first_byte) {
  const std::vector<std::string_view> good{"", "abc", "caf\u00e9 \u4e2d \U0001F600", "\uFFFE\uFFFF", "\U0010FFFF"};
  for (const std::string_view text : good) BOOST_TEST(!first_invalid(text));
  const std::vector<std::pair<std::string_view, std::size_t>> bad{
      {"\x80", 0},              // a continuation byte alone
      {"a\xC3", 1},             // cut
      {"ab\xE4\xB8", 2},        // cut
      {"\xC3(", 0},             // the continuation byte is missing
      {"a\xC0\xAF", 1},         // overlong
      {"a\xE0\x80\xAF", 1},     // overlong
      {"\xED\xA0\x80", 0},      // a surrogate
      {"\xF4\x90\x80\x80", 0},  // over U+10FFFF
      {"\u00e9\xFF", 2},
  };
  for (const auto& [text, at] : bad) {
    BOOST_REQUIRE(first_invalid(text));
    BOOST_TEST(*first_invalid(text) == at);
  }
}

BOOST_AUTO_TEST_CASE(every_code_point_is_written_and_read_back) {
  std::size_t wrong = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    append(text, c);
    const CodePoint back = decode(text, 0);
    if (back.value != c || back.bytes != text.size() || first_invalid(text)) ++wrong;
  }
  BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(a_walk_through_any_bytes_ends) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 37 % 256);
  std::size_t steps = 0;
  for (std::size_t at = 0; at < text.size() && steps <= text.size(); ++steps) at += decode(text, at).bytes;
  BOOST_TEST(steps <= text.size());
  BOOST_TEST(static_cast<std::uint32_t>(decode("\xFFz", 0).value) == 0xFFFDu);
  BOOST_TEST(decode("\xFFz", 0).bytes == 1u);
  std::size_t at = 0;
  BOOST_TEST(static_cast<std::uint32_t>(next_code_point("\u00e9z", at)) == 0xE9u);
  BOOST_TEST(at == 2u);
}

BOOST_AUTO_TEST_CASE(characters_are_of_one_kind) {
  const std::vector<std::pair<Kind, std::u32string>> kinds{
      {Kind::space, U" \t\n\v\f\r\u0085\u00A0\u2003\u2028\u3000"},
      {Kind::control, std::u32string{0x00, 0x07, 0x1B, 0x7F, 0x90}},
      {Kind::letter, U"aZ\u00e9\u00aa\u03a9\u0416\u05d0\u4e2d\u3042"},
      {Kind::mark, U"\u0301\u0940\u00AD\u200C\u200D"},
      {Kind::digit, U"09\u0663\u0967"},
      {Kind::other, U".,-'\"<\u2019\u20ac\u00bd\u2013\U0001F600\uFFFD\u200B"},
  };
  for (const auto& [expected, characters] : kinds) {
    for (const char32_t c : characters) {
      BOOST_TEST((kind(c) == expected), fmt::format("U+{:04X}", static_cast<std::uint32_t>(c)));
    }
  }
}

BOOST_AUTO_TEST_CASE(capitals_and_title_letters_are_upper) {
  for (const char32_t c : {U'A', U'\u00c4', U'\u03a3', U'\u01c5'}) BOOST_TEST(is_upper(c));
  for (const char32_t c : {U'a', U'\u00df', U'1', U'.', U'\u4e2d'}) BOOST_TEST(!is_upper(c));
}

BOOST_AUTO_TEST_CASE(lower_case_is_one_letter_for_one) {
  BOOST_TEST(lowercase("The CAF\u00c9 \u03a3\u039f\u03a3 \u0416 123") == "the caf\u00e9 \u03c3\u03bf\u03c3 \u0436 123");
  BOOST_TEST(lowercase("\u1e9e") == "\u00df");
  BOOST_TEST(lowercase("A\xFF"
                       "B") ==
             "a\xFF"
             "b");
  BOOST_TEST(lowercase("") == "");
}

BOOST_AUTO_TEST_CASE(blank_texts_hold_nothing_but_white_space) {
  for (const char* text : {"", " ", "\t\r\n", "\u00a0\u3000"}) BOOST_TEST(is_blank(text));
  for (const char* text : {"a", " .", "\u200b", "\xFF"}) BOOST_TEST(!is_blank(text));
}

BOOST_AUTO_TEST_SUITE_END()
