// first_embedding.cpp: the guided tour says what is true, and the same every time.
#include <cmath>
#include <map>
#include <sstream>

#include "programs/run.hpp"

using namespace programs;

namespace {

// The numbers behind `label` in every line that holds it.
std::vector<double> numbers_after(const std::string& text, const std::string& label) {
  std::vector<double> numbers;
  for (std::size_t at = text.find(label); at != std::string::npos; at = text.find(label, at + 1)) {
    numbers.push_back(std::stod(text.substr(at + label.size())));
  }
  return numbers;
}

// Each run draws a table of 38.6 million numbers, so the cases share two of them.
const std::string& output(const std::string& seed = "1") {
  static std::map<std::string, std::string> outputs;
  if (outputs.count(seed) == 0) {
    const Result r = run({FIRST_EMBEDDING, "--seed", seed}, {.environment = {{"OMP_NUM_THREADS", "2"}}});
    check_works(r);
    outputs[seed] = r.out;
  }
  return outputs[seed];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(first_embedding)

BOOST_AUTO_TEST_CASE(it_says_what_an_embedding_is) {
  for (const char* part : {
           "table [1000, 4]",
           "ids [1, 3] = [[12, 45, 678]] -> vectors [1, 3, 4]",
           "3 of 3 equal their rows",
           "\"the\" 1169",
           "\" cat\" 3797",
           "\"cat\" 9246",
           "\"dog\" 9703",
           "9246 + 9247 = 18493",
           "rows moved:    3 of 1000   (gradient: rows",
           "rows moved: 1000 of 1000   (gradient: the whole table)",
           "50257 x 768 = 38,597,376",
           "50257 x 12288 = 617,558,016",
           "154,389,504 bytes",
           "2,470,232,064 bytes",
           "31.0 % of the model's 124,439,808",
           "0.35 % of the model's",
       }) {
    check_has(output(), part);
  }
}

BOOST_AUTO_TEST_CASE(training_makes_mat_likelier_and_a_block_helps) {
  for (const char* seed : {"1", "2"}) {
    const std::vector<double> loss = numbers_after(output(seed), "%   loss ");
    BOOST_REQUIRE_EQUAL(loss.size(), 8u);  // before, after 1, 20 and 100 steps: without a block, then with one
    for (const std::size_t first : {0, 4}) {
      BOOST_TEST(loss[first] > loss[first + 1]);
      BOOST_TEST(loss[first + 1] > loss[first + 2]);
    }
    BOOST_TEST(loss[3] > 1.0);  // four endings that cannot be told apart: ln 4 = 1.39 at best on the mean
    BOOST_TEST(loss[7] < 0.2);
  }
}

BOOST_AUTO_TEST_CASE(a_real_table_has_the_spread_it_is_drawn_with) {
  const std::string& out = output();
  const std::vector<double> mean = numbers_after(out, ": mean "), std = numbers_after(out, "standard deviation ");
  BOOST_REQUIRE(mean.size() == 1 && std.size() == 1);
  BOOST_TEST(std::abs(mean[0]) <= 0.00002);  // 0.02 / sqrt(38.6 million) is 0.000003
  BOOST_TEST(std::abs(std[0] - 0.02) <= 0.00002);
}

BOOST_AUTO_TEST_CASE(the_seed_decides_and_threads_do_not) {
  const Result alone = run({FIRST_EMBEDDING}, {.environment = {{"OMP_NUM_THREADS", "1"}}});  // the default seed is 1
  BOOST_TEST(alone.out == output("1"));
  BOOST_TEST(output("1") != output("2"));
}

BOOST_AUTO_TEST_CASE(it_fits_a_screen_or_two) {
  const std::string& out = output();
  BOOST_TEST(std::count(out.begin(), out.end(), '\n') <= 65);
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) BOOST_CHECK_MESSAGE(line.size() <= 130, line);
}

BOOST_AUTO_TEST_CASE(usage) {
  const Result help = run({FIRST_EMBEDDING, "--help"});
  check_works(help);
  check_has(help.out, "--seed");
  check_fails(run({FIRST_EMBEDDING, "--sed", "1"}), 2, {"--sed"});
  check_fails(run({FIRST_EMBEDDING, "--seed", "one"}), 2, {"--seed"});
}

BOOST_AUTO_TEST_SUITE_END()
