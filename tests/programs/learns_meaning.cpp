// learns_meaning.cpp: the real run: from noise to meaning on the embedded corpus with seed 1; and the controls, which
// take the text's order or the lookup away, and the meaning with it. Minutes, so Meson suite `train`.
#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "programs/run.hpp"

using namespace programs;
using nlohmann::json;

namespace {

json full_run(const std::vector<std::string>& more = {}) {
  const Folder folder;
  std::vector<std::string> arguments = {TRAIN_EMBEDDINGS, "--seed", "1", "--out", folder / "out"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  check_works(run(arguments));
  return json::parse(read(folder / "out/report.json"));
}

// The run as everybody gets it, done once.
const json& standard() {
  static const json report = full_run();
  return report;
}

// How many of the first `count` neighbours of a word are among `expected`.
int near(const json& meaning, const char* word, std::size_t count, const std::set<std::string>& expected) {
  const json& list = meaning.at("neighbours").at(word);
  int found = 0;
  for (std::size_t i = 0; i < std::min(count, list.size()); ++i) {
    found += static_cast<int>(expected.count(list[i].at("word").get<std::string>()));
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(learns_meaning)

BOOST_AUTO_TEST_CASE(before_training_there_is_noise) {
  const json &report = standard(), &before = report.at("before");
  const double root = std::sqrt(report.at("settings").at("dim").get<double>());
  for (const json& pair : before.at("cosines")) {
    BOOST_REQUIRE(pair.at("cosine").is_number());
    BOOST_CHECK_MESSAGE(std::abs(pair.at("cosine").get<double>()) <= 4.0 / root, pair.dump());
  }
  // Cosines of independent directions spread like N(0, 1/dim): their mean size is sqrt(2/pi) / sqrt(dim).
  const double expected = std::sqrt(2.0 / std::acos(-1.0)) / root;
  const double found = before.at("listed_words").at("mean_absolute_cosine").get<double>();
  BOOST_CHECK_MESSAGE(std::abs(found - expected) <= 0.1 * expected, found << " is not near " << expected);
  BOOST_TEST(before.at("gender").at("accuracy").get<double>() <= 0.05);
}

BOOST_AUTO_TEST_CASE(queen_is_the_answer) {
  const json& analogy = standard().at("after").at("analogy");
  BOOST_REQUIRE(analogy.at("known").get<bool>());
  BOOST_TEST(analogy.at("rank_query_words_excluded") == 1);
}

BOOST_AUTO_TEST_CASE(queen_is_not_the_answer_when_the_query_words_take_part) {
  const json& analogy = standard().at("after").at("analogy");
  BOOST_TEST(analogy.at("rank_query_words_included") > 1);
  BOOST_TEST(analogy.at("answers_query_words_included").at(0).at("word") == "king");
}

BOOST_AUTO_TEST_CASE(neighbours_are_of_one_kind) {
  const json& after = standard().at("after");
  BOOST_TEST(near(after, "cat", 5, {"dog", "puppy", "kitten", "pet", "feline", "hound", "rabbit"}) >= 3);
  BOOST_TEST(near(after, "car", 5, {"truck", "bus", "vehicle", "van", "taxi", "lorry", "train", "bicycle", "boat"}) >=
             3);
}

BOOST_AUTO_TEST_CASE(gender_is_a_direction_and_living_an_axis) {
  const json& after = standard().at("after");
  BOOST_TEST(after.at("gender").at("accuracy").get<double>() >= 0.5);
  BOOST_TEST(after.at("gender").at("asked").get<int>() >= 12 * 11);
  BOOST_TEST(after.at("living_axis").at("auc").get<double>() >= 0.85);
}

BOOST_AUTO_TEST_CASE(marks_say_what_comes_next) {
  const json &before = standard().at("before"), &after = standard().at("after");
  const auto value = [](const json& m, const char* mark, const char* key) { return m.at(mark).at(key).get<double>(); };
  BOOST_TEST(value(before, "after_full_stop", "capital_or_end_of_text") < 0.5);
  BOOST_TEST(value(after, "after_full_stop", "capital_or_end_of_text") >= 0.8);
  BOOST_TEST(value(after, "after_question_mark", "answer_openers") >=
             5.0 * value(after, "after_full_stop", "answer_openers"));
  BOOST_TEST(value(after, "after_question_mark", "answer_openers") >
             value(before, "after_question_mark", "answer_openers"));
}

BOOST_AUTO_TEST_CASE(it_beats_counting) {
  const json& held_out = standard().at("held_out");
  BOOST_TEST(held_out.at("perplexity_after").get<double>() < held_out.at("unigram_perplexity").get<double>());
  BOOST_TEST(held_out.at("perplexity_after").get<double>() < held_out.at("bigram_perplexity").get<double>());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(controls_lose_it)

BOOST_AUTO_TEST_CASE(without_the_order_of_words_there_is_no_meaning) {
  const json after = full_run({"--control", "shuffle"}).at("after");
  BOOST_TEST(after.at("gender").at("accuracy").get<double>() <= 0.05);
  BOOST_TEST(after.at("analogy").at("rank_query_words_excluded").get<int>() > 10);
}

BOOST_AUTO_TEST_CASE(labels_taken_as_numbers_predict_worse) {
  const double with_table = standard().at("held_out").at("loss_after").get<double>();
  const double with_label = full_run({"--control", "ids"}).at("held_out").at("loss_after").get<double>();
  BOOST_CHECK_MESSAGE(with_label >= with_table + 0.2, with_label << " against " << with_table);
}

BOOST_AUTO_TEST_SUITE_END()
