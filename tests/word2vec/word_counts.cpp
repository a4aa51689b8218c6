// word_counts.cpp: the set of words, and the vocabulary.
#include <algorithm>
#include <map>
#include <numeric>

#include "word2vec/support.hpp"

using namespace lexigrad;
using namespace lexigrad::word2vec;

BOOST_AUTO_TEST_SUITE(word_counts)

BOOST_AUTO_TEST_CASE(words_are_numbered_as_they_come_and_found_again) {
  WordIndex index;
  BOOST_TEST(index.find("a") == -1);
  std::map<std::string, Index> expected;
  for (int i = 0; i < 20000; ++i) {
    const std::string word = fmt::format("{}{}", std::string(static_cast<std::size_t>(i % 23), 'x'), i % 6000);
    const auto [place, is_new] = expected.try_emplace(word, index.size());
    BOOST_REQUIRE_EQUAL(index.add(word), place->second);
  }
  BOOST_TEST(index.size() == static_cast<Index>(expected.size()));
  for (const auto& [word, number] : expected) {
    BOOST_REQUIRE_EQUAL(index.find(word), number);
    BOOST_REQUIRE_EQUAL(index.word(number), word);
    BOOST_REQUIRE_EQUAL(index.find(word + "x"), -1);
  }
}

BOOST_AUTO_TEST_CASE(equal_counts_stand_in_the_order_of_their_bytes_D066) {
  const Vocabulary v = vocabulary_of("b a b a c d");
  BOOST_TEST((v.words == std::vector<std::string>{"a", "b", "c", "d"}));
  BOOST_TEST((v.counts == std::vector<Index>{2, 2, 1, 1}));
  BOOST_TEST(v.total == 6);
  BOOST_TEST(v.find("c") == 2);
  BOOST_TEST(v.find("e") == -1);
}

BOOST_AUTO_TEST_CASE(rare_words_and_those_beyond_the_limit_are_left_out) {
  const Vocabulary v = vocabulary_of("a a a b b b c c d", 2, 2);
  BOOST_TEST((v.words == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(v.total == 6);
  BOOST_TEST(v.all_words == 9);
}

BOOST_AUTO_TEST_CASE(a_text_of_rare_words_is_an_error_that_tells_the_highest_count_D080) {
  BOOST_TEST(testing::error_text<ValueError>([] { vocabulary_of("a b c d c", 5); }) ==
             "[vocabulary] no word occurs 5 times (--min-count); the commonest, \"c\", occurs 2");
  BOOST_TEST(testing::error_text<ValueError>([] { vocabulary_of(" \n \n", 5); }) ==
             "[vocabulary] the text has no words");
}

BOOST_AUTO_TEST_CASE(binary_data_and_other_encodings_are_refused) {
  const std::string zero("abc\0def", 7);
  BOOST_TEST(testing::error_text<FileError>([&] { vocabulary_of(zero); }).find("byte 0x00") != std::string::npos);
  BOOST_TEST(testing::error_text<FileError>([] { vocabulary_of("caf\xE9 au lait"); }).find("0xE9 after \"caf\"") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_kept_text_is_the_text_in_ids) {
  const std::string text = random_text(120000);  // several pieces, so every numbering is there
  const Texts texts{std::string_view(text)};
  const Vocabulary v = count_words(texts, WordRule::blanks, {200, 0});
  Place place;
  const std::vector<Piece> pieces = next_pieces(texts, place, 1000);
  BOOST_REQUIRE_GT(pieces.size(), 4u);
  BOOST_REQUIRE_EQUAL(v.text.pieces.size(), pieces.size());
  BOOST_TEST(v.text.kept == pieces.size());
  Index left_out = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    BOOST_TEST(v.text.pieces[i].at.offset == pieces[i].at.offset);
    Sentences sentences(pieces[i].text, WordRule::blanks);
    NumberedSentences numbered(v.text, i);
    std::vector<Index> ids, expected;
    while (numbered.next(ids)) {
      v.index.find(sentences.next(), expected);
      BOOST_REQUIRE(ids == expected);
      left_out += std::count(ids.begin(), ids.end(), -1);
    }
    BOOST_TEST(sentences.next().empty());
  }
  BOOST_TEST(left_out == v.all_words - v.total);
  BOOST_TEST(left_out > 0);
}

BOOST_AUTO_TEST_CASE(numbers_are_packed_in_seven_bits_a_byte) {
  NumberedText text;
  const std::vector<std::pair<Index, std::size_t>> sizes = {{0, 1},     {126, 1},     {127, 2},    {16382, 2},
                                                            {16383, 3}, {2097150, 3}, {2097151, 4}};
  std::vector<std::int32_t> numbers(2097152);
  std::iota(numbers.begin(), numbers.end(), 0);
  text.ids = {numbers};
  for (const auto& [number, bytes] : sizes) {
    NumberedText::Piece piece;
    pack_sentence({number}, piece.bytes);
    BOOST_TEST(piece.bytes.size() == bytes + 1);
    pack_sentence({}, piece.bytes);
    pack_sentence({3, number}, piece.bytes);
    text.pieces = {piece};
    NumberedSentences sentences(text, 0);
    std::vector<Index> ids;
    for (const std::vector<Index>& expected : {std::vector<Index>{number}, {}, {3, number}}) {
      BOOST_TEST(sentences.next(ids));
      BOOST_TEST(ids == expected, boost::test_tools::per_element());
    }
    BOOST_TEST(!sentences.next(ids));
  }
}

BOOST_AUTO_TEST_CASE(counts_do_not_depend_on_pieces) {
  const std::string text = random_text(120000);  // several pieces
  const Vocabulary v = vocabulary_of(text);
  std::map<std::string, Index> expected;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find_first_of(" \n", at);
    ++expected[text.substr(at, end - at)];
    at = end + 1;
  }
  BOOST_TEST(v.size() == static_cast<Index>(expected.size()));
  for (std::size_t i = 0; i < v.words.size(); ++i) BOOST_REQUIRE_EQUAL(v.counts[i], expected[v.words[i]]);
}

BOOST_AUTO_TEST_SUITE_END()
