// phrases.cpp: which pairs of words are joined, and how.
#include "word2vec/phrases.hpp"
#include "word2vec/support.hpp"

using namespace lexigrad;
using namespace lexigrad::word2vec;

namespace {

// 100 times "new york", 100 times "a b" and "b a" among others: new_york stands out, a and b do not.
std::string city_text() {
  std::string text;
  for (int i = 0; i < 100; ++i) text += fmt::format("a b w{} new york b a v{}\n", i, i);
  return text;
}

std::vector<std::string> joined(const Phrases& phrases, std::vector<std::string_view> words) {
  phrases.join(words);
  return {words.begin(), words.end()};
}

using Strings = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(phrases)

// 800 words: score(new, york) = (100 - 5) · 800 / (100 · 100) = 7.6; (a, b) and (b, a): 95 · 800 / (200 · 200) = 1.9.
BOOST_AUTO_TEST_CASE(pairs_above_the_threshold_are_joined) {
  const std::string text = city_text();
  const Texts texts{std::string_view(text)};
  const auto size = [&](double threshold) {
    return find_phrases(texts, WordRule::blanks, {.passes = 1, .threshold = threshold, .least = 5}).size();
  };
  BOOST_TEST(size(7.61) == 0);
  BOOST_TEST(size(7.59) == 1);
  BOOST_TEST(size(1.91) == 2);  // york b: (100 - 5) · 800 / (100 · 200) = 3.8
  BOOST_TEST(size(1.89) == 4);
  BOOST_TEST(find_phrases(texts, WordRule::blanks, {}).size() == 0);
  const Phrases found = find_phrases(texts, WordRule::blanks, {.passes = 1, .threshold = 7.0, .least = 5});
  BOOST_TEST(
      joined(found, {"in", "new", "york", "new", "york", "new"}) == (Strings{"in", "new_york", "new_york", "new"}),
      boost::test_tools::per_element());
  BOOST_TEST(joined(found, {}).empty());
}

BOOST_AUTO_TEST_CASE(a_second_pass_joins_phrases) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += fmt::format("x{} new york times y{}\n", i, i);
  const Texts texts{std::string_view(text)};
  const Phrases once = find_phrases(texts, WordRule::blanks, {.passes = 1, .threshold = 4.0, .least = 5});
  BOOST_TEST(joined(once, {"new", "york", "times"}) == (Strings{"new_york", "times"}),
             boost::test_tools::per_element());  // from the left
  const Phrases twice = find_phrases(texts, WordRule::blanks, {.passes = 2, .threshold = 3.0, .least = 5});
  BOOST_TEST(joined(twice, {"new", "york", "times"}) == Strings{"new_york_times"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(phrases_are_words_of_the_vocabulary_and_of_windows) {
  const std::string text = city_text();
  const Texts texts{std::string_view(text)};
  const Phrases found = find_phrases(texts, WordRule::blanks, {.passes = 1, .threshold = 7.0, .least = 5});
  const Vocabulary words = count_words(texts, WordRule::blanks, {5, 0}, &found);
  BOOST_TEST(words.words == (Strings{"a", "b", "new_york"}), boost::test_tools::per_element());
  BOOST_TEST(words.counts[2] == 100);
  const WindowMaker windows(words, {.phrases = &found, .window = 1, .fixed = true, .sample = 0.0});
  Place place;
  const Group group = windows.groups(texts.next(place), Rng(1)).front();
  BOOST_TEST(group.windows.contexts[1] == 0);  // a b new_york: the second window, of b, has a and new_york
  BOOST_TEST(group.windows.contexts[2] == 2);
}

BOOST_AUTO_TEST_SUITE_END()
