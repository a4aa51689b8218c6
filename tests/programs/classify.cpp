// classify.cpp: a classifier on vectors that say the kind of a word, and on noise.
#include <regex>

#include "programs/run.hpp"

using namespace programs;

namespace {

// GloVe lines of words of three lists, those of a list near one another: a direction of their own, and a little noise.
std::string vectors_by_kind() {
  const std::vector<std::vector<std::string>> lists = {
      {"dog", "cat", "cow", "horse", "sheep", "goat", "pig", "hen", "lion", "tiger", "wolf", "bear", "fox", "deer"},
      {"bread", "soup", "cheese", "rice", "cake", "apple", "pear", "egg", "fish", "meat", "water", "milk", "tea"},
      {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"},
      {"red", "blue", "green", "yellow", "white", "black", "brown", "grey"},
      {"house", "kitchen", "cottage", "barn", "castle", "palace", "tower", "village", "town", "city"}};
  std::string file;
  int count = 0;
  for (std::size_t k = 0; k < lists.size(); ++k) {
    for (const std::string& word : lists[k]) {
      file += word;
      for (std::size_t i = 0; i < 8; ++i) {
        file += fmt::format(" {:.2f}", (i == k ? 1.0 : 0.0) + 0.01 * ((7 * ++count) % 20));
      }
      file += '\n';
    }
  }
  return file;
}

// Per cent of learned and of held-out words, from a line of the table.
std::pair<double, double> shares(const std::string& out, const std::string& name) {
  std::smatch found;
  BOOST_REQUIRE_MESSAGE(std::regex_search(out, found, std::regex(name + R"( +([0-9.]+) % +([0-9.]+) %)")), out);
  return {std::stod(found[1]), std::stod(found[2])};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(classify)

BOOST_AUTO_TEST_CASE(vectors_tell_of_words_that_were_not_learned_and_noise_does_not) {
  const Folder folder;
  const Result r = run({CLASSIFY, write(folder / "v.txt", vectors_by_kind()), "--splits", "4"});
  check_works(r);
  check_has(r.out, "55 words of 13 kinds, 8 numbers each");
  BOOST_TEST(shares(r.out, "vectors, frozen").second == 100.0);
  BOOST_TEST(shares(r.out, "vectors, trained").first == 100.0);
  BOOST_TEST(shares(r.out, "noise, trained").first == 100.0);  // by heart
  BOOST_TEST(shares(r.out, "noise, trained").second < 50.0);
  BOOST_TEST(shares(r.out, "noise, frozen").second < 50.0);
}

BOOST_AUTO_TEST_CASE(mistakes_are_told) {
  const Folder folder;
  check_fails(run({CLASSIFY}), 2, {"no vectors"});
  check_fails(run({CLASSIFY, folder / "none.txt"}), 1, {"none.txt"});
  check_fails(run({CLASSIFY, write(folder / "v.txt", "king 1 2\nqueen 2 1\n")}), 1, {"has 2 of the words"});
  check_fails(run({CLASSIFY, write(folder / "v.txt", vectors_by_kind()), "--lr", "1e39"}), 1,
              {"diverged", "--lr 1e+39"});
  check_help(CLASSIFY, {"--splits", "--steps", "--lr", "--seed"});
}

BOOST_AUTO_TEST_SUITE_END()
