// test_sets.cpp: reading test sets, asking them, and the known results of a table that others have measured.
#include "vectors/test_sets.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"
#include "support/data.hpp"
#include "vectors/axis.hpp"
#include "vectors/formats.hpp"

using namespace support;

namespace {

// man → king is the step woman → queen; the capital letters of the questions are not in the table.
const char* const royal = "man 1 0 0.1\nwoman 1 1 0.1\nking 1 0 1.1\nqueen 1 1 1.1\nnobody 0 0 0\n";

std::string questions_refusal(std::string_view text) {
  return error_text<FileError>([&] { parse_questions(text, "q.txt"); });
}
std::string pairs_refusal(std::string_view text) {
  return error_text<FileError>([&] { parse_similarities(text, "s.txt"); });
}

// 24 words along an axis, 12 at each end, none of them a word that makes it.
struct Listed {
  const char* name;
  std::vector<std::string> from, to, low, high;
};

const std::vector<Listed> listed = {
    {"living",
     {"stone", "table", "lamp", "box"},
     {"dog", "bird", "boy", "horse"},
     {"chair", "book", "cup", "plate", "clock", "hammer", "bottle", "key", "house", "tower", "bridge", "road"},
     {"cat", "cow", "sheep", "girl", "man", "woman", "lion", "wolf", "rabbit", "king", "mother", "child"}},
    {"big",
     {"small", "little", "tiny", "short"},
     {"big", "large", "huge", "great"},
     {"miniature", "slim", "thin", "modest", "compact", "minor", "slight", "brief", "shallow", "narrow", "slender",
      "mini"},
     {"enormous", "massive", "giant", "vast", "gigantic", "immense", "tremendous", "colossal", "major", "grand",
      "extensive", "monumental"}},
    {"positive",
     {"bad", "sad", "evil", "ugly"},
     {"good", "happy", "kind", "beautiful"},
     {"terrible", "awful", "horrible", "cruel", "hate", "angry", "nasty", "brutal", "murder", "disaster", "death",
      "pain"},
     {"wonderful", "lovely", "excellent", "perfect", "love", "nice", "delightful", "joy", "smile", "friend", "gift",
      "pleasant"}},
    {"formal",
     {"kids", "guys", "ok", "stuff"},
     {"therefore", "furthermore", "moreover", "regarding"},
     {"yeah", "cool", "mom", "dad", "funny", "crazy", "buddy", "guy", "hey", "wow", "fun", "kid"},
     {"pursuant", "hereby", "hence", "thus", "accordance", "consequently", "nevertheless", "subsequently", "shall",
      "aforementioned", "upon", "provisions"}}};

double area(const WordTable& t, const Listed& l) {
  const Axis axis = make_axis(t, l.to, l.from);
  const auto known = [&](const std::vector<std::string>& words) {
    std::vector<std::string> found;
    for (const std::string& word : words) {
      if (t.find(word)) found.push_back(word);
    }
    return found;
  };
  const std::vector<std::string> low = known(l.low), high = known(l.high);
  BOOST_TEST(low.size() + high.size() >= 20u, l.name << " has " << low.size() << " + " << high.size() << " words");
  return auc(project(t, axis, high), project(t, axis, low));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(test_sets)

BOOST_AUTO_TEST_CASE(sections_and_questions_are_read) {
  const auto sections =
      parse_questions("# a comment\nman king woman queen\n: my family\r\n\nMan King Woman Queen\r\n: empty\n", "q");
  BOOST_REQUIRE_EQUAL(sections.size(), 3u);
  BOOST_TEST(sections[0].name == "");
  BOOST_TEST(sections[1].name == "my family");
  BOOST_TEST(sections[1].questions[0].d == "Queen");
  BOOST_TEST(sections[2].questions.empty());
  check_has(questions_refusal("man king woman\n"), "q.txt:1: expected four words, this line has 3");
  check_has(questions_refusal("a b c d\n:\n"), "q.txt:2: a section without a name");
  check_has(questions_refusal(": family\n"), "no questions");
  check_has(questions_refusal(""), "no questions");
}

BOOST_AUTO_TEST_CASE(questions_are_asked_by_both_methods_and_unknown_ones_counted) {
  const WordTable t = parse_vectors(royal, "royal");
  const auto sections = parse_questions(
      ": one\nMan KING woman queen\nman king woman prince\n: two\nman woman king queen\nman nobody king queen\n", "q");
  for (const AnalogyMethod method : {AnalogyMethod::add, AnalogyMethod::multiply}) {
    const auto results = ask(t, sections, method);
    BOOST_TEST((results[0].right == 1 && results[0].asked == 1 && results[0].skipped == 1));
    BOOST_TEST((results[1].right == 1 && results[1].asked == 1 && results[1].skipped == 1));
    BOOST_TEST(total(results).right == 2);
    BOOST_TEST(total(results).share() == 1.0);
  }
}

BOOST_AUTO_TEST_CASE(a_word_may_differ_in_case_from_that_of_the_table) {
  const WordTable t = parse_vectors("MAN 0 1 0\nMan 1 0 0.1\nwoman 1 1 0.1\nKing 1 0 1.1\nQUEEN 1 1 1.1\n", "upper");
  const auto sections = parse_questions("\xEF\xBB\xBF: one\nMan king woman Queen\nman prince woman queen\n", "q");
  BOOST_TEST(sections[0].name == "one");
  const auto results = ask(t, sections, AnalogyMethod::add);
  BOOST_TEST((results[0].right == 1 && results[0].asked == 1 && results[0].skipped == 1));
  const SimilarityResult r = compare(t, parse_similarities("\xEF\xBB\xBF"
                                                           "queen KING 9\nman WOMAN 1\n",
                                                           "s"));
  BOOST_TEST(r.known == 2);
  const WordTable greek = parse_vectors("\u0391\u03b8\u03ae\u03bd\u03b1 1 0\n\u00d6L 0 1\n", "greek");  // Αθήνα, ÖL
  BOOST_TEST(compare(greek, parse_similarities("\u03b1\u03b8\u03ae\u03bd\u03b1 \u00f6l 1\n", "s")).known == 1);
}

BOOST_AUTO_TEST_CASE(similarities_are_read_and_compared_over_known_pairs) {
  const auto pairs = parse_similarities("Man\twoman\t7.5\r\nking queen 9\n\nking prince 8\nman queen 2\n", "s");
  BOOST_TEST(pairs.size() == 4u);
  const SimilarityResult r = compare(parse_vectors(royal, "royal"), pairs);
  BOOST_TEST((r.pairs == 4 && r.known == 3));
  BOOST_TEST(r.spearman == 1.0, boost::test_tools::tolerance(1e-9));
  check_has(pairs_refusal("a b\n"), "s.txt:1: expected two words and a number, this line has 2 columns");
  check_has(pairs_refusal("a b 1\na b 1,5\n"), "s.txt:2: the third column is not a number");
  check_has(pairs_refusal("a b nan\n"), "not a number");
  check_has(pairs_refusal("\n"), "no pairs");
}

BOOST_AUTO_TEST_CASE(equal_values_share_their_mean_rank) {
  BOOST_TEST(spearman({1, 2, 3}, {10, 20, 30}) == 1.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(spearman({1, 2, 3}, {3, 2, 1}) == -1.0, boost::test_tools::tolerance(1e-12));
  // Ranks 1.5 1.5 3 4 and 1 2.5 2.5 4: products with the mean taken off add up to 3.75, squares to 4.5 and 4.5.
  BOOST_TEST(spearman({1, 1, 2, 3}, {1, 2, 2, 3}) == 3.75 / 4.5, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(spearman({1, 1}, {1, 2}) == 0.0);
  BOOST_TEST(spearman({}, {}) == 0.0);
  BOOST_CHECK_THROW(spearman({1}, {}), ValueError);
  BOOST_CHECK_THROW(spearman({1, 2}, {1, std::numeric_limits<double>::quiet_NaN()}), ValueError);
}

BOOST_AUTO_TEST_CASE(a_known_table_has_its_known_results) {
  const auto vectors = lexigrad::testing::data_path("vectors/glove6b_100d_24k.txt.gz");
  const auto sets = lexigrad::testing::data_path("eval");
  if (!vectors || !sets) return;
  const WordTable t = load_table(vectors->string());
  const auto results = ask(t, read_questions((*sets / "questions-words.txt").string()));
  BOOST_TEST(results.size() == 14u);
  for (const SectionResult& r : results) {
    if (r.name == "family") BOOST_TEST((r.right == 424 && r.asked == 506), r.right << " of " << r.asked);
    if (r.name == "capital-common-countries")
      BOOST_TEST((r.right == 477 && r.asked == 506), r.right << " of " << r.asked);
    if (r.name == "capital-world") BOOST_TEST((r.right == 4060 && r.asked == 4524), r.right << " of " << r.asked);
  }
  BOOST_TEST(std::round(1000.0 * total(results).share()) == 648.0, total(results).share());
  const std::vector<std::pair<const char*, double>> known = {
      {"wordsim353.txt", 0.533}, {"simlex999.txt", 0.298}, {"men3000.txt", 0.681}, {"rg65.txt", 0.691}};
  for (const auto& [file, rho] : known) {
    const SimilarityResult r = compare(t, read_similarities((*sets / file).string()));
    BOOST_TEST(std::abs(r.spearman - rho) <= 0.0005, file << " " << r.spearman << " over " << r.known);
  }
}

BOOST_AUTO_TEST_CASE(axes_of_four_and_four_words_order_others_in_a_trained_table_and_not_in_noise) {
  const auto vectors = lexigrad::testing::data_path("vectors/glove6b_100d_24k.txt.gz");
  if (!vectors) return;
  const WordTable trained = load_table(vectors->string());
  for (const Listed& l : listed) {
    const double learned = area(trained, l);
    // Some twenty words of one table of noise are ordered by chance with a deviation of 0.13, so it is the mean of
    // many.
    double chance = 0.0;
    constexpr int tables = 16;
    for (int seed = 0; seed < tables; ++seed) {
      Rng rng(static_cast<std::uint64_t>(seed));
      chance += area(WordTable(trained.words, normal({trained.size(), 20}, rng)), l) / tables;
    }
    BOOST_TEST_MESSAGE(l.name << ": " << learned << " trained, " << chance << " noise");
    BOOST_TEST(learned >= 0.85, l.name << " " << learned);
    BOOST_TEST(std::abs(chance - 0.5) <= 0.2, l.name << " " << chance);
  }
}

BOOST_AUTO_TEST_SUITE_END()
