// characters.cpp: code points as a vocabulary, and its file.
#include "text/characters.hpp"

#include "support.hpp"
#include "support/data.hpp"
#include "text/reading.hpp"

using namespace support;
using namespace lexigrad::text;

BOOST_AUTO_TEST_SUITE(characters)

BOOST_AUTO_TEST_CASE(they_are_numbered_in_the_order_of_code_points) {
  const Characters c = Characters::of("b€a\nb😀");
  BOOST_TEST(c.size() == 5);
  check_ids(c.encode("\nab€😀"), {0, 1, 2, 3, 4});
  BOOST_TEST(c.decode(c.encode("€a😀\n")) == "€a😀\n");
  BOOST_TEST(c.encode("").empty());
}

BOOST_AUTO_TEST_CASE(what_a_vocabulary_lacks_is_named_with_its_place) {
  const Characters c = Characters::of("abc");
  check_has(error_text<ValueError>([&] { c.encode("aéb"); }), "\"é\" at 1 is not among the 3");
  check_has(error_text<ValueError>([&] { c.encode("a\x1b"); }), "\\x1B");
  check_has(error_text<ValueError>([&] { c.encode("ab\xff"); }), "the bytes at 2 are not UTF-8");
  check_has(error_text<ValueError>([] { Characters::of("\xc3"); }), "the bytes at 0 are not UTF-8");
  check_has(error_text<ValueError>([] { Characters::of(""); }), "empty");
  check_has(error_text<IndexError>([&] { c.decode(std::vector<Index>{0, 3}); }), "id 3 is outside the vocabulary of 3");
  check_has(error_text<IndexError>([&] { c.decode(std::vector<Index>{-1}); }), "id -1");
}

BOOST_AUTO_TEST_CASE(what_is_saved_is_loaded_again) {
  const Folder folder;
  const std::string path = folder.file("vocab.json"), text = "\"\\ \t\n€é{}\x01";
  const Characters c = Characters::of(text);
  c.save(path);
  const Characters back = Characters::load(path);
  BOOST_TEST(back.size() == c.size());
  check_ids(back.encode(text), c.encode(text));
}

BOOST_AUTO_TEST_CASE(faulty_files_are_refused) {
  const Folder folder;
  const auto fault = [&](const char* bytes) {
    const std::string path = folder.file("vocab.json", bytes);
    return error_text<FileError>([&] { Characters::load(path); });
  };
  for (const char* bytes : {"", "[]", "{}", "{\"a\": 0", "7", "{\"a\": 0}}"}) check_has(fault(bytes), "vocab.json");
  check_has(fault("{\"ab\": 0}"), "\"ab\" is not one character");
  check_has(fault("{\"\": 0}"), "is not one character");
  check_has(fault("{\"a\": 1}"), "from 0 to 0, each once");
  check_has(fault("{\"a\": 0, \"b\": 0}"), "from 0 to 1, each once");
  check_has(fault("{\"a\": -1, \"b\": 0}"), "the id of \"a\" is -1");
  check_has(fault("{\"a\": 0.5}"), "is 0.5");
  check_has(fault("{\"a\": \"0\"}"), "expected the numbers");
  check_has(error_text<FileError>([&] { Characters::load(folder.file("none.json")); }), "none.json");
}

BOOST_AUTO_TEST_CASE(another_programs_file_is_read) {
  const auto path = lexigrad::testing::data_path("models/gpt2_char_shakespeare/vocab.json");
  const auto text = lexigrad::testing::data_path("corpora/tinyshakespeare.txt");
  if (!path || !text) return;
  const Characters theirs = Characters::load(path->string()), ours = Characters::of(read_text(text->string()));
  BOOST_TEST(theirs.size() == 65);
  check_ids(theirs.encode("First Citizen:\nSpeak!"), ours.encode("First Citizen:\nSpeak!"));
}

BOOST_AUTO_TEST_SUITE_END()
