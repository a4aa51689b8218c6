// windows.cpp: what is left out, what is drawn, which words are contexts of which.
#include "word2vec/support.hpp"

using namespace lexigrad;
using namespace lexigrad::word2vec;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// Word and context, of every window.
Pairs pairs_of(std::string_view text, Index window, Index min_count = 1) {
  const Vocabulary vocabulary = vocabulary_of(text, min_count);
  const WindowMaker maker(vocabulary, {.window = window, .fixed = true, .negative = 1, .sample = 0.0, .group = 2});
  Pairs pairs;
  for (const Group& group : maker.groups(text, Rng(1))) {
    const SampledWindows& w = group.windows;
    for (Index i = 0; i < w.count(); ++i) {
      for (Index c = w.starts[static_cast<std::size_t>(i)]; c < w.starts[static_cast<std::size_t>(i) + 1]; ++c) {
        pairs.emplace_back(vocabulary.words[static_cast<std::size_t>(w.samples[2 * i])],
                           vocabulary.words[static_cast<std::size_t>(w.contexts[c])]);
      }
    }
  }
  return pairs;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(windows)

BOOST_AUTO_TEST_CASE(pairs_at_the_edge_of_a_sentence_D081) {
  BOOST_TEST((pairs_of("a b c", 10) == Pairs{{"a", "b"}, {"a", "c"}, {"b", "a"}, {"b", "c"}, {"c", "a"}, {"c", "b"}}));
  BOOST_TEST((pairs_of("a", 10) == Pairs{}));
}

BOOST_AUTO_TEST_CASE(pairs_stay_inside_a_line_and_words_left_out_close_the_gap_D082) {
  BOOST_TEST((pairs_of("a b c\nd e", 2) ==
              Pairs{{"a", "b"}, {"a", "c"}, {"b", "a"}, {"b", "c"}, {"c", "a"}, {"c", "b"}, {"d", "e"}, {"e", "d"}}));
  // b occurs once, the others twice.
  BOOST_TEST((pairs_of("a b c\nd e\na c\nd e", 2, 2) ==
              Pairs{{"a", "c"}, {"c", "a"}, {"d", "e"}, {"e", "d"}, {"a", "c"}, {"c", "a"}, {"d", "e"}, {"e", "d"}}));
}

BOOST_AUTO_TEST_CASE(the_chance_of_keeping_a_frequent_word_D083) {
  const double expected[] = {0.04672135955, 0.11, 0.416227766, 1, 1};
  const double shares[] = {0.5, 0.1, 0.01, 0.001, 0.0001};
  for (int i = 0; i < 5; ++i) BOOST_CHECK_CLOSE_FRACTION(keep_chance(shares[i], 1e-3), expected[i], 1e-8);
  BOOST_TEST(keep_chance(0.5, 0.0) == 1.0);
}

BOOST_AUTO_TEST_CASE(how_often_each_word_is_drawn_as_a_negative_D084) {
  const double expected[] = {0.5543070482, 0.3295929428, 0.09857128106, 0.01752872795};
  const AliasTable table(negative_weights({100, 50, 10, 1}));
  Draws draws(Rng(1));
  std::vector<double> shares(4, 0.0);
  for (int i = 0; i < 1000000; ++i) shares[static_cast<std::size_t>(table.draw(draws.next()))] += 1e-6;
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(std::abs(shares[i] - expected[i]) <= 0.02 * expected[i] + 0.0006);
}

BOOST_AUTO_TEST_CASE(a_table_of_weights_has_its_edges) {
  BOOST_TEST(AliasTable({3.0}).draw(0.999999) == 0);
  const AliasTable some({0.0, 1.0, 0.0});
  for (int i = 0; i < 1000; ++i) BOOST_TEST(some.draw(i / 1000.0) == 1);
  for (const std::vector<double>& bad : {std::vector<double>{}, {0.0, 0.0}, {1.0, -1.0}, {std::nan("")}}) {
    BOOST_CHECK_THROW(AliasTable{bad}, ValueError);
  }
}

BOOST_AUTO_TEST_CASE(near_words_are_contexts_more_often_and_common_ones_are_left_out) {
  const std::string text = random_text(60000);
  const Vocabulary vocabulary = vocabulary_of(text);
  const auto inputs = [&](WindowOptions options) {
    options.group = 100;
    Index words = 0, count = 0, windows = 0;
    for (const Group& group : WindowMaker(vocabulary, options).groups(text, Rng(1))) {
      BOOST_TEST(group.windows.count() <= 100);
      words += group.words;
      count += group.windows.contexts.size();
      windows += group.windows.count();
    }
    BOOST_TEST(words == vocabulary.total);
    return std::pair(static_cast<double>(count) / static_cast<double>(windows), windows);
  };
  const auto [fixed, all] = inputs({.window = 3, .fixed = true, .sample = 0.0});
  const auto [drawn, same] = inputs({.window = 3, .sample = 0.0});
  BOOST_TEST(all == same);
  BOOST_TEST((drawn > 0.6 * fixed && drawn < 0.75 * fixed));  // mean radius 2 of 3, less is cut off at the ends
  BOOST_TEST(inputs({.window = 3, .sample = 1e-3}).second < all * 3 / 4);
}

BOOST_AUTO_TEST_CASE(windows_depend_on_the_generator_alone) {
  const std::string text = random_text(5000);
  const Vocabulary vocabulary = vocabulary_of(text);
  const WindowMaker maker(vocabulary, {});
  const auto samples = [&](std::uint64_t seed) {
    std::vector<Index> all;
    for (const Group& group : maker.groups(text, Rng(seed))) {
      all.insert(all.end(), group.windows.samples.values().begin(), group.windows.samples.values().end());
    }
    return all;
  };
  BOOST_TEST((samples(1) == samples(1)));
  BOOST_TEST((samples(1) != samples(2)));
}

BOOST_AUTO_TEST_SUITE_END()
