// word2vec_binary.cpp: what the reader of word2vec's binary format takes and refuses, and that written files read back.
#include "vectors/word2vec_binary.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "support.hpp"
#include "vectors/formats.hpp"

using namespace support;

namespace {

std::string bytes_of(const std::vector<float>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)};
}

// The table of case D073, with or without a line end behind each row.
std::string cat_and_dog(const std::string& end) {
  return "2 3\ncat " + bytes_of({1, 2, 3}) + end + "dog " + bytes_of({-1, 0.5, 0}) + end;
}

std::string refusal(std::string_view bytes) {
  return error_text<FileError>([&] { parse_word2vec_binary(bytes, "v.bin"); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(word2vec_binary)

BOOST_AUTO_TEST_CASE(both_habits_of_line_ends_are_read_D073) {
  const Folder folder;
  for (const char* end : {"\n", "", "\r\n"}) {
    write_text_file(folder.file("v.bin"), cat_and_dog(end));
    for (const WordTable& t : {read_word2vec_binary(folder.file("v.bin")), load_table(folder.file("v.bin"))}) {
      check_words(t, {"cat", "dog"});
      check_numbers(t, {1, 2, 3, -1, 0.5, 0});
      BOOST_TEST(t.warnings.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_first_rows_can_be_read_alone) {
  const WordTable t = parse_word2vec_binary(cat_and_dog("\n"), "v.bin", 1);
  check_words(t, {"cat"});
  check_numbers(t, {1, 2, 3});
  BOOST_TEST(parse_word2vec_binary(cat_and_dog("\n"), "v.bin", 100).size() == 2);
}

BOOST_AUTO_TEST_CASE(a_file_that_ends_early_or_late_is_refused_with_the_numbers) {
  const std::string whole = cat_and_dog("\n");
  check_has(refusal(whole.substr(0, whole.size() - 5)), "v.bin: the header says 2 words, the file ends after 1");
  check_has(refusal(whole.substr(0, 8)), "the header says 2 words of 3 numbers, and 4 bytes follow");
  check_has(refusal("1" + whole.substr(1)), "the header says 1 words, and 17 bytes follow them");
  check_has(refusal("3" + whole.substr(1)), "the header says 3 words, the file ends after 2");
  check_has(refusal(""), "the file is empty");
  check_has(refusal("cat dog\n"), "expected the header");
  check_has(refusal("2 0\n"), "expected the header");
  check_has(refusal("1 1\n" + std::string(" ") + bytes_of({1}) + "\n"), "row 0: the word is missing");
  check_has(refusal("1 1\n" + std::string(10, 'x')), "row 0: no blank ends the word \"xxxxxxxxxx\"");
}

BOOST_AUTO_TEST_CASE(a_lying_header_takes_no_memory) {
  check_has(refusal("4000000000000000000 3\n" + cat_and_dog("").substr(4)), "the file ends after");
  check_has(refusal("2 4000000000000000000\n" + cat_and_dog("")), "bytes follow");
  check_has(refusal("99999999999999999999 2\n"), "expected the header");
}

BOOST_AUTO_TEST_CASE(written_files_read_back_as_the_same_bits) {
  const Folder folder;
  Rng rng(7);
  Tensor numbers = normal({40, 7}, rng);
  numbers.mutable_data()[0] = std::numeric_limits<real>::denorm_min();
  numbers.mutable_data()[1] = real{-0.0};
  std::vector<std::string> words;
  for (int i = 0; i < 40; ++i) words.push_back(fmt::format("wort\u00e4{}", i));
  write_word2vec_binary(folder.file("v.bin"), WordTable(words, numbers));
  const WordTable back = load_table(folder.file("v.bin"));
  check_words(back, words);
  BOOST_TEST(std::memcmp(back.vectors.data(), numbers.data(), 40 * 7 * sizeof(real)) == 0);
  BOOST_TEST(folder.names().size() == 1u);
  check_has(error_text<ValueError>([&] {
              write_word2vec_binary(folder.file("v.bin"), WordTable({"a b"}, ones({1, 2})));
            }),
            "\"a b\"");
  BOOST_TEST(load_table(folder.file("v.bin")).size() == 40);
}

// "new york" ends with its blank for the reader, which then takes "york " for numbers; the next word tells.
BOOST_AUTO_TEST_CASE(a_word_with_a_blank_is_no_noise) {
  check_has(refusal("2 2\nnew york " + bytes_of({1, 2}) + "\ndog " + bytes_of({3, 4}) + "\n"), "is no word");
  check_has(refusal("2 1\ncat " + bytes_of({1}) + "d\nog " + bytes_of({3})), "row 1: \"d\\x0Aog\" is no word");
}

BOOST_AUTO_TEST_SUITE_END()
