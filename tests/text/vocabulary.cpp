// vocabulary.cpp: the order of ids, what is left out, near spellings and the file.
#include "text/vocabulary.hpp"

#include <locale>

#include "support.hpp"
#include "text/tokenizer.hpp"

using namespace support;
using namespace lexigrad::text;

namespace {

using Counts = std::unordered_map<std::string, Index>;

Counts count(std::string_view text) {
  Counts counts;
  for (const std::string& word : split_words(text)) ++counts[word];
  return counts;
}

Vocabulary make(std::string_view text, const VocabularyOptions& options = {}) {
  return Vocabulary::from_counts(count(text), options);
}

std::vector<std::string> tokens_of(const Vocabulary& vocabulary) {
  std::vector<std::string> tokens;
  for (Index id = 0; id < vocabulary.size(); ++id) tokens.push_back(vocabulary.token(id));
  return tokens;
}

std::string refusal(std::string_view file) {
  return error_text<FileError>([&] { Vocabulary::from_text(file, "v.txt"); });
}

const std::string head = "# lexigrad vocabulary 1: 4 tokens\n<|endoftext|>\t1\n<|unk|>\t0\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(vocabulary)

BOOST_AUTO_TEST_CASE(equal_counts_are_ordered_by_bytes_D066) {
  const std::vector<std::string> expected{"<|endoftext|>", "<|unk|>", "a", "b", "c", "d"};
  check_list(tokens_of(make("b a b a c d")), expected);
  check_list(tokens_of(make("d c b b a a")), expected);
  check_ids(make("b a b a c d").counts(), {0, 0, 2, 2, 1, 1});
  check_list(tokens_of(make("\u00e9 z Z a z")), {"<|endoftext|>", "<|unk|>", "z", "Z", "a", "\u00e9"});
}

BOOST_AUTO_TEST_CASE(the_order_of_the_map_does_not_matter) {
  Counts forwards, backwards(4096);
  for (int i = 0; i < 2000; ++i) forwards[fmt::format("w{}", i)] = i % 7 + 1;
  for (int i = 1999; i >= 0; --i) backwards[fmt::format("w{}", i)] = i % 7 + 1;
  BOOST_TEST(Vocabulary::from_counts(forwards).to_text() == Vocabulary::from_counts(backwards).to_text());
}

BOOST_AUTO_TEST_CASE(rare_tokens_are_counted_as_unknown) {
  const Vocabulary v = make("a a a b b c d", {.min_count = 2, .max_size = 0, .end_of_text_count = 9});
  check_list(tokens_of(v), {"<|endoftext|>", "<|unk|>", "a", "b"});
  check_ids(v.counts(), {9, 2, 3, 2});
  const Vocabulary small = make("a a a b b c d", {.max_size = 3});
  check_list(tokens_of(small), {"<|endoftext|>", "<|unk|>", "a"});
  BOOST_TEST(small.count(Vocabulary::unknown) == 4);
  BOOST_TEST(make("a b", {.max_size = 100}).size() == 4);
}

BOOST_AUTO_TEST_CASE(text_cannot_say_a_special_token) {
  const Vocabulary v = make("a b");
  BOOST_TEST(v.id("a") == 2);
  BOOST_TEST(v.id("zebra") == Vocabulary::unknown);
  BOOST_TEST(v.id("<|endoftext|>") == Vocabulary::unknown);
  BOOST_TEST(*v.find("<|endoftext|>") == Vocabulary::end_of_text);
  BOOST_TEST(!v.find("zebra"));
  check_has(error_text<ValueError>([] {
              Vocabulary::from_counts({{"<|unk|>", 1}});
            }),
            "[vocabulary] '<|unk|>' is a special token and cannot be a word of a text");
}

BOOST_AUTO_TEST_CASE(a_vocabulary_without_words_is_refused_with_the_numbers) {
  check_has(error_text<ValueError>([] { make("a a b", {.min_count = 5}); }),
            "all words are below the minimum count: the most frequent word occurs 2 times, min-count is 5");
  check_has(error_text<ValueError>([] { make("a b", {.min_count = 2}); }), "occurs 1 time, min-count is 2");
  check_has(error_text<ValueError>([] { make(""); }), "there are no words to make a vocabulary of");
  check_has(error_text<ValueError>([] { make("a", {.min_count = 0}); }), "min-count is 0; the least is 1");
  check_has(error_text<ValueError>([] { make("a", {.max_size = 2}); }), "at most 2 entries has no room for words");
  BOOST_CHECK_THROW(make("a", {.max_size = -1}), ValueError);
}

BOOST_AUTO_TEST_CASE(ids_outside_are_named) {
  const Vocabulary v = make("a");
  check_has(error_text<IndexError>([&] { v.token(3); }), "id 3 is outside the vocabulary of 3");
  check_has(error_text<IndexError>([&] { v.token(-1); }), "id -1");
  BOOST_CHECK_THROW(v.count(3), IndexError);
}

BOOST_AUTO_TEST_CASE(near_spellings_come_nearest_first_D078) {
  const Vocabulary v = make("king king king ring kingdom queen queen wing sing K\u00f6nig a it");
  check_list(v.near_spellings("kind", 2), {"king"});
  check_list(v.near_spellings("kign", 2), {"king"});  // two letters swapped
  check_list(v.near_spellings("KING", 9), {"king", "ring", "sing", "wing"});
  check_list(v.near_spellings("qeen", 2), {"queen"});
  check_list(v.near_spellings("konig", 3), {"K\u00f6nig", "king"});
  BOOST_TEST(v.near_spellings("x", 3).empty());  // not one letter of it is in the word
  BOOST_TEST(v.near_spellings("", 3).empty());
  BOOST_TEST(v.near_spellings("kind", 0).empty());
  BOOST_TEST(v.near_spellings(std::string(300, 'k'), 3).empty());
  const Vocabulary longest = make(std::string(64, 'a') + " " + std::string(65, 'a'));
  check_list(longest.near_spellings(std::string(63, 'a'), 3), {std::string(64, 'a')});
}

BOOST_AUTO_TEST_CASE(what_is_saved_is_loaded_again_D098) {
  const Folder folder;
  std::filesystem::create_directory(folder.file("my data \u00e9\u4e2d"));
  const std::string path = folder.file("my data \u00e9\u4e2d/a b.txt");
  const Vocabulary v = Vocabulary::from_counts(
      {{"a", 5}, {"\n", 4}, {"\t", 3}, {"\\", 3}, {"\r", 2}, {"\\n", 2}, {" ", 2}, {"\u4e2d", 1}, {"#", 1}},
      {.end_of_text_count = 7});
  v.save(path);
  const Vocabulary back = Vocabulary::load(path);
  check_list(tokens_of(back), tokens_of(v));
  check_ids(back.counts(), v.counts());
  BOOST_TEST(back.to_text() == v.to_text());
  BOOST_TEST(back.id("\n") == v.id("\n"));
  v.save(path);  // over the old one
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.file("my data \u00e9\u4e2d")), {}) == 1);
}

