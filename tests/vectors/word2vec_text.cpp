// word2vec_text.cpp: what the reader takes, what it refuses and how it says so, and that written files read back.
#include "vectors/word2vec_text.hpp"

#include <clocale>
#include <cmath>
#include <limits>
#include <locale>

#include "support.hpp"
#include "tensor/parallel.hpp"
#include "vectors/plot.hpp"

using namespace support;

namespace {

const std::vector<std::string> animals{"cat", "dog", "fish"};
const std::vector<double> animal_numbers{1, 2, -0.5, 0.25, 0.001, -3};

WordTable parse(std::string_view text) { return parse_vectors(text, "v.txt"); }
std::string refusal(std::string_view text) {
  return error_text<FileError>([&] { parse(text); });
}

// A locale with decimal comma and grouped thousands, for the C++ streams and, when the system has one, for C.
struct CommaLocale {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  std::locale previous = std::locale::global(std::locale(std::locale::classic(), new Comma));
  CommaLocale() { std::setlocale(LC_ALL, "de_DE.UTF-8"); }
  ~CommaLocale() {
    std::locale::global(previous);
    std::setlocale(LC_ALL, "C");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(word2vec_text)

BOOST_AUTO_TEST_CASE(variants_of_line_ends_give_the_same_table_D067) {
  const Folder folder;
  for (const char* text :
       {"3 2\ncat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n", "3 2 \ncat 1 2 \ndog -0.5 0.25 \nfish 1e-3 -3 \n",
        "3 2\r\ncat 1 2\r\ndog -0.5 0.25\r\nfish 1e-3 -3\r\n", "3 2\ncat 1 2\ndog -0.5 0.25\nfish 1e-3 -3"}) {
    write_text_file(folder.file("v.txt"), text);
    const WordTable t = read_vectors(folder.file("v.txt"));
    check_words(t, animals);
    check_numbers(t, animal_numbers);
    BOOST_TEST(t.warnings.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_mark_at_the_start_tabs_plus_signs_and_blank_last_lines_are_taken) {
  const WordTable t = parse(
      "\xEF\xBB\xBF"
      "3 2\ncat\t1  2\ndog -0.5 +0.25\nfish 1e-3 -3\n\n \n");
  check_words(t, animals);
  check_numbers(t, animal_numbers);
}

BOOST_AUTO_TEST_CASE(header_and_rows_that_disagree_are_refused_with_both_numbers_D068) {
  const std::string few = refusal("4 2\ncat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n");
  check_has(few, "v.txt:4: the header says 4 words, the file ends after 3");
  const std::string many = refusal("2 2\ncat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n");
  check_has(many, "v.txt:4: the header says 2 words, the file has 3");
  const std::string wide = refusal("3 3\ncat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n");
  check_has(wide, "v.txt:2: the header says 3 numbers a word, this line has 2");
}

BOOST_AUTO_TEST_CASE(a_lying_header_takes_no_memory) {
  check_has(refusal("4000000000000000000 2\ncat 1 2\n"), "the file ends after 1");
  check_has(refusal("1 4000000000000000000\ncat 1 2\n"), "this line has 2");
  check_has(refusal("99999999999999999999 2\ncat 1 2\n"), "too large");
  check_has(refusal("0 9000000000000000000\n"), "v.txt:1: the header's numbers are too large");
  std::string wide = "w";  // one wide row and many short ones: rows × dim would be a gigabyte
  for (int i = 0; i < 20000; ++i) wide += " 1";
  for (int i = 0; i < 20000; ++i) wide += "\na";
  check_has(refusal(wide), "v.txt:2: 20000 numbers a word expected, this line has 0");
}

BOOST_AUTO_TEST_CASE(other_blanks_belong_to_the_word_D069) {
  const WordTable t = parse("4 2\nca\u00a0t 1 2\n\u2009 3 4\n\u3000x 5 6\n...\u2009king 7 8\n");
  check_words(t, {"ca\u00a0t", "\u2009", "\u3000x", "...\u2009king"});
  check_numbers(t, {1, 2, 3, 4, 5, 6, 7, 8});
}

BOOST_AUTO_TEST_CASE(glove_without_header_is_read_D070) {
  const WordTable t = parse("cat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n");
  check_words(t, animals);
  check_numbers(t, animal_numbers);
  const WordTable years = parse_vectors("1999 5\n2000 6\n", "v.txt", TextFormat::glove);
  check_words(years, {"1999", "2000"});
  check_has(error_text<FileError>([] { parse_vectors("cat 1 2\n", "v.txt", TextFormat::word2vec); }),
            "expected the header");
}

BOOST_AUTO_TEST_CASE(of_a_word_twice_the_first_is_kept_and_a_warning_counts_D071) {
  const WordTable t = parse("3 2\ncat 1 2\ndog 3 4\ncat 5 6\n");
  check_words(t, {"cat", "dog"});
  check_numbers(t, {1, 2, 3, 4});
  BOOST_REQUIRE_EQUAL(t.warnings.size(), 1u);
  check_has(t.warnings[0], "1 row left out");
  check_has(t.warnings[0], "\"cat\", line 2 and line 4");
  check_has(t.warnings[0], "2 words kept");
}

BOOST_AUTO_TEST_CASE(no_comma_in_any_number_whatever_the_locale_says_D072) {
  const Folder folder;
  const CommaLocale comma;
  const WordTable t = parse("3 2\ncat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n");
  check_numbers(t, animal_numbers);
  write_word2vec_text(folder.file("out.txt"), t);
  BOOST_TEST(read_file(folder.file("out.txt")) == "3 2\ncat 1 2\ndog -0.5 0.25\nfish 0.001 -3\n");
  const std::string loss = loss_svg({{"train", {0, 1000, 20000}, {3.25, 2.5, 1234.5}}}, {.log_y = false});
  BOOST_TEST(loss.find(',') == std::string::npos);
  const std::string map = map_svg(map_points(t, animals), map_points(t, animals), {.arrows = {{"cat", "dog"}}});
  BOOST_TEST(map.find(',') == std::string::npos);
  check_has(refusal("cat 0,5 1\n"), "\"0,5\", is not a number");
}

BOOST_AUTO_TEST_CASE(empty_and_header_only_files_say_what_is_missing_D074) {
  check_has(refusal(""), "the file is empty: neither a header nor words");
  check_has(refusal("\n"), "only blank lines: neither a header nor words");
  check_has(refusal("3 2\n"), "the header promises 3 words of 2 numbers, but no row follows");
}

BOOST_AUTO_TEST_CASE(faulty_lines_are_named) {
  check_has(refusal("cat 1 2\ndog 1 x2\n"), "v.txt:2: number 2, \"x2\", is not a number");
  check_has(refusal("cat 1 2\ndog 1 2.5.1\n"), "\"2.5.1\", is not a number");
  check_has(refusal("cat 1 2\ndog 1 +-2\n"), "\"+-2\", is not a number");
  check_has(refusal("cat 1 2\ndog 1 1e999\n"), "outside the range");
  check_has(refusal("cat 1 2\ndog 1 2 3\n"), "v.txt:2: 2 numbers a word expected, this line has 3");
  check_has(refusal("cat 1 2\ndog 1\n"), "v.txt:2: 2 numbers a word expected, this line has 1");
  check_has(refusal("cat 1 2\n\ndog 1 2\n"), "v.txt:2: an empty line");
  check_has(refusal("3 2\ncat 1 2\n\ndog 1 2\nfish 1 2\n"), "v.txt:3: an empty line");
  check_has(refusal("2 2\n\ncat 1 2\n"), "v.txt:2: an empty line");
  check_has(refusal("\ncat 1 2\n"), "v.txt:1: an empty line");
  check_has(refusal("cat 1 2\n  1 2\n"), "v.txt:2: the word is missing");
  check_has(refusal("cat\ndog\n"), "a word without numbers");
  check_has(error_text<FileError>([] { read_vectors("/nowhere/v.txt"); }),
            "/nowhere/v.txt: cannot be read (No such file");
  check_has(error_text<FileError>([] { read_vectors("/"); }), "[read] /: cannot be read (Is a directory)");
  check_has(error_text<FileError>([] { read_vectors("/dev/zero"); }), "/dev/zero: cannot be read (it is a device)");
}

BOOST_AUTO_TEST_CASE(errors_and_warnings_are_one_short_line_whatever_the_file_says) {
  check_has(refusal("cat 1 \x1B[2J\n"), "number 2, \"\\x1B[2J\", is not a number");
  check_has(refusal("cat 1 " + std::string(5000, 'x') + "\n"), "x... (5000 bytes)\", is not a number");
  check_has(parse("c\rat 1\nc\rat 2\n").warnings.at(0), "(\"c\\x0Dat\", line 1 and line 2)");
}

BOOST_AUTO_TEST_CASE(the_first_faulty_line_is_named_with_any_number_of_threads) {
  std::string text;
  for (int i = 0; i < 40000; ++i) text += fmt::format("w{} 1 {}\n", i, i == 31000 || i == 39000 ? "bad" : "2");
  for (const int threads : {1, 2, 4}) {
    const ThreadScope scope(threads);
    check_has(refusal(text), "v.txt:31001: number 2, \"bad\"");
  }
}

BOOST_AUTO_TEST_CASE(numbers_read_back_as_the_same_bits) {
  const Folder folder;
  Rng rng(7);
  Tensor numbers = normal({50, 9}, rng);
  real* out = numbers.mutable_data();
  const real extremes[] = {std::numeric_limits<real>::max(),
                           std::numeric_limits<real>::min(),
                           std::numeric_limits<real>::denorm_min(),
                           real{-0.0},
                           real{0.1},
                           real{16777216}};
  for (const real x : extremes) *out++ = x;
  std::vector<std::string> words;
  for (int i = 0; i < 50; ++i) words.push_back(fmt::format("wort\u00e4{}", i));
  write_word2vec_text(folder.file("v.txt"), WordTable(words, numbers));
  const WordTable back = read_vectors(folder.file("v.txt"));
  check_words(back, words);
  for (Index i = 0; i < numbers.size(); ++i) {
    BOOST_TEST(back.vectors.data()[i] == numbers.data()[i]);
    BOOST_TEST(std::signbit(back.vectors.data()[i]) == std::signbit(numbers.data()[i]));
  }
}

BOOST_AUTO_TEST_CASE(paths_with_blanks_and_other_letters_work_D098) {
  const Folder folder;
  std::filesystem::create_directory(folder.file("my data \u00e9\u4e2d"));
  const std::string path = folder.file("my data \u00e9\u4e2d/a b.txt");
  write_word2vec_text(path, parse("cat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n"));
  const WordTable t = read_vectors(path);
  check_words(t, animals);
  check_numbers(t, animal_numbers);
  write_text_file(path + ".svg", map_svg(map_points(t, animals), {}));
  BOOST_TEST(xml_fault(read_file(path + ".svg")) == "");
  std::filesystem::remove(path);
  BOOST_TEST(error_text<FileError>([&] { read_vectors(path); }) ==
             "[read] " + path + ": cannot be read (No such file or directory)");
}

BOOST_AUTO_TEST_CASE(an_empty_table_is_written_and_read) {
  const Folder folder;
  write_word2vec_text(folder.file("v.txt"), WordTable({}, empty({0, 5})));
  BOOST_TEST(read_vectors(folder.file("v.txt")).size() == 0);
}

BOOST_AUTO_TEST_CASE(a_failed_write_leaves_the_old_file_and_nothing_else) {
  const Folder folder;
  write_text_file(folder.file("v.txt"), "old");
  const WordTable blank({"two words"}, zeros({1, 2}));
  check_has(error_text<ValueError>([&] { write_word2vec_text(folder.file("v.txt"), blank); }), "\"two words\"");
  { AtomicFile(folder.file("v.txt")).write("half"); }
  BOOST_TEST(read_file(folder.file("v.txt")) == "old");
  BOOST_TEST(folder.names().size() == 1u);
  write_word2vec_text(folder.file("v.txt"), WordTable({"a"}, ones({1, 2})));
  BOOST_TEST(read_file(folder.file("v.txt")) == "1 2\na 1 1\n");
  BOOST_TEST(folder.names().size() == 1u);
  check_has(error_text<FileError>([] { write_text_file("/nowhere/v.txt", ""); }), "/nowhere/v.txt: cannot be written");
}

BOOST_AUTO_TEST_SUITE_END()
