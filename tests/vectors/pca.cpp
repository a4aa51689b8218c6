// pca.cpp: components against known ones, signs, and rows that have none.
#include "vectors/pca.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "support.hpp"

using namespace support;

namespace {

std::vector<Index> all_rows(Index count) {
  std::vector<Index> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), Index{0});
  return rows;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pca)

BOOST_AUTO_TEST_CASE(points_in_a_plane_keep_their_distances) {
  // An ellipse's four ends along (0.6, 0, 0.8) and (0, 1, 0), moved by (5, 6, 7).
  const Tensor x = tensor({4, 3}, {5 + 1.8, 6, 7 + 2.4, 5 - 1.8, 6, 7 - 2.4, 5, 7, 7, 5, 5, 7});
  const Pca map = vectors::pca(x, all_rows(4));
  const double expected[4][2] = {{3, 0}, {-3, 0}, {0, 1}, {0, -1}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t k = 0; k < 2; ++k) BOOST_TEST(std::abs(map.points[i][k] - expected[i][k]) < 1e-5);
  }
  BOOST_TEST(map.variance[0] == 6.0, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(map.variance[1] == 2.0 / 3.0, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(map.total_variance == 6.0 + 2.0 / 3.0, boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(components_are_eigenvectors_of_the_covariance) {
  Rng rng(2);
  Tensor x = normal({80, 6}, rng);
  real* numbers = x.mutable_data();
  for (Index i = 0; i < x.size(); ++i) numbers[i] *= static_cast<real>(6 - i % 6);
  const Pca map = vectors::pca(x, all_rows(80));
  const auto& [v, w] = map.components;
  BOOST_TEST(std::abs(dot(v, w)) < 1e-12);
  BOOST_TEST(dot(v, v) == 1.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(map.variance[0] > map.variance[1]);
  // C v = λ v, with C v made from the points: Σ (x_i - mean) (x_i · v) / (n - 1), the mean of the points being 0.
  for (std::size_t k = 0; k < 2; ++k) {
    for (Index j = 0; j < 6; ++j) {
      double cv = 0.0;
      for (Index i = 0; i < 80; ++i)
        cv += static_cast<double>(x(i, j)) * map.points[static_cast<std::size_t>(i)][k] / 79;
      BOOST_TEST(std::abs(cv - map.variance[k] * map.components[k][static_cast<std::size_t>(j)]) <
                 1e-6 * map.variance[0]);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_largest_loading_is_positive) {
  const Tensor x = tensor({3, 2}, {0, 0, 1, -4, 2, -8.5});
  for (const auto& component : vectors::pca(x, all_rows(3)).components) {
    BOOST_TEST((std::abs(component[0]) > std::abs(component[1]) ? component[0] : component[1]) > 0.0);
  }
}

BOOST_AUTO_TEST_CASE(only_the_chosen_rows_count_and_twice_gives_the_same_bits) {
  Rng rng(9);
  const Tensor x = normal({30, 12}, rng);
  const Pca one = vectors::pca(x, {3, 9, 4, 20}), two = vectors::pca(x, {3, 9, 4, 20});
  BOOST_TEST(one.points.size() == 4u);
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST((one.points[i] == two.points[i]));
}

BOOST_AUTO_TEST_CASE(few_or_equal_rows_give_points_at_zero) {
  const Tensor x = tensor({3, 2}, {1, 2, 1, 2, 4, 6});
  BOOST_TEST(vectors::pca(x, {}).points.empty());
  for (const auto& rows : {std::vector<Index>{0}, std::vector<Index>{0, 1}}) {
    for (const auto& point : vectors::pca(x, rows).points) BOOST_TEST((point[0] == 0.0 && point[1] == 0.0));
  }
  const Pca line = vectors::pca(x, {0, 2});  // one direction: the second component is nothing
  BOOST_TEST(line.points[1][0] == 2.5, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(line.points[1][1] == 0.0);
  BOOST_TEST(line.components[1][0] == 0.0);
}

BOOST_AUTO_TEST_CASE(faulty_rows_are_refused) {
  const Tensor x = tensor({2, 2}, {1, 2, std::numeric_limits<double>::quiet_NaN(), 2});
  check_has(error_text<ValueError>([&] { vectors::pca(x, {0, 1}); }), "row 1 holds nan");
  check_has(error_text<IndexError>([&] { vectors::pca(x, {2}); }), "row 2 is outside");
  BOOST_CHECK_THROW(vectors::pca(zeros({3}), {0}), ShapeError);
}

BOOST_AUTO_TEST_SUITE_END()
