// npy.cpp: NumPy's files, in both orders and three types, and the broken ones.
#include "vectors/npy.hpp"

#include <cstring>

#include "support.hpp"
#include "vectors/formats.hpp"

using namespace support;

namespace {

// A file of version 1.0 with this dictionary and these bytes.
std::string npy_file(std::string header, const std::string& data) {
  header += '\n';
  const char start[] = {'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<char>(header.size()), 0};
  return std::string(start, 10) + header + data;
}

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

std::string header(const char* type, const char* fortran, const char* shape) {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", type, fortran, shape);
}

void check_table(const Tensor& t, const std::vector<double>& expected) {
  BOOST_REQUIRE(t.shape() == Shape({2, 3}));
  for (std::size_t i = 0; i < 6; ++i) BOOST_TEST(static_cast<double>(t.data()[i]) == expected[i]);
}

std::string refusal(const std::string& bytes) {
  return error_text<FileError>([&] { parse_npy(bytes, "t.npy"); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(npy)

BOOST_AUTO_TEST_CASE(both_orders_and_three_types_give_the_same_table_D091) {
  const std::vector<double> expected{1, 2, 3, 4, 5, 6};
  check_table(parse_npy(npy_file(header("<f4", "False", "(2, 3)"), bytes_of<float>({1, 2, 3, 4, 5, 6})), "t"),
              expected);
  check_table(parse_npy(npy_file(header("<f8", "True", "(2, 3)"), bytes_of<double>({1, 4, 2, 5, 3, 6})), "t"),
              expected);
  const std::vector<std::uint16_t> halves{0x3C00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600};
  check_table(parse_npy(npy_file(header("<f2", "False", "(2, 3)"), bytes_of(halves)), "t"), expected);
  const Tensor first =
      parse_npy(npy_file(header("<f8", "True", "(2, 3)"), bytes_of<double>({1, 4, 2, 5, 3, 6})), "t", 1);
  BOOST_TEST((first.shape() == Shape({1, 3})));
  BOOST_TEST(first(0, 2) == 3);
}

BOOST_AUTO_TEST_CASE(broken_files_are_refused_D092) {
  const std::string data = bytes_of<float>({1, 2, 3, 4, 5, 6}), good = npy_file(header("<f4", "False", "(2, 3)"), data);
  check_has(refusal(good.substr(0, good.size() - 4)),
            "t.npy: an array of 2 x 3 is told, and 20 bytes follow; is the file cut?");
  check_has(refusal(good + "x"), "too many");
  check_has(refusal("\x93NUMPX" + good.substr(6)), "is no .npy file");
  std::string longer = good;
  longer[9] = 127;
  check_has(refusal(longer), "the header is told to have");
  check_has(refusal(""), "the file is empty");
  check_has(refusal(good.substr(0, 8)), "ends within the header");
}

BOOST_AUTO_TEST_CASE(what_is_no_table_of_floats_is_refused) {
  const std::string data(24, '\0');
  check_has(refusal(npy_file(header("|O", "False", "(2, 3)"), data)), "numbers of type \"|O\"");
  check_has(refusal(npy_file(header(">f4", "False", "(2, 3)"), data)), "numbers of type \">f4\"");
  check_has(refusal(npy_file(header("<f4", "False", "(6,)"), data)), "1 axes; expected 2");
  check_has(refusal(npy_file(header("<f4", "False", "(4000000000000000000, 4000000000000000000)"), data)),
            "no table has the shape");
  check_has(refusal(npy_file(header("<f4", "False", "(1000000000000, 100000000000)"), data)), "is the file cut?");
  check_has(refusal(npy_file("{'descr': '<f4', 'shape': (2, 3), }", data)), "the header is not that");
  check_has(refusal(npy_file("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", data)),
            "the header is not that");
}

BOOST_AUTO_TEST_CASE(a_table_is_written_with_its_words_beside_and_read_back) {
  const Folder folder;
  const WordTable t({"cat", "dog"}, tensor({2, 3}, {1, 2, 3, -1, 0.5, 0}));
  save_table(folder.file("t.npy"), t);
  BOOST_TEST(read_file(folder.file("t.txt")) == "cat\ndog\n");
  BOOST_TEST(read_file(folder.file("t.npy")).find('\n') % 64 == 63u);  // the numbers are aligned
  const WordTable back = load_table(folder.file("t.npy"));
  check_words(back, t.words);
  check_numbers(back, {1, 2, 3, -1, 0.5, 0});
  BOOST_TEST(load_table(folder.file("t.npy"), {.rows = 1}).size() == 1);
  write_text_file(folder.file("t.txt"), "cat\n");
  check_has(error_text<FileError>([&] { load_table(folder.file("t.npy")); }), "has 1 words");
  std::filesystem::remove(folder.file("t.txt"));
  check_has(error_text<FileError>([&] { load_table(folder.file("t.npy")); }), "t.txt, which does not exist");
}

BOOST_AUTO_TEST_CASE(lists_of_words_may_have_columns_and_carriage_returns) {
  const std::vector<std::string> expected{"cat", "two words"};
  BOOST_TEST(parse_words("cat\t12\r\ntwo words", "w") == expected, boost::test_tools::per_element());
  BOOST_TEST(parse_words("\xEF\xBB\xBF"
                         "cat\ntwo words\n",
                         "w") == expected,
             boost::test_tools::per_element());
  // The vocabularies of word2vec: words and counts.
  BOOST_TEST(parse_words("cat 12\ntwo words 3\n", "w") == expected, boost::test_tools::per_element());
  BOOST_TEST(parse_words("route 66\ncat\n", "w")[0] == "route 66");
  check_has(error_text<FileError>([] { parse_words("cat\n\ndog\n", "w"); }), "w:2: the word is missing");
}

BOOST_AUTO_TEST_SUITE_END()
