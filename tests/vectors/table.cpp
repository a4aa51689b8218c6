// table.cpp: which word is which row, lengths, and what is refused.
#include "support.hpp"

#include <cmath>
#include <limits>

using namespace support;

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(a_word_is_found_by_its_exact_spelling) {
  const WordTable t({"cat", "Cat", ""}, tensor({3, 1}, {1, 2, 3}));
  BOOST_TEST(*t.find("Cat") == 1);
  BOOST_TEST(*t.find("") == 2);
  BOOST_TEST(!t.find("ca"));
  BOOST_TEST(!WordTable().find("cat"));
}

BOOST_AUTO_TEST_CASE(an_unknown_word_is_named_with_near_spellings_D078) {
  const WordTable t = parse_vectors(n6, "n6");
  const std::string text = error_text<IndexError>([&] { t.id("kind"); });
  check_has(text, "\"kind\"");
  check_has(text, "near spellings: king");
  check_has(error_text<IndexError>([&] { t.id("QUEEN"); }), "queen");
  check_has(error_text<IndexError>([&] { t.id(""); }), "the word is empty");
  check_has(error_text<IndexError>([&] { t.id("kign"); }), "near spellings: king");  // two letters swapped
  const WordTable german = parse_vectors("m\u00fcnchen 1 2\nwei\u00df 2 1\n", "german");
  check_has(error_text<IndexError>([&] { german.id("Munchem"); }), "near spellings: m\u00fcnchen");
  const WordTable odd = parse_vectors("ca\x1B 1 2\n", "odd");
  check_has(error_text<IndexError>([&] { odd.id("ca\x07"); }),
            "\"ca\\x07\" is not among the 1 words; near spellings: ca\\x1B");
}

BOOST_AUTO_TEST_CASE(every_word_of_a_large_table_is_found_after_a_copy_and_a_move) {
  std::vector<std::string> words;
  for (int i = 0; i < 5000; ++i) words.push_back(fmt::format("w{}", i));
  WordTable first(words, zeros({5000, 2}));
  const WordTable copy = first;
  const WordTable moved = std::move(first);
  for (Index i = 0; i < 5000; ++i) {
    BOOST_REQUIRE_EQUAL(copy.id(words[static_cast<std::size_t>(i)]), i);
    BOOST_REQUIRE_EQUAL(moved.id(words[static_cast<std::size_t>(i)]), i);
  }
}

BOOST_AUTO_TEST_CASE(a_word_given_twice_is_found_at_its_first_row) {
  BOOST_TEST(WordTable({"a", "b", "a"}, zeros({3, 2})).id("a") == 0);
}

BOOST_AUTO_TEST_CASE(unit_rows_have_length_one_zero_stays_zero_and_bad_rows_are_marked) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const WordTable t({"x", "zero", "bad", "tiny", "huge"},
                    tensor({5, 2}, {3, 4, 0, 0, nan, 1, 3e-30, 4e-30, 3e30, 4e30}));
  const Tensor unit = t.unit_rows();
  for (const Index row : {0, 3, 4}) {
    BOOST_TEST(static_cast<double>(unit(row, 0)) == 0.6, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(t.unit_row(row)[1] == 0.8, boost::test_tools::tolerance(1e-6));
  }
  BOOST_TEST(unit(1, 0) == 0);
  BOOST_TEST(unit(2, 1) == 0);
  BOOST_TEST(!t.has_direction(1));
  BOOST_TEST(!t.is_bad(1));
  BOOST_TEST(t.is_bad(2));
  BOOST_TEST(t.has_direction(3));
}

BOOST_AUTO_TEST_CASE(words_and_rows_must_be_as_many) {
  check_has(error_text<ShapeError>([] { WordTable({"a"}, zeros({2, 3})); }), "vectors [2, 3]: 1 words");
  BOOST_CHECK_THROW(WordTable({"a"}, zeros({1})), ShapeError);
  BOOST_CHECK_THROW(WordTable({}, Tensor()), ShapeError);
}

BOOST_AUTO_TEST_CASE(a_write_into_the_shared_buffer_is_noticed) {
  Tensor numbers = ones({1, 2});
  const WordTable t({"a"}, numbers);
  numbers.fill(2);
  check_has(error_text<StateError>([&] { t.unit_rows(); }), "make a new table");
}

BOOST_AUTO_TEST_CASE(known_words_come_in_the_order_asked_for) {
  const WordTable t = parse_vectors(n6, "n6");
  const std::vector<Index> expected{4, 0};
  BOOST_TEST(t.known(std::vector<std::string>{"apple", "plum", "king"}) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
