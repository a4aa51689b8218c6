// layout.cpp: near words come to lie near each other, groups are found, pictures are turned onto each other.
#include "vectors/layout.hpp"

#include <cmath>

#include "support.hpp"
#include "tensor/parallel.hpp"
#include "vectors/clusters.hpp"
#include "vectors/quadtree.hpp"

using namespace support;

namespace {

// Four groups of 40 words, each around a direction of its own in 12 dimensions.
WordTable four_groups() {
  Rng rng(3);
  std::vector<std::string> words;
  Tensor numbers = normal({160, 12}, rng);
  real* out = numbers.mutable_data();
  for (int i = 0; i < 160; ++i) {
    words.push_back(fmt::format("w{}", i));
    for (int k = 0; k < 12; ++k)
      out[i * 12 + k] = static_cast<real>(0.3 * static_cast<double>(out[i * 12 + k])) + (k == i % 4 ? 2 : 0);
  }
  return {words, numbers};
}

std::vector<Index> rows_of(const WordTable& t) {
  std::vector<Index> rows;
  for (Index row = 0; row < t.size(); ++row) rows.push_back(row);
  return rows;
}

double distance(const Point& a, const Point& b) { return std::hypot(a[0] - b[0], a[1] - b[1]); }

}  // namespace

BOOST_AUTO_TEST_SUITE(layout)

BOOST_AUTO_TEST_CASE(the_nearest_on_the_plane_is_of_the_same_group) {
  const WordTable t = four_groups();
  const std::vector<Point> places = vectors::layout(t, rows_of(t), {.rounds = 300});
  int right = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::size_t best = i == 0 ? 1 : 0;
    for (std::size_t j = 0; j < places.size(); ++j) {
      if (j != i && distance(places[i], places[j]) < distance(places[i], places[best])) best = j;
    }
    right += best % 4 == i % 4 ? 1 : 0;
  }
  BOOST_TEST(right >= 156);
}

BOOST_AUTO_TEST_CASE(the_same_bits_with_any_number_of_threads) {
  const WordTable t = four_groups();
  std::vector<Point> first;
  for (const int threads : {1, 2, 4}) {
    const ThreadScope scope(threads);
    const std::vector<Point> places = vectors::layout(t, rows_of(t), {.rounds = 60});
    if (first.empty()) first = places;
    BOOST_TEST((places == first));
  }
}

BOOST_AUTO_TEST_CASE(few_equal_and_directionless_rows_have_places) {
  for (const Index count : {1, 2, 3, 5, 30}) {
    std::vector<std::string> words;
    for (Index i = 0; i < count; ++i) words.push_back(fmt::format("w{}", i));
    const WordTable equal(words, ones({count, 3})), zero(words, zeros({count, 3}));
    for (const WordTable& t : {equal, zero}) {
      for (const Point& p : vectors::layout(t, rows_of(t), {.rounds = 20}))
        BOOST_TEST((std::isfinite(p[0]) && std::isfinite(p[1])));
    }
  }
  BOOST_TEST(vectors::layout(four_groups(), {}).empty());
  BOOST_CHECK_THROW(vectors::layout(four_groups(), {0}, {.perplexity = 0.0}), ValueError);
}

BOOST_AUTO_TEST_CASE(cells_give_nearly_the_forces_of_all_pairs) {
  Rng rng(2);
  std::vector<Point> points;
  for (int i = 0; i < 500; ++i) points.push_back({3.0 * rng.normal(), rng.normal()});
  points.push_back(points[0]);  // two in one place
  const Quadtree tree(points);
  for (const std::size_t i : {std::size_t{0}, std::size_t{77}, std::size_t{500}}) {
    Quadtree::Repulsion exact;
    for (std::size_t j = 0; j < points.size(); ++j) {
      const double dx = points[i][0] - points[j][0], dy = points[i][1] - points[j][1],
                   q = 1.0 / (1.0 + dx * dx + dy * dy);
      if (j != i) exact.normaliser += q;
      exact.force[0] += q * q * dx;
      exact.force[1] += q * q * dy;
    }
    const Quadtree::Repulsion all = tree.repulsion(points[i], 0.0), cells = tree.repulsion(points[i], 0.6);
    BOOST_TEST(all.normaliser == exact.normaliser, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(all.force[0] == exact.force[0], boost::test_tools::tolerance(1e-6));
    BOOST_TEST(cells.normaliser == exact.normaliser, boost::test_tools::tolerance(0.03));
    BOOST_TEST(std::abs(cells.force[0] - exact.force[0]) < 0.05 * (1.0 + std::abs(exact.force[0])));
  }
}

BOOST_AUTO_TEST_CASE(a_turned_mirrored_and_scaled_picture_is_laid_onto_the_other) {
  Rng rng(9);
  std::vector<Point> target, points;
  for (int i = 0; i < 50; ++i) {
    target.push_back({rng.normal(), rng.normal()});
    const auto [x, y] = target.back();
    points.push_back({3.0 * y + 5.0, 3.0 * x - 2.0});  // mirrored at the diagonal, larger, elsewhere
  }
  align(points, target);
  for (std::size_t i = 0; i < points.size(); ++i) BOOST_TEST(distance(points[i], target[i]) < 1e-9);
  BOOST_CHECK_THROW(align(points, {}), ValueError);
}

BOOST_AUTO_TEST_CASE(groups_are_found_and_named_by_their_words) {
  const WordTable t = four_groups();
  const Clusters groups = clusters(t, rows_of(t), 4);
  BOOST_TEST(groups.typical.size() == 4u);
  for (std::size_t i = 4; i < groups.of.size(); ++i) BOOST_TEST(groups.of[i] == groups.of[i % 4]);
  for (const auto& typical : groups.typical) BOOST_TEST(typical.size() == 3u);
  const WordTable same({"a", "b"}, ones({2, 2}));
  BOOST_TEST(clusters(same, {0, 1}, 5).typical.size() == 1u);
  BOOST_TEST(clusters(t, {}, 5).of.empty());
  BOOST_CHECK_THROW(clusters(t, {0}, 0), ValueError);
}

BOOST_AUTO_TEST_SUITE_END()
