// search.cpp: many queries at once give what a plain loop in double gives, in its order.
#include "vectors/search.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"
#include "tensor/parallel.hpp"
#include "vectors/neighbours.hpp"

using namespace support;

namespace {

WordTable noise(Index words, Index dim, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<std::string> names;
  for (Index i = 0; i < words; ++i) names.push_back(fmt::format("w{}", i));
  return {names, normal({words, dim}, rng)};
}

// Every score in double, sorted.
std::vector<Scored> by_loop(const WordTable& t, const Query& query, Index count, Similarity similarity) {
  double length = 0.0;
  for (const double x : query.numbers) length += x * x;
  std::vector<Scored> all;
  for (Index row = 0; row < t.size(); ++row) {
    if (!t.has_direction(row) || std::find(query.excluded.begin(), query.excluded.end(), row) != query.excluded.end())
      continue;
    double dot = 0.0;
    for (Index i = 0; i < t.dim(); ++i)
      dot += static_cast<double>(t.vectors(row, i)) * query.numbers[static_cast<std::size_t>(i)];
    all.push_back({row, similarity == Similarity::dot ? dot : dot / t.length(row) / std::sqrt(length)});
  }
  std::stable_sort(all.begin(), all.end(), [](const Scored& x, const Scored& y) { return x.score > y.score; });
  all.resize(std::min(all.size(), static_cast<std::size_t>(count)));
  return all;
}

void check_same(const std::vector<Scored>& found, const std::vector<Scored>& expected) {
  BOOST_REQUIRE_EQUAL(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    BOOST_TEST(found[i].id == expected[i].id);
    BOOST_TEST(std::abs(found[i].score - expected[i].score) < 1e-12);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(search)

BOOST_AUTO_TEST_CASE(many_queries_give_what_a_plain_loop_gives) {
  const WordTable t = noise(5000, 33, 4);
  std::vector<Query> queries;
  Rng rng(5);
  for (int q = 0; q < 70; ++q) {  // more than are multiplied at once
    Query query;
    for (Index i = 0; i < t.dim(); ++i) query.numbers.push_back(rng.normal() * (q % 3 == 0 ? 100.0 : 1.0));
    if (q % 2 == 0) query.excluded = {by_loop(t, query, 1, Similarity::cosine)[0].id, 17, 17};
    queries.push_back(query);
  }
  for (const Similarity similarity : {Similarity::cosine, Similarity::dot}) {
    const auto found = vectors::search(t, queries, 10, similarity);
    for (std::size_t q = 0; q < queries.size(); ++q) check_same(found[q], by_loop(t, queries[q], 10, similarity));
  }
}

BOOST_AUTO_TEST_CASE(near_equal_scores_are_ordered_as_in_double) {
  // Rows that differ by less than single precision can tell in their product with the query.
  std::vector<std::string> words;
  Tensor numbers(Shape{4000, 3});
  real* out = numbers.mutable_data();
  for (int i = 0; i < 4000; ++i) {
    words.push_back(fmt::format("w{}", i));
    *out++ = 1;
    *out++ = static_cast<real>(1e-4 * ((i * 7919) % 4000) / 4000.0);
    *out++ = 0;
  }
  const WordTable t(words, numbers);
  const Query query{{1.0, 1.0, 0.5}};
  check_same(vectors::search(t, {query}, 25).front(), by_loop(t, query, 25, Similarity::cosine));
}

BOOST_AUTO_TEST_CASE(very_long_and_very_short_rows_are_scored_too) {
  const WordTable t({"long", "short", "usual"}, tensor({3, 2}, {3e38, 3e38, 1e-40, 0, 1, 0.1}));
  const std::vector<Scored> found = vectors::search(t, {{{1.0, 0.0}}}, 3).front();
  BOOST_TEST(found[0].id == 1);
  BOOST_TEST(found[1].id == 2);
  BOOST_TEST(found[2].score == std::sqrt(0.5), boost::test_tools::tolerance(1e-6));
  const std::vector<Scored> dots = vectors::search(t, {{{1.0, 0.0}}}, 3, Similarity::dot).front();
  BOOST_TEST(dots[0].score == 3e38, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(equal_rows_all_enter_in_the_order_of_the_table) {
  std::vector<std::string> words;
  for (int i = 0; i < 3000; ++i) words.push_back(fmt::format("w{}", i));
  const std::vector<Scored> found = vectors::search({words, ones({3000, 4})}, {{{1, 1, 1, 1}, {0, 2}}}, 5).front();
  const std::vector<Index> expected{1, 3, 4, 5, 6};
  for (std::size_t i = 0; i < 5; ++i) BOOST_TEST(found[i].id == expected[i]);
}

BOOST_AUTO_TEST_CASE(neighbours_of_rows_are_those_of_words) {
  const WordTable t = noise(300, 8, 6);
  const auto found = neighbours_of_rows(t, {5, 250}, 4);
  check_same(found[0], vectors::neighbours(t, "w5", 4));
  check_same(found[1], vectors::neighbours(t, "w250", 4));
  const WordTable zero({"zero", "a"}, tensor({2, 1}, {0, 1}));
  BOOST_TEST(neighbours_of_rows(zero, {0, 1}, 3)[0].empty());
  BOOST_CHECK_THROW(neighbours_of_rows(t, {300}, 1), IndexError);
}

BOOST_AUTO_TEST_CASE(the_same_bits_with_any_number_of_threads) {
  const WordTable t = noise(20000, 20, 8);
  std::vector<Index> rows;
  for (Index row = 0; row < 100; ++row) rows.push_back(row);
  const ThreadScope one(1);
  const auto expected = neighbours_of_rows(t, rows, 7);
  for (const int threads : {2, 4}) {
    const ThreadScope scope(threads);
    const auto found = neighbours_of_rows(t, rows, 7);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t k = 0; k < 7; ++k) {
        BOOST_TEST(found[i][k].id == expected[i][k].id);
        BOOST_TEST(found[i][k].score == expected[i][k].score);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(products_of_cosines_need_all_three_and_the_odd_word_is_found) {
  const WordTable t = parse_vectors(n6, "n6");
  const std::vector<Scored> found = analogy_by_product(t, "man", "king", "woman", 1);
  BOOST_TEST(t.words[static_cast<std::size_t>(found[0].id)] == "queen");
  const auto c = [&](const char* a, const char* b) { return (1.0 + cosine(t, a, b)) / 2.0; };
  BOOST_TEST(found[0].score == c("king", "queen") * c("woman", "queen") / (c("man", "queen") + 0.001),
             boost::test_tools::tolerance(1e-9));
  const std::vector<Scored> odd = odd_one_out(t, {"king", "apple", "man", "woman"});
  BOOST_TEST(odd.size() == 4u);
  BOOST_TEST(t.words[static_cast<std::size_t>(odd[0].id)] == "apple");
  BOOST_CHECK_THROW(odd_one_out(t, {"king", "man"}), ValueError);
  check_has(error_text<IndexError>([&] { odd_one_out(t, {"king", "man", "kinng"}); }), "\"kinng\"");
}

BOOST_AUTO_TEST_SUITE_END()
