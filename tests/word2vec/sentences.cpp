// sentences.cpp: pieces of texts, lines, words.
#include <fstream>

#include "word2vec/support.hpp"

using namespace lexigrad;
using namespace lexigrad::word2vec;

namespace {

using Lines = std::vector<std::vector<std::string>>;

Lines lines_of(const std::string& text, WordRule rule) {
  Lines lines;
  Sentences sentences(text, rule);
  for (auto* words = &sentences.next(); !words->empty(); words = &sentences.next()) {
    lines.emplace_back(words->begin(), words->end());
  }
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sentences)

BOOST_AUTO_TEST_CASE(words_between_blanks_are_lowered_and_kept_as_they_are) {
  BOOST_TEST((lines_of("The  King's\tÉTÉ, 3\r\n\n \nend.", WordRule::blanks) ==
              Lines{{"the", "king's", "été,", "3"}, {"end."}}));
  BOOST_TEST((lines_of("", WordRule::blanks) == Lines{}));
}

BOOST_AUTO_TEST_CASE(runs_of_letters_lose_accents_and_short_lines_go) {
  BOOST_TEST(
      (lines_of("A heading of nineteen\nThe Café's naïve ﬁrst 42 résumés\nshort line, 19 chr\n", WordRule::letters) ==
       Lines{{"a", "heading", "of", "nineteen"}, {"the", "cafe", "s", "naive", "first", "resumes"}}));
}

BOOST_AUTO_TEST_CASE(a_very_long_line_is_cut) {
  std::string text;
  for (int i = 0; i < 10003; ++i) text += "a ";
  const Lines lines = lines_of(text, WordRule::blanks);
  BOOST_REQUIRE_EQUAL(lines.size(), 2u);
  BOOST_TEST(lines[0].size() == Sentences::most_words);
  BOOST_TEST(lines[1].size() == 3u);
}

BOOST_AUTO_TEST_CASE(pieces_end_between_words_and_put_together_are_the_text) {
  std::string text;
  for (int i = 0; text.size() < 300000; ++i) text += fmt::format("word{}{}", i, i % 7 == 0 && i < 20000 ? "\n" : " ");
  const Texts texts{std::string_view(text)};
  BOOST_TEST(texts.bytes() == text.size());
  std::string together;
  Place place;
  for (std::string piece = texts.next(place); !piece.empty(); piece = texts.next(place)) {
    BOOST_TEST(piece.size() <= Texts::piece_bytes);
    BOOST_TEST((piece.back() == '\n' || piece.back() == ' '));
    together += piece;
    Place again{place.text, place.offset - piece.size()};
    BOOST_TEST((texts.next(again) == piece));
  }
  BOOST_TEST((together == text));
}

BOOST_AUTO_TEST_CASE(files_follow_each_other_and_a_byte_order_mark_goes) {
  const testing::Folder folder;
  const Texts texts(std::vector<std::string>{folder.file("one", "\xEF\xBB\xBFone two\n"), folder.file("empty", ""),
                                             folder.file("two", "three")});
  Place place;
  BOOST_TEST(texts.next(place) == "one two\n");
  BOOST_TEST(texts.next(place) == "three");
  BOOST_TEST(texts.next(place) == "");
  Place of_more_texts{7, 1000};  // of a run on more files, say
  BOOST_TEST(texts.next(of_more_texts) == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_refused) {
  const auto error = [](const std::string& path) {
    return testing::error_text<FileError>([&] { Texts(std::vector<std::string>{path}); });
  };
  BOOST_TEST(error("/no/such").find("'/no/such' does not exist") != std::string::npos);
  BOOST_TEST(error("/tmp").find("is a folder") != std::string::npos);
  BOOST_TEST(error("/dev/null").find("no ordinary file") != std::string::npos);
  const std::string endless(Texts::piece_bytes + 5, 'a');
  Place place;
  BOOST_TEST(testing::error_text<FileError>([&] {
               Texts(std::string_view(endless)).next(place);
             }).find("a word of over") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
