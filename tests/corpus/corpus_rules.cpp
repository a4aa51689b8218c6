// corpus_rules.cpp: the embedded corpus is a text, not a trick: no frame is stamped out again and again to push words
// together, and what is held out was not seen. The word lists are those of examples/data/lists.txt.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include "data/embedded.hpp"
#include "text/corpus.hpp"
#include "text/reading.hpp"
#include "text/tokenizer.hpp"
#include "text/utf8.hpp"

namespace {

using namespace lexigrad;
using Words = std::vector<std::string>;

std::map<std::string, Words> read_lists() {
  std::ifstream file(LEXIGRAD_SOURCE_DIR "/examples/data/lists.txt");
  BOOST_REQUIRE(file.good());
  std::map<std::string, Words> lists;
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (line.empty() || line[0] == '#') continue;
    BOOST_REQUIRE_MESSAGE(colon != std::string::npos, "lists.txt: no colon in: " << line);
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) lists[line.substr(0, colon)].push_back(word);
  }
  return lists;
}

// Sentences of a document: words up to and with . ! or ?; what is left at its end is one too.
std::vector<Words> sentences_of(const std::string& document) {
  std::vector<Words> sentences;
  Words sentence;
  for (std::string& word : text::split_words(document)) {
    const bool ends = word == "." || word == "!" || word == "?";
    sentence.push_back(std::move(word));
    if (ends) sentences.push_back(std::exchange(sentence, {}));
  }
  if (!sentence.empty()) sentences.push_back(sentence);
  return sentences;
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += word + " ";
  return text;
}

struct Skeletons {
  std::map<std::string, Index> counts;
  Index sentences = 0;
};

Skeletons skeletons_of(const std::vector<std::string>& documents, const std::map<std::string, Words>& lists) {
  std::unordered_map<std::string, std::string> list_of;
  for (const auto& [name, words] : lists) {
    for (const std::string& word : words) list_of.emplace(text::lowercase(word), "<" + name + ">");
  }
  Skeletons result;
  for (const std::string& document : documents) {
    for (Words& sentence : sentences_of(document)) {
      for (std::string& word : sentence) {
        word = text::lowercase(word);
        if (const auto found = list_of.find(word); found != list_of.end()) word = found->second;
      }
      ++result.counts[joined(sentence)];
      ++result.sentences;
    }
  }
  return result;
}

std::vector<std::string> documents() { return text::split_documents(data::corpus()); }

bool is_word(const std::string& token) { return text::kind(text::decode(token, 0).value) == text::Kind::letter; }