BOOST_AUTO_TEST_CASE(the_file_is_lines_of_tokens_and_counts) {
  const std::string text = make("b b \u4e2d", {.end_of_text_count = 2}).to_text();
  BOOST_TEST(text == "# lexigrad vocabulary 1: 4 tokens\n<|endoftext|>\t2\n<|unk|>\t0\nb\t2\n\u4e2d\t1\n");
  std::string windows;
  for (const char c : text) windows += c == '\n' ? "\r\n" : std::string(1, c);
  BOOST_TEST(Vocabulary::from_text(windows, "v.txt").to_text() == text);
}

BOOST_AUTO_TEST_CASE(counts_are_digits_whatever_the_locale_says_D072) {
  struct Grouping : std::numpunct<char> {
    char do_thousands_sep() const override { return ','; }
    std::string do_grouping() const override { return "\3"; }
  };
  const std::locale previous = std::locale::global(std::locale(std::locale::classic(), new Grouping));
  const std::string text = Vocabulary::from_counts({{"a", 1234567}}).to_text();
  std::locale::global(previous);
  BOOST_TEST(text == "# lexigrad vocabulary 1: 3 tokens\n<|endoftext|>\t0\n<|unk|>\t0\na\t1234567\n");
}

BOOST_AUTO_TEST_CASE(faulty_files_are_refused_with_the_line) {
  const std::string form = "this is no vocabulary file: expected '# lexigrad vocabulary 1: N tokens'";
  for (const char* text :
       {"", "\n", "a\t1\n", "# lexigrad vocabulary 2: 3 tokens\n", "# lexigrad vocabulary 1: tokens\n",
        "# lexigrad vocabulary 1: -3 tokens\n", "# lexigrad vocabulary 1: 3x tokens\n"})
    check_has(refusal(text), form);
  check_has(refusal("\n"), "[vocabulary] 'v.txt' line 1: ");
  check_has(refusal(head + "a\t2\n"), "line 4: the file ends after 3 of 4 tokens; is it cut?");
  check_has(refusal(head + "a\t2\nb\t1\nc\t1\n"), "line 6: line 1 says 4 tokens, but there are more");
  check_has(refusal(head + "a\t2\nb\t1"), "line 5: the line does not end; is the file cut?");
  check_has(refusal(head + "a\t2\na\t1\n"), "line 5: 'a' is there twice, first in line 4");
  check_has(refusal(head + "a\t2\n<|unk|>\t1\n"), "'<|unk|>' is there twice, first in line 3");
  check_has(refusal(head + "a 2\nb\t1\n"), "line 4: expected a token, a tab and its count");
  check_has(refusal(head + "\t2\nb\t1\n"), "line 4: the token is empty");
  check_has(refusal(head + "a\t2.5\nb\t1\n"), "line 4: the count '2.5' is not a whole number from 0 on");
  check_has(refusal(head + "a\t-2\nb\t1\n"), "the count '-2'");
  check_has(refusal(head + "a\t99999999999999999999\nb\t1\n"), "the count '99999999999999999999'");
  check_has(refusal(head + "a\t\nb\t1\n"), "line 4: expected a token, a tab and its count");
  check_has(refusal(head + "a\t\x1B[2J\nb\t1\n"), "the count '\\x1B[2J'");
  check_has(refusal(head + "\x1B\\n\t1\n\x1B\\n\t1\n"), "line 5: '\\x1B\\n' is there twice");
  check_has(refusal(head + "a\t9223372036854775807\nb\t1\n"), "line 4: the counts add up to more than can be counted");
  check_has(refusal(head + "a\\x\t2\nb\t1\n"), "a backslash must be followed by");
  check_has(refusal(head + "a\\\t2\nb\t1\n"), "a backslash must be followed by");
  check_has(refusal(head + "\xFF\t2\nb\t1\n"), "line 4: the token is not UTF-8");
  check_has(refusal("# lexigrad vocabulary 1: 3 tokens\na\t1\n"), "expected the special token <|endoftext|>, not 'a'");
  check_has(refusal("# lexigrad vocabulary 1: 2 tokens\n<|endoftext|>\t1\n<|unk|>\t0\n"), "there are no words");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_or_written_are_named_and_leave_nothing) {
  const Folder folder;
  check_has(error_text<FileError>([&] { Vocabulary::load(folder.file("none.txt")); }),
            "cannot read '" + folder.file("none.txt") + "': No such file or directory; expected a vocabulary file");
  check_has(error_text<FileError>([&] { Vocabulary::load(folder.path()); }), "it is a folder");
  check_has(error_text<FileError>([&] { Vocabulary::load("/dev/zero"); }), "it is a device");
  std::filesystem::create_symlink(folder.file("loop"), folder.file("loop"));
  check_has(error_text<FileError>([&] { Vocabulary::load(folder.file("loop")); }), "Too many levels of symbolic links");
  std::filesystem::remove(folder.file("loop"));
  check_has(error_text<FileError>([&] { make("a").save(folder.file("none/v.txt")); }),
            "[write] " + folder.file("none/v.txt") + ": cannot be written (No such file or directory)");
  std::filesystem::create_directory(folder.file("folder"));
  check_has(error_text<FileError>([&] { make("a").save(folder.file("folder")); }), folder.file("folder"));
  BOOST_TEST(folder.names().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
