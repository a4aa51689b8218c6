// map.cpp: the page of a word map: well formed whatever the words are, complete, and asking nobody for anything.
#include "vectors/map.hpp"

#include <nlohmann/json.hpp>

#include "support.hpp"
#include "tensor/parallel.hpp"

using namespace support;

namespace {

WordTable odd_words() {
  const std::vector<std::string> words{
      "<b>", "&amp;", "\"q\"", "\u4e2d", std::string(300, 'x'), "</script><script>alert(1)</script>", "]]>", "bad\xFF"};
  Rng rng(1);
  return {words, normal({static_cast<Index>(words.size()), 5}, rng)};
}

nlohmann::json data_of(const std::string& page) {
  const std::string mark = "id=\"data\">";
  const std::size_t begin = page.find(mark) + mark.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(map)

BOOST_AUTO_TEST_CASE(words_with_markup_stay_text_D101) {
  const std::string page = map_html(odd_words(), {.title = "<i>title</i> & more"});
  BOOST_TEST(count_of(page, "<script") == 2u);  // the data and the page's own
  BOOST_TEST(page.find("alert(1)</") == std::string::npos);
  const nlohmann::json data = data_of(page);
  BOOST_TEST(data.at("title") == "<i>title</i> & more");
  BOOST_TEST(data.at("words").at(5) == "</script><script>alert(1)</script>");
  BOOST_TEST(data.at("words").at(4).get<std::string>().size() == 300u);
  BOOST_TEST(data.at("words").at(7) == "bad\uFFFD");
}

BOOST_AUTO_TEST_CASE(the_page_asks_no_network) {
  const std::string page = map_html(odd_words());
  for (const char* part : {"http://", "https://", "src=", "@import", "url(", "fetch(", "XMLHttpRequest"}) {
    BOOST_TEST(page.find(part) == std::string::npos, part);
  }
  check_has(page, "default-src 'none'");
}

BOOST_AUTO_TEST_CASE(both_tables_are_there_and_words_that_one_lacks_are_hidden) {
  Rng rng(2);
  const WordTable after({"a", "zero", "b", "c", "d"}, tensor({5, 2}, {1, 0, 0, 0, 0, 1, 1, 1, -1, 0.5}));
  const WordTable before({"c", "b", "a"}, normal({3, 7}, rng));
  const nlohmann::json data = data_of(map_html(after, {.before = &before, .words = 3, .neighbours = 2}));
  BOOST_TEST((data.at("words") == nlohmann::json{"a", "b", "c"}));
  BOOST_TEST(data.at("sides").size() == 2u);
  const nlohmann::json whole = data_of(map_html(after, {.before = &before}));
  BOOST_TEST((whole.at("words") == nlohmann::json{"a", "b", "c", "d"}));
  const std::string places =
      whole.at("sides").at(0).at("places");  // 4 words of 4 bytes: 22 letters; the last are 1 bits
  BOOST_TEST(places.substr(16, 6) == "/////w");
  BOOST_CHECK_THROW(map_html(WordTable({"a", "z"}, tensor({2, 1}, {1, 0}))), ValueError);
}

BOOST_AUTO_TEST_CASE(the_same_bytes_with_any_number_of_threads) {
  Rng rng(4);
  std::vector<std::string> words;
  for (int i = 0; i < 400; ++i) words.push_back(fmt::format("w{}", i));
  const WordTable t(words, normal({400, 10}, rng));
  std::string first;
  for (const int threads : {1, 2, 4}) {
    const ThreadScope scope(threads);
    const std::string page = map_html(t);
    if (first.empty()) first = page;
    BOOST_TEST((page == first));
  }
}

BOOST_AUTO_TEST_CASE(the_projector_gets_two_files_of_the_same_length) {
  const Folder folder;
  write_projector_files(folder.file("p"), WordTable({"a\tb", "c"}, tensor({2, 2}, {1, 0.5, -2, 3})), 10);
  BOOST_TEST(read_file(folder.file("p.vectors.tsv")) == "1\t0.5\n-2\t3\n");
  BOOST_TEST(read_file(folder.file("p.words.tsv")) == "a b\nc\n");
}

BOOST_AUTO_TEST_SUITE_END()
