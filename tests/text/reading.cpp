// reading.cpp: what is a text, what is refused with its place, and where documents end.
#include "text/reading.hpp"

#include <iostream>
#include <sstream>

#include "support.hpp"

using namespace support;
using namespace lexigrad::text;

namespace {

std::string refusal(std::string bytes) {
  return error_text<FileError>([&] { clean_text(std::move(bytes), "t.txt"); });
}

// Stands in for standard input while it lives.
struct Input {
  std::istringstream text;
  std::streambuf* previous;
  explicit Input(const std::string& content) : text(content), previous(std::cin.rdbuf(text.rdbuf())) {
    std::cin.clear();
  }
  ~Input() {
    std::cin.rdbuf(previous);
    std::cin.clear();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reading)

BOOST_AUTO_TEST_CASE(a_file_with_blanks_and_other_letters_in_its_path_is_read_D098) {
  const Folder folder;
  std::filesystem::create_directory(folder.file("my data \u00e9\u4e2d"));
  BOOST_TEST(read_text(folder.file("my data \u00e9\u4e2d/a b.txt", "Hello \u4e2d\n")) == "Hello \u4e2d\n");
}

BOOST_AUTO_TEST_CASE(line_ends_become_lf_and_a_mark_at_the_start_goes) {
  BOOST_TEST(clean_text("\xEF\xBB\xBF"
                        "a\r\nb\rc\n\r\n\r",
                        "t") == "a\nb\nc\n\n\n");
  BOOST_TEST(clean_text("a\uFEFFb", "t") == "a\uFEFFb");  // only the one at the start
  BOOST_TEST(clean_text("\uFEFF\uFEFF", "t") == "\uFEFF");
  BOOST_TEST(clean_text("no end", "t") == "no end");
  BOOST_TEST(clean_text("tab\tand\fform feed", "t") == "tab\tand\fform feed");
}

BOOST_AUTO_TEST_CASE(a_large_file_is_read_whole) {
  const Folder folder;
  std::string text;
  while (text.size() < 3'000'000) text += "line of text \u00e9\n";
  BOOST_TEST((read_text(folder.file("t.txt", text)) == text));
}

BOOST_AUTO_TEST_CASE(a_hyphen_stands_for_standard_input) {
  {
    const Input input("from a pipe\r\n");
    BOOST_TEST(read_text("-") == "from a pipe\n");
  }
  const Input nothing("");
  BOOST_TEST(error_text<FileError>([] { read_text("-"); }) == "[text] 'standard input' is empty; expected UTF-8 text");
}

BOOST_AUTO_TEST_CASE(missing_files_and_folders_are_named) {
  const Folder folder;
  BOOST_TEST(error_text<FileError>([&] { read_text(folder.file("none.txt")); }) ==
             "[text] '" + folder.file("none.txt") + "' does not exist; expected a UTF-8 text file");
  check_has(error_text<FileError>([&] { read_text(folder.path()); }), "' is a folder; expected a UTF-8 text file");
  check_has(error_text<FileError>([&] { read_text(folder.file("t.txt", "a") + "/b"); }), "/t.txt/b'");
  check_has(error_text<FileError>([] { read_text("/dev/zero"); }), "'/dev/zero' is a device; expected a UTF-8 text");
}

BOOST_AUTO_TEST_CASE(files_without_text_are_refused_D093) {
  const Folder folder;
  BOOST_TEST(error_text<FileError>([&] { read_text(folder.file("e.txt", "")); }) ==
             "[text] '" + folder.file("e.txt") + "' is empty; expected UTF-8 text");
  check_has(refusal(" \n\t\r\n\u3000"), "'t.txt' holds nothing but white space");
  check_has(refusal("\xEF\xBB\xBF"), "holds nothing but white space");
}

BOOST_AUTO_TEST_CASE(binary_files_are_refused_with_the_offset) {
  check_has(refusal(std::string("ab\0cd", 5)), "looks like a binary file: byte 0x00 at offset 2; expected UTF-8 text");
  check_has(refusal("\x7F"
                    "ELF\x02"),
            "byte 0x7F at offset 0");
  check_has(refusal("\xFF\xFE"
                    "a"),
            "looks like UTF-16");
  check_has(refusal(std::string("\xFE\xFF\0a", 4)), "looks like UTF-16");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_refused_with_offset_and_line) {
  check_has(refusal("one\ntwo\r\nthree\rcaf\xE9 x"),
            "is not UTF-8: malformed bytes from 0xE9 at offset 18, line 4; expected UTF-8 text");
  check_has(refusal("a\xE4\xB8"), "0xE4 at offset 1, line 1");
  check_has(refusal("\r\xFF"), "offset 1, line 2");
  check_has(refusal("x\ny\u0092z"), "holds the control character U+0092 at offset 3, line 2");
  BOOST_TEST(clean_text("a\u0085b", "t") == "a\u0085b");  // a line end, not a control character
}

BOOST_AUTO_TEST_CASE(blank_lines_part_documents) {
  check_list(split_documents("one\ntwo\n\nthree\n \t \n\n\nfour"), {"one\ntwo", "three", "four"});
  check_list(split_documents("\n\n  a\n b \n\n"), {"  a\n b "});
  check_list(split_documents("a\n\u3000\nb\n"), {"a", "b"});
  check_list(split_documents("one line\n"), {"one line"});
  BOOST_TEST(split_documents("").empty());
  BOOST_TEST(split_documents("\n \n").empty());
}

BOOST_AUTO_TEST_CASE(no_document_goes_over_the_end_of_a_file) {
  const Folder folder;
  const std::vector<std::string> paths{folder.file("1.txt", "a\n\nb"), folder.file("2.txt", "c\r\n\r\nd\r\n")};
  check_list(read_documents(paths), {"a", "b", "c", "d"});
  const std::vector<std::string> faulty{paths[0], folder.file("3.txt", "\xFF")};
  check_has(error_text<FileError>([&] { read_documents(faulty); }), folder.file("3.txt"));
}

BOOST_AUTO_TEST_SUITE_END()
