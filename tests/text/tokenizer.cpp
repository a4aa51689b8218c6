// tokenizer.cpp: where words begin and end, and how they are put together again.
#include "text/tokenizer.hpp"

#include "support.hpp"

using namespace support;
using namespace lexigrad::text;

namespace {

std::string join_all(const std::vector<std::string>& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

std::string joined(const std::vector<std::string_view>& words) { return join_words(words); }

}  // namespace

BOOST_AUTO_TEST_SUITE(tokenizer)

BOOST_AUTO_TEST_CASE(words_numbers_and_marks_are_tokens) {
  check_list(split_words("The cat, 3 dogs; and a (small) bird!"),
             {"The", "cat", ",", "3", "dogs", ";", "and", "a", "(", "small", ")", "bird", "!"});
  check_list(split_words("a.b...c"), {"a", ".", "b", ".", ".", ".", "c"});
  check_list(split_words("3rd x2 \u00bd \u20ac5"), {"3", "rd", "x", "2", "\u00bd", "\u20ac", "5"});
}

BOOST_AUTO_TEST_CASE(an_apostrophe_between_letters_belongs_to_the_word) {
  check_list(split_words("don't king's rock'n'roll l\u2019eau"), {"don't", "king's", "rock'n'roll", "l\u2019eau"});
  check_list(split_words("dogs' 'tis a''b 5's"), {"dogs", "'", "'", "tis", "a", "'", "'", "b", "5", "'", "s"});
}

BOOST_AUTO_TEST_CASE(points_and_commas_between_digits_belong_to_the_number) {
  check_list(split_words("3.14 1,000,000.50 3. 4, .5 6..7"),
             {"3.14", "1,000,000.50", "3", ".", "4", ",", ".", "5", "6", ".", ".", "7"});
}

BOOST_AUTO_TEST_CASE(marks_stay_with_what_they_follow) {
  check_list(split_words("cafe\u0301s co\u00ADop e\u0301"), {"cafe\u0301s", "co\u00ADop", "e\u0301"});
  check_list(split_words("!\u0301 \U0001F469\u200D\U0001F4BB"), {"!\u0301", "\U0001F469\u200D", "\U0001F4BB"});
}

BOOST_AUTO_TEST_CASE(all_white_space_separates) {
  check_list(split_words("\u00a0a\u2003b\u3000c\td\r\ne\u0085f "), {"a", "b", "c", "d", "e", "f"});
  BOOST_TEST(split_words("").empty());
  BOOST_TEST(split_words(" \n\t ").empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_tokens_of_their_own) {
  check_list(split_words("a\xFF\xFE"
                         "b \xC3"),
             {"a", "\xFF", "\xFE", "b", "\xC3"});
  check_list(split_chars("a\xFF\xC3"), {"a", "\xFF", "\xC3"});
}

BOOST_AUTO_TEST_CASE(characters_lose_nothing) {
  const std::string text = "To be,\n or n\u00f6t \u4e2d\r\n\U0001F600 ";
  BOOST_TEST(join_all(split_chars(text)) == text);
  check_list(split_chars("A\u00c4\n"), {"A", "\u00c4", "\n"});
  check_list(split_chars("A\u00c4\n", true), {"a", "\u00e4", "\n"});
}

BOOST_AUTO_TEST_CASE(lower_case_is_made_before_the_cut) {
  check_list(split_words("The K\u00d6NIG's", true), {"the", "k\u00f6nig's"});
}

BOOST_AUTO_TEST_CASE(tokens_point_into_the_text) {
  const std::string text = "  ab cd";
  std::size_t at = 0;
  const std::string_view first = next_word(text, at);
  BOOST_TEST((first.data() == text.data() + 2));
  BOOST_TEST(at == 4u);
  BOOST_TEST(next_word(text, at) == "cd");
  BOOST_TEST(next_word(text, at) == "");
  BOOST_TEST(at == text.size());
  BOOST_TEST(next_char(text, at) == "");
}

BOOST_AUTO_TEST_CASE(words_are_joined_as_a_reader_expects) {
  BOOST_TEST(joined({"He", "said", ",", "\"", "Hi", "!", "\"", "and", "left", "."}) == "He said, \"Hi!\" and left.");
  BOOST_TEST(joined({"a", "(", "very", "well", "-", "known", ")", "word", "…"}) == "a (very well-known) word…");
  BOOST_TEST(joined({"“", "Yes", "”", ",", "50", "%"}) == "“Yes”, 50%");
  BOOST_TEST(joined({}) == "");
  BOOST_TEST(joined({"one"}) == "one");
}

BOOST_AUTO_TEST_CASE(a_tokenizer_cuts_and_joins_by_its_unit) {
  const Tokenizer words{Unit::words, true}, chars{Unit::chars, false};
  check_list(words.split("A b."), {"a", "b", "."});
  check_list(chars.split("A b"), {"A", " ", "b"});
  const std::vector<std::string_view> tokens{"a", "b", "."};
  BOOST_TEST(words.join(tokens) == "a b.");
  BOOST_TEST(chars.join(tokens) == "ab.");
}

// Were any rule to look back or ahead over more than a bounded stretch, these would take hours.
BOOST_AUTO_TEST_CASE(a_line_of_three_megabytes_is_cut_in_one_pass) {
  constexpr std::size_t size = 3'000'000;
  std::string words, joined_letters, marks = ".";
  while (words.size() < size) words += "word ";
  while (joined_letters.size() < size) joined_letters += "a'";
  while (marks.size() < size) marks += "\u0301";
  BOOST_TEST(split_words(words).size() == size / 5);
  BOOST_TEST(split_words(std::string(size, 'x')).size() == 1u);
  BOOST_TEST(split_words(std::string(size, '\'')).size() == size);
  BOOST_TEST(split_words(std::string(size, ' ')).empty());
  BOOST_TEST(split_words(joined_letters).size() == 2u);  // all of it, and the last apostrophe
  BOOST_TEST(split_words(marks).size() == 1u);
  BOOST_TEST(split_words(std::string(size, '\xFF')).size() == size);
  BOOST_TEST(split_chars(words, true).size() == size);
}

BOOST_AUTO_TEST_SUITE_END()
