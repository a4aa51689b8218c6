// neighbours.cpp: order, counts, exclusions and refusals of the searches.
#include "vectors/neighbours.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"
#include "tensor/parallel.hpp"

using namespace support;

namespace {

using Expected = std::vector<std::pair<std::string, double>>;

void check_found(const WordTable& table, const std::vector<Scored>& found, const Expected& expected) {
  BOOST_REQUIRE_GE(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST(table.words[static_cast<std::size_t>(found[i].id)] == expected[i].first);
    BOOST_TEST(found[i].score == expected[i].second, boost::test_tools::tolerance(1e-5));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(neighbours)

BOOST_AUTO_TEST_CASE(the_nearest_come_first_without_the_word_itself_D075) {
  const WordTable t = parse_vectors(n6, "n6");
  check_found(t, vectors::neighbours(t, "king", 2), {{"woman", 0.9803147194}, {"queen", 0.9447566119}});
  check_found(t, vectors::neighbours(t, "apple", 2), {{"pear", 0.9989344322}, {"woman", 0.1126139322}});
  BOOST_TEST(cosine(t, "king", "queen") == 0.9447566119, boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(no_more_are_given_than_there_are_D076) {
  const WordTable t = parse_vectors(n6, "n6");
  const std::vector<std::pair<Index, std::size_t>> counts{{0, 0}, {1, 1}, {5, 5}, {6, 5}, {1000000, 5}};
  for (const auto& [asked, given] : counts) BOOST_TEST(vectors::neighbours(t, "king", asked).size() == given);
  check_has(error_text<ValueError>([&] { vectors::neighbours(t, "king", -1); }), "-1");
}

BOOST_AUTO_TEST_CASE(an_analogy_leaves_out_its_own_words_D077) {
  const WordTable t = parse_vectors(n6, "n6");
  check_found(t, analogy(t, "man", "king", "woman", 1), {{"queen", 0.9807828764}});
  check_found(t, analogy(t, "man", "king", "woman", 1, true), {{"king", 0.9905494386}});
  BOOST_TEST(*rank_of(t, "queen", "man", "king", "woman") == 1);
  BOOST_TEST(*rank_of(t, "king", "man", "king", "woman", true) == 1);
  BOOST_TEST(!rank_of(t, "king", "man", "king", "woman"));
}

BOOST_AUTO_TEST_CASE(unknown_words_are_named_D078) {
  const WordTable t = parse_vectors(n6, "n6");
  check_has(error_text<IndexError>([&] { vectors::neighbours(t, "kind", 3); }), "\"kind\"");
  check_has(error_text<IndexError>([&] { analogy(t, "man", "king", "womann", 3); }),
            "\"womann\" is not among the 6 words; near spellings: woman");
  check_has(error_text<IndexError>([&] { vectors::neighbours(t, "", 3); }), "empty");
}

BOOST_AUTO_TEST_CASE(rows_without_a_direction_never_appear_D079) {
  const WordTable t = parse_vectors(
      "8 3\nking 3 1 0\nqueen 2.6 2 0\nman 2 0 0.2\nwoman 2 0.3 0.2\napple 0 0.3 3\npear 0.1 0.2 2.9\nzero 0 0 0\nbad "
      "nan 0 0\n",
      "n8");
  const std::vector<Scored> found = vectors::neighbours(t, "king", 7);
  BOOST_TEST(found.size() == 5u);
  check_found(t, found,
              {{"woman", 0.9803147194},
               {"queen", 0.9447566119},
               {"man", 0.9439751633},
               {"pear", 0.05436067275},
               {"apple", 0.03146583878}});
  check_has(error_text<ValueError>([&] { vectors::neighbours(t, "zero", 3); }), "\"zero\" is zero");
  check_has(error_text<ValueError>([&] { vectors::neighbours(t, "bad", 3); }), "\"bad\" is not finite");
  BOOST_TEST(!rank_of(t, "bad", "king"));
}

BOOST_AUTO_TEST_CASE(equal_scores_come_in_the_order_of_the_table) {
  const WordTable t({"q", "b", "a", "c"}, tensor({4, 2}, {1, 0, 2, 2, 1, 1, 0, 1}));
  const std::vector<Scored> found = vectors::neighbours(t, "q", 3);
  BOOST_TEST(found[0].id == 1);
  BOOST_TEST(found[1].id == 2);
  BOOST_TEST(*rank_of(t, "a", "q") == 2);
}

BOOST_AUTO_TEST_CASE(a_faulty_query_is_refused) {
  const WordTable t = parse_vectors(n6, "n6");
  check_has(error_text<ShapeError>([&] { nearest(t, std::vector<double>{1, 2}, 1); }), "the query has 2 numbers");
  check_has(error_text<ValueError>([&] { nearest(t, zeros({3}), 1); }), "no direction");
  BOOST_CHECK_THROW(nearest(t, full({3}, std::nan("")), 1), ValueError);
  BOOST_CHECK_THROW(nearest(t, ones({3}), 1, {6}), IndexError);
}

BOOST_AUTO_TEST_CASE(the_scores_are_the_same_bits_with_any_number_of_threads) {
  Rng rng(3);
  std::vector<std::string> words;
  for (int i = 0; i < 3000; ++i) words.push_back(fmt::format("w{}", i));
  const WordTable t(words, normal({3000, 37}, rng));
  std::vector<Scored> first;
  for (const int threads : {1, 2, 4}) {
    const ThreadScope scope(threads);
    const std::vector<Scored> found = vectors::neighbours(t, "w5", 20);
    if (first.empty()) first = found;
    for (std::size_t i = 0; i < first.size(); ++i) {
      BOOST_TEST(found[i].id == first[i].id);
      BOOST_TEST(found[i].score == first[i].score);
      BOOST_TEST(*rank_of(t, words[static_cast<std::size_t>(found[i].id)], "w5") == static_cast<Index>(i) + 1);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
