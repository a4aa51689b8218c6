// pretokenizer.cpp: the pieces of GPT-2's pattern, and the places where a text may be cut in advance.
#include "text/pretokenizer.hpp"

#include "tensor/random.hpp"
#include "text/byte_alphabet.hpp"
#include "text/categories.hpp"
#include "text/support.hpp"
#include "text/utf8.hpp"

namespace {

using namespace support;
using namespace lexigrad::text;
using Pieces = std::vector<std::string>;

Pieces pieces_of(std::string_view text) {
  const auto pieces = split_pieces(text);
  return {pieces.begin(), pieces.end()};
}

// Text out of what the pattern tells apart, malformed bytes among it.
std::string random_text(Rng& rng, Index parts) {
  static const std::vector<std::string> all = {"a",        "B",
                                               "xyz",      "é",
                                               "中",       "7",
                                               "½",        "٣",
                                               " ",        "  ",
                                               "\n",       "\t",
                                               "\xC2\xA0", "\xE3\x80\x80",
                                               "'",        "'s",
                                               "'ll",      "'LL",
                                               "!",        "—",
                                               "🙂",     "\xFF",
                                               "\xE4\xB8", "\xCC\x81",
                                               "_",        "<|endoftext|>"};
  std::string text;
  for (Index i = 0; i < parts; ++i) text += all[below(rng, all.size())];
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pretokenizer)

BOOST_AUTO_TEST_CASE(texts_fall_into_the_pieces_of_the_pattern_D053) {
  const std::vector<std::pair<std::string, Pieces>> cases = {
      {"Hello world", {"Hello", " world"}},
      {" Hello  world", {" Hello", " ", " world"}},
      {"a  b", {"a", " ", " b"}},
      {"a   b ", {"a", "  ", " b", " "}},
      {"I'm you're we've he'd she'll it's don't",
       {"I", "'m", " you", "'re", " we", "'ve", " he", "'d", " she", "'ll", " it", "'s", " don", "'t"}},
      {"IT'S", {"IT", "'", "S"}},
      {"x=1;y=22", {"x", "=", "1", ";", "y", "=", "22"}},
      {"tabs\there", {"tabs", "\t", "here"}},
      {"line1\nline2\n\n", {"line", "1", "\n", "line", "2", "\n\n"}},
      {"\n =", {"\n", " ="}},
      {"3.14 and 1,000", {"3", ".", "14", " and", " 1", ",", "000"}},
      {"café naïve", {"café", " naïve"}},
      {"   ", {"   "}},
      {"", {}},
      {"def f():\n    return  x", {"def", " f", "():", "\n   ", " return", " ", " x"}},
      {"!!!???", {"!!!???"}},
      {"won't've", {"won", "'t", "'ve"}},
  };
  for (const auto& [text, expected] : cases) check_list(pieces_of(text), expected);
}

BOOST_AUTO_TEST_CASE(unicode_decides_what_letters_numbers_and_white_space_are) {
  check_list(pieces_of("日本語 Ünïcödé"), {"日本語", " Ünïcödé"});
  check_list(pieces_of("x² ½Ⅷ٣4"), {"x", "²", " ½Ⅷ٣4"});  // all of N*, not digits only
  check_list(pieces_of("a\u00A0b\u3000\u3000c"), {"a", "\u00A0", "b", "\u3000", "\u3000", "c"});
  check_list(pieces_of("a\u200Bb"), {"a", "\u200B", "b"});  // zero width, no white space
  check_list(pieces_of("a\u001Cb"), {"a", "\u001C", "b"});
  check_list(pieces_of("e\u0301"), {"e", "\u0301"});  // a mark is no letter
  check_list(pieces_of("'\u017F don\u2019t"), {"'", "\u017F", " don", "\u2019", "t"});
  BOOST_TEST((category(0x110000) == Category::other));
  BOOST_TEST((category(0x85) == Category::space));
  BOOST_TEST((category(0x180E) == Category::other));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_other_characters) {
  check_list(pieces_of("a\xFF\xFE!b"), {"a", "\xFF\xFE!", "b"});
  check_list(pieces_of("x \xE4\xB8 y"), {"x", " \xE4\xB8", " y"});
  check_list(pieces_of("\xED\xA0\x80"), {"\xED\xA0\x80"});
  check_list(pieces_of("\xC0\x80"), {"\xC0\x80"});
}

BOOST_AUTO_TEST_CASE(each_byte_has_its_stand_in_D055) {
  const auto& alphabet = byte_alphabet();
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool visible = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    if (visible) BOOST_TEST((alphabet[byte] == byte));
  }
  for (unsigned byte = 0; byte <= 32; ++byte) BOOST_TEST((alphabet[byte] == 256 + byte));
  for (unsigned byte = 127; byte <= 160; ++byte) BOOST_TEST((alphabet[byte] == 289 + byte - 127));
  BOOST_TEST((alphabet[0xAD] == 0x143));
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  BOOST_TEST((unspell(spell(all)) == all));
  BOOST_TEST(spell(" \n") == "ĠĊ");
  BOOST_TEST(!unspell("a b"));
  BOOST_TEST(!unspell("中"));
  BOOST_TEST(bytes_by_alphabet()[0] == '!');
  BOOST_TEST(bytes_by_alphabet()[255] == 0xAD);
}

BOOST_AUTO_TEST_CASE(a_text_cut_in_advance_has_the_same_pieces) {
  Rng rng(7);
  Index cuts = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = random_text(rng, 1 + static_cast<Index>(below(rng, 12)));
    const Pieces whole = pieces_of(text);
    for (std::size_t size = 1; size <= text.size(); ++size) {  // only so much is known of the text
      const auto cut = last_cut(std::string_view(text).substr(0, size));
      if (!cut) continue;
      BOOST_TEST_REQUIRE((*cut > 0 && *cut < size));
      Pieces parts = pieces_of(std::string_view(text).substr(0, *cut));
      const Pieces rest = pieces_of(std::string_view(text).substr(*cut));
      parts.insert(parts.end(), rest.begin(), rest.end());
      BOOST_TEST_REQUIRE((parts == whole), "cut at " << *cut << " of \"" << text << "\"");
      ++cuts;
    }
  }
  BOOST_TEST(cuts > 10000);
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut_into_parts_that_join) {
  std::string text;
  while (text.size() < 2000000) text += "The cat sat on the mat.\n";
  const auto parts = cut_at_pieces(text);
  BOOST_TEST(parts.size() >= 7u);
  std::string joined;
  for (const auto part : parts) joined += part;
  BOOST_TEST((joined == text));
  BOOST_TEST(cut_at_pieces(std::string(1000000, 'a')).size() == 1u);  // no place to cut it
  BOOST_TEST(cut_at_pieces("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