// make_corpus's documented rule: of n documents round(n · part) whole ones, one from the middle of each equal stretch.
std::set<std::size_t> held_out_numbers(std::size_t n, double part) {
  const auto count = static_cast<std::size_t>(std::llround(static_cast<double>(n) * part));
  std::set<std::size_t> numbers;
  for (std::size_t j = 0; j < count; ++j) numbers.insert((2 * j + 1) * n / (2 * count));
  return numbers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(corpus_rules)

BOOST_AUTO_TEST_CASE(it_is_large_enough_and_says_many_things) {
  BOOST_TEST(data::corpus().size() >= 300000u);
  std::set<std::string> words;
  for (const std::string& token : text::split_words(data::corpus(), true)) {
    if (is_word(token)) words.insert(token);
  }
  BOOST_TEST(words.size() > 600u);
  BOOST_TEST(documents().size() >= 100u);
}

BOOST_AUTO_TEST_CASE(no_sentence_frame_is_stamped_out) {
  const Skeletons s = skeletons_of(documents(), read_lists());
  BOOST_REQUIRE(s.sentences > 1000);
  Index once = 0;
  for (const auto& [skeleton, count] : s.counts) {
    once += count == 1 ? 1 : 0;
    const double share = static_cast<double>(count) / static_cast<double>(s.sentences);
    BOOST_CHECK_MESSAGE(share <= 0.005,
                        fmt::format("{:.2f} % of the sentences ({}) are: {}", 100.0 * share, count, skeleton));
  }
  BOOST_CHECK_MESSAGE(2 * once >= s.sentences,
                      fmt::format("{} of {} sentences have a skeleton of their own", once, s.sentences));
}

BOOST_AUTO_TEST_CASE(the_skeletons_see_a_stamped_frame) {
  const std::map<std::string, Words> lists = {{"pet", {"cat", "dog"}}};
  const Skeletons s = skeletons_of({"The cat ran. A dog ate!", "The dog ran. the Cat ran."}, lists);
  BOOST_TEST(s.sentences == 4);
  BOOST_TEST(s.counts.at("the <pet> ran . ") == 3);
  BOOST_TEST(s.counts.at("a <pet> ate ! ") == 1);
}

BOOST_AUTO_TEST_CASE(held_out_documents_share_no_long_sentence_with_the_training_part) {
  const std::vector<std::string> all = documents();
  const std::set<std::size_t> held = held_out_numbers(all.size(), text::CorpusOptions{}.held_out);
  const text::Corpus corpus = text::make_corpus(all);
  BOOST_REQUIRE_EQUAL(corpus.held_out_documents, static_cast<Index>(held.size()));
  std::set<std::string> trained;
  std::size_t tokens = 1;  // of the held-out stream, as a check that the same documents are meant
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (held.count(i) != 0) {
      tokens += text::split_words(all[i]).size() + 1;
    } else {
      for (const Words& sentence : sentences_of(all[i])) trained.insert(joined(sentence));
    }
  }
  BOOST_TEST(corpus.held_out.size() == tokens);
  for (const std::size_t i : held) {
    for (const Words& sentence : sentences_of(all[i])) {
      if (std::count_if(sentence.begin(), sentence.end(), is_word) < 8) continue;
      BOOST_CHECK_MESSAGE(trained.count(joined(sentence)) == 0, "trained on and held out: " << joined(sentence));
    }
  }
}

BOOST_AUTO_TEST_CASE(it_is_plain_ascii_with_clean_lines) {
  std::size_t line = 1;
  char before = '\n';
  for (const char c : data::corpus()) {
    BOOST_REQUIRE_MESSAGE(c == '\n' || (c >= ' ' && c <= '~'), "line " << line << ": byte " << static_cast<int>(c));
    BOOST_REQUIRE_MESSAGE(!(c == ' ' && before == ' '), "line " << line << ": two blanks");
    BOOST_REQUIRE_MESSAGE(!(c == '\n' && before == ' '), "line " << line << ": a blank at the end");
    if (c == '\n') ++line;
    before = c;
  }
  BOOST_TEST(data::corpus().back() == '\n');
}

BOOST_AUTO_TEST_CASE(every_sentence_begins_with_a_capital_and_ends_with_a_mark) {
  for (const std::string& document : documents()) {
    for (const Words& sentence : sentences_of(document)) {
      const auto first = std::find_if(sentence.begin(), sentence.end(), is_word);
      BOOST_CHECK_MESSAGE(first == sentence.end() || text::is_upper(text::decode(*first, 0).value),
                          "no capital: " << joined(sentence));
      const std::string& last = sentence.back();
      BOOST_CHECK_MESSAGE(last == "." || last == "!" || last == "?" || last == "\"",
                          "no mark at the end: " << joined(sentence));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_training_part_knows_the_gender_pairs) {
  const std::map<std::string, Words> lists = read_lists();
  const Words male = lists.at("male"), female = lists.at("female");
  BOOST_REQUIRE_EQUAL(male.size(), female.size());
  text::CorpusOptions options;
  options.min_count = 2;  // train_embeddings' default
  const text::Corpus corpus = text::make_corpus(documents(), options);
  int known = 0;
  for (std::size_t i = 0; i < male.size(); ++i) {
    known += corpus.vocabulary.find(male[i]) && corpus.vocabulary.find(female[i]) ? 1 : 0;
  }
  BOOST_TEST(known >= 12);
}

BOOST_AUTO_TEST_CASE(a_listed_word_stands_in_one_list_once) {
  std::map<std::string, std::string> seen;
  for (const auto& [name, words] : read_lists()) {
    for (const std::string& word : words) {
      const auto [place, is_new] = seen.emplace(word, name);
      BOOST_CHECK_MESSAGE(is_new, word << " stands in " << place->second << " and in " << name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
