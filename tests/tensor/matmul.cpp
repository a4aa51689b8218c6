// matmul.cpp: products of every awkward size, transposed, batched and accumulated, against three loops in double.
// The bits under several threads are held in bits.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "support/compare.hpp"
#include "tensor/gemm.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

constexpr Index sizes[] = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 129};
constexpr Transpose ways[] = {Transpose::none, Transpose::a, Transpose::b, Transpose::both};

bool first_is_transposed(Transpose t) { return t == Transpose::a || t == Transpose::both; }
bool second_is_transposed(Transpose t) { return t == Transpose::b || t == Transpose::both; }

// a and b as they lie in memory for the product [m, k] · [k, n].
Tensor left(Index m, Index k, Transpose t) { return sample(first_is_transposed(t) ? Shape{k, m} : Shape{m, k}, 1); }
Tensor right(Index k, Index n, Transpose t) { return sample(second_is_transposed(t) ? Shape{n, k} : Shape{k, n}, 2); }

struct Plain {
  std::vector<double> sums, sizes;  // Σ a b, and Σ |a b|: what rounding errors are measured by
};

Plain by_three_loops(const real* a, const real* b, Index m, Index n, Index k, Transpose t) {
  const bool ta = first_is_transposed(t), tb = second_is_transposed(t);
  Plain plain;
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < n; ++j) {
      double sum = 0, size = 0;
      for (Index p = 0; p < k; ++p) {
        const double x = static_cast<double>(a[ta ? p * m + i : i * k + p]);
        const double y = static_cast<double>(b[tb ? j * k + p : p * n + j]);
        sum += x * y;
        size += std::abs(x * y);
      }
      plain.sums.push_back(sum);
      plain.sizes.push_back(size);
    }
  }
  return plain;
}

// The largest error in units of ε · Σ |a b|.
double worst_error(const real* got, const Plain& want) {
  double worst = 0;
  for (std::size_t i = 0; i < want.sums.size(); ++i) {
    const double error = std::abs(static_cast<double>(got[i]) - want.sums[i]);
    worst =
        std::max(worst, error / (want.sizes[i] * static_cast<double>(std::numeric_limits<real>::epsilon()) + 1e-300));
    if (!(error < 1e9)) return 1e9;  // NaN too
  }
  return worst;
}

void check_product(Index m, Index n, Index k, Transpose t) {
  const Tensor a = left(m, k, t), b = right(k, n, t);
  const Tensor got = matmul(a, b, t);
  BOOST_TEST_CONTEXT("m " << m << ", n " << n << ", k " << k << ", way " << static_cast<int>(t)) {
    BOOST_REQUIRE_EQUAL(to_string(got.shape()), to_string(Shape{m, n}));
    const double worst = worst_error(got.data(), by_three_loops(a.data(), b.data(), m, n, k, t));
    BOOST_CHECK_LT(worst, 4 + static_cast<double>(k) / 8);
  }
}

// target [m, n] += a b
void accumulate(Tensor& target, const Tensor& a, const Tensor& b, Index k, Transpose t) {
  const auto matrix = [](const Tensor& x, bool transposed) {
    return transposed ? MatrixRef{x.data(), 1, x.dim(1)} : MatrixRef{x.data(), x.dim(1), 1};
  };
  real* c = target.mutable_data();
  const Index m = target.dim(0), n = target.dim(1);
  gemm(m, n, k, matrix(a, first_is_transposed(t)), matrix(b, second_is_transposed(t)), c, n, {c, n});
}

BOOST_AUTO_TEST_SUITE(matmul)

BOOST_AUTO_TEST_CASE(square_products_of_every_size) {
  for (const Index size : sizes) {
    for (const Transpose t : ways) check_product(size, size, size, t);
  }
}

BOOST_AUTO_TEST_CASE(products_of_mixed_sizes) {
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    for (std::size_t j = 0; j < std::size(sizes); ++j) {
      check_product(sizes[i], sizes[j], sizes[(i * 5 + j * 3) % std::size(sizes)], ways[(i + j) % 4]);
    }
  }
}

BOOST_AUTO_TEST_CASE(skinny_and_deep_products) {
  for (const Transpose t : ways) {
    check_product(1, 1000, 513, t);
    check_product(2, 300, 1025, t);
    check_product(1000, 1, 257, t);
    check_product(5, 3, 4097, t);
    check_product(257, 193, 1, t);
    check_product(100, 101, 600, t);
    check_product(250, 704, 520, t);  // two blocks of rows pass by one piece of B
    check_product(250, 709, 300, t);
    check_product(709, 250, 300, t);
    check_product(401, 211, 1700, t);  // several passes over K, pieces that are packed by their first tiles
    check_product(211, 401, 1700, t);
    check_product(300, 256, 784, t);   // four vectors of columns are left, packed by tiles
    check_product(260, 112, 1568, t);  // so few columns that all pass by a few rows
  }
  check_product(3, 9000, 40, Transpose::b);
  check_product(300, 70, 1, Transpose::a);
  check_product(66000, 3, 1, Transpose::a);  // as short as a sum can be where strips of A are packed in turn
  const ThreadScope one_thread(1);
  for (const Transpose t : ways) {
    check_product(100, 101, 600, t);  // both operands stay in a cache: read where they lie
    check_product(64, 300, 1700, t);  // few rows, several passes over K
    // Of a transposed A strips are packed ahead over the ends of passes and of pieces; the last one is not whole.
    check_product(420, 130, 1560, t);  // two strips in turn
    check_product(420, 230, 800, t);   // all of a piece
    check_product(200, 420, 1560, t);  // all of A
    check_product(64, 40, 1560, t);    // no part is left over
  }
}

// On one thread, the first piece of each stretch of K packs the shared operand for those that follow. Whole numbers, so
// that products of a few hundred of K at a time add up to exactly the same.
BOOST_AUTO_TEST_CASE(products_too_deep_to_be_packed_at_once) {
  const auto whole_numbers = [](Index count, Index step) {
    std::vector<real> result;
    for (Index i = 0; i < count; ++i) result.push_back(static_cast<real>(i * step % 11 - 5));
    return result;
  };
  const ThreadScope one_thread(1);
  const auto check = [&](Index m, Index n, Index k, Transpose t) {
    const std::vector<real> a = whole_numbers(m * k, 7), b = whole_numbers(k * n, 4);
    const MatrixRef x = first_is_transposed(t) ? MatrixRef{a.data(), 1, m} : MatrixRef{a.data(), k, 1};
    const MatrixRef y = second_is_transposed(t) ? MatrixRef{b.data(), 1, k} : MatrixRef{b.data(), n, 1};
    Tensor got = full({m, n}, 1e6), want = full({m, n}, 0);
    gemm(m, n, k, x, y, got.mutable_data(), n);
    for (Index p = 0; p < k; p += 500) {
      gemm(m, n, std::min<Index>(500, k - p), {x.data + p * x.col_stride, x.row_stride, x.col_stride},
           {y.data + p * y.row_stride, y.row_stride, y.col_stride}, want.mutable_data(), n, {want.data(), n});
    }
    BOOST_TEST_CONTEXT("m " << m << ", n " << n << ", k " << k << ", way " << static_cast<int>(t)) {
      BOOST_CHECK_EQUAL_COLLECTIONS(got.data(), got.data() + got.size(), want.data(), want.data() + want.size());
    }
  };
  for (const Transpose t : ways) {
    check(300, 97, 8300, t);   // B is shared
    check(97, 400, 11000, t);  // A is; where it is not packed, it is too large for a cache
  }
}

// Few rows and a transposed B: the product is made the other way round, and turned. C's rows are wider than the
// product.
BOOST_AUTO_TEST_CASE(few_rows_against_a_transposed_matrix) {
  for (const auto& [m, n, k] : {std::array<Index, 3>{3, 1000, 70},
                                {5, 2003, 33},
                                {9, 1901, 40},
                                {12, 300, 700},
                                {16, 1000, 67},
                                {31, 333, 260},
                                {100, 401, 1700},
                                {250, 511, 1030}}) {
    const Tensor a = sample({m, k}, 1), b = sample({n, k}, 2), bias = sample({n}, 3);
    Plain want = by_three_loops(a.data(), b.data(), m, n, k, Transpose::b);
    for (const bool adds : {false, true}) {
      for (std::size_t i = 0; i < want.sums.size() && adds; ++i) {
        const double added = static_cast<double>(bias.data()[i % static_cast<std::size_t>(n)]);
        want.sums[i] += added;
        want.sizes[i] += std::abs(added);
      }
      for (const int threads : {1, 2, 4}) {
        const ThreadScope scope(threads);
        Tensor wide = full({m, n + 3}, 77);
        gemm(m, n, k, {a.data(), k, 1}, {b.data(), 1, k}, wide.mutable_data(), n + 3,
             {adds ? bias.data() : nullptr, 0});
        BOOST_TEST_CONTEXT("m " << m << ", n " << n << ", k " << k << ", bias " << adds << ", threads " << threads) {
          BOOST_CHECK_LT(worst_error(part(wide, 1, 0, n).data(), want), 4 + static_cast<double>(k) / 8);
          const Tensor margin = part(wide, 1, n, 3);
          BOOST_CHECK(std::all_of(margin.data(), margin.data() + margin.size(), [](real v) { return v == 77; }));
        }
      }
    }
  }
  const Tensor a = sample({40, 300}, 1), b = sample({700, 300}, 2);
  Tensor target = full({40, 700}, 3);
  accumulate(target, a, b, 300, Transpose::b);
  check_close(target, lexigrad::matmul(a, b, Transpose::b) + 3, 1e-4, 1e-4);
}

// Neither the rows nor the columns of an operand need be contiguous.
BOOST_AUTO_TEST_CASE(operands_with_any_strides) {
  for (const auto& [m, n, k] : {std::array<Index, 3>{5, 7, 9}, {30, 50, 40}, {130, 140, 300}, {230, 210, 800}}) {
    const Tensor a = sample({m, k}, 1), b = sample({k, n}, 2);
    const auto spread = [](const Tensor& x) {  // every third number of rows five numbers too long
      std::vector<real> result(static_cast<std::size_t>(x.dim(0) * (3 * x.dim(1) + 5)), real{7});
      for (Index i = 0; i < x.size(); ++i) {
        result[static_cast<std::size_t>(i / x.dim(1) * (3 * x.dim(1) + 5) + i % x.dim(1) * 3)] = x.data()[i];
      }
      return result;
    };
    const std::vector<real> wide_a = spread(a), wide_b = spread(b);
    Tensor got({m, n});
    gemm(m, n, k, {wide_a.data(), 3 * k + 5, 3}, {wide_b.data(), 3 * n + 5, 3}, got.mutable_data(), n);
    BOOST_TEST_CONTEXT("m " << m << ", n " << n << ", k " << k) {
      const Plain want = by_three_loops(a.data(), b.data(), m, n, k, Transpose::none);
      BOOST_CHECK_LT(worst_error(got.data(), want), 4 + static_cast<double>(k) / 8);
    }
  }
}

BOOST_AUTO_TEST_CASE(accumulating_adds_to_what_is_there) {
  for (const Index size : sizes) {
    for (const Transpose t : ways) {
      const Index m = size, n = size + 1, k = 2 * size;
      const Tensor a = left(m, k, t), b = right(k, n, t);
      Tensor target = full({m, n}, 3);
      accumulate(target, a, b, k, t);
      Plain want = by_three_loops(a.data(), b.data(), m, n, k, t);
      for (double& v : want.sums) v += 3;
      for (double& v : want.sizes) v += 3;
      BOOST_TEST_CONTEXT("size " << size << ", way " << static_cast<int>(t)) {
        BOOST_CHECK_LT(worst_error(target.data(), want), 4 + static_cast<double>(k) / 8);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(batches_are_multiplied_one_by_one) {
  for (const Transpose t : ways) {
    const Index m = 33, n = 17, k = 20;
    const Tensor a = sample(first_is_transposed(t) ? Shape{2, 3, k, m} : Shape{2, 3, m, k}, 1);
    const Tensor b = sample(second_is_transposed(t) ? Shape{2, 3, n, k} : Shape{2, 3, k, n}, 2);
    const Tensor got = lexigrad::matmul(a, b, t);
    BOOST_REQUIRE_EQUAL(to_string(got.shape()), "[2, 3, 33, 17]");
    for (Index i = 0; i < 6; ++i) {
      const Plain want = by_three_loops(a.data() + i * m * k, b.data() + i * k * n, m, n, k, t);
      BOOST_CHECK_LT(worst_error(got.data() + i * m * n, want), 8);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_matrix_serves_all_leading_axes) {
  const Tensor a = sample({2, 3, 5, 7}, 1), b = sample({7, 4}, 2);
  const Tensor got = lexigrad::matmul(a, b);
  BOOST_CHECK_EQUAL(to_string(got.shape()), "[2, 3, 5, 4]");
  BOOST_CHECK_LT(worst_error(got.data(), by_three_loops(a.data(), b.data(), 30, 4, 7, Transpose::none)), 8);
}

BOOST_AUTO_TEST_CASE(an_inner_size_of_zero_writes_zeros) {
  check_close(lexigrad::matmul(zeros({2, 0}), zeros({0, 3})), tensor({2, 3}, {0, 0, 0, 0, 0, 0}));
  check_close(lexigrad::matmul(zeros({2, 2, 0}), zeros({2, 0, 1})), zeros({2, 2, 1}));
  const Tensor large = lexigrad::matmul(zeros({200, 0}), zeros({0, 300}));
  check_close(large, zeros({200, 300}));
  Tensor target = ones({2, 2});
  accumulate(target, zeros({2, 0}), zeros({0, 2}), 0, Transpose::none);
  check_close(target, {1, 1, 1, 1});
}

BOOST_AUTO_TEST_CASE(an_outer_size_of_zero_gives_nothing) {
  BOOST_CHECK_EQUAL(to_string(lexigrad::matmul(zeros({3, 4}), zeros({4, 0})).shape()), "[3, 0]");
  BOOST_CHECK_EQUAL(to_string(lexigrad::matmul(zeros({0, 4}), zeros({4, 2})).shape()), "[0, 2]");
}

BOOST_AUTO_TEST_CASE(a_transposed_operand_D039) {
  const Tensor a = tensor({3, 2}, {-0.5, -0.2, 0.2, 0.5, -0.2, 0.1});
  const Tensor b = tensor({3, 4}, {-0.5, -0.2, 0.1, 0.4, 0.2, 0.5, -0.3, 0, -0.2, 0.1, 0.4, -0.4});
  const Tensor want = tensor({2, 4}, {0.33, 0.18, -0.19, -0.12, 0.18, 0.3, -0.13, -0.12});
  check_close(lexigrad::matmul(a, b, Transpose::a), want);
  check_close(lexigrad::matmul(transpose(a), b), want);
}

// In blocks, in strips of 64 where columns of the result are a multiple of 4 KB apart; the last three in all are larger
// than the caches, of which one has rows of whole cache lines.
BOOST_AUTO_TEST_CASE(transpose_swaps_the_last_two_axes) {
  for (const auto& [rows, columns] : {std::pair<Index, Index>{1, 5},
                                      {31, 33},
                                      {64, 65},
                                      {100, 7},
                                      {65, 1030},
                                      {1024, 70},
                                      {1040, 2701},
                                      {1030, 2731},
                                      {3, 1000001}}) {
    const Tensor x = sample({3, rows, columns});
    const Tensor y = transpose(x);
    BOOST_REQUIRE_EQUAL(to_string(y.shape()), to_string(Shape{3, columns, rows}));
    Index wrong = 0;
    for (Index b = 0; b < 3; ++b) {
      for (Index i = 0; i < rows; ++i) {
        for (Index j = 0; j < columns; ++j) wrong += x(b, i, j) == y(b, j, i) ? 0 : 1;
      }
    }
    BOOST_CHECK_EQUAL(wrong, 0);
  }
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { transpose(zeros({3})); }),
                    "[transpose] x [3]: expected two axes or more");
}

BOOST_AUTO_TEST_CASE(linear_adds_its_bias_to_every_row) {
  const Tensor x = tensor({2, 1, 2}, {1, 2, 3, 4}), w = tensor({3, 2}, {1, 0, 0, 1, 1, 1});
  check_close(linear(x, w, tensor({3}, {10, 20, 30})), tensor({2, 1, 3}, {11, 22, 33, 13, 24, 37}));
  check_close(linear(x, w, {}), tensor({2, 1, 3}, {1, 2, 3, 3, 4, 7}));
  check_close(linear(tensor({2}, {1, 2}), w, {}), tensor({3}, {1, 2, 3}));
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      linear(zeros({2, 3}), w, {});
                    }),
                    "[linear] x [2, 3], weight [3, 2]: expected x [.., in] and weight [out, in] with the same in");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] { linear(x, w, zeros({2})); }), "[linear] bias [2]: expected [3]");
}

BOOST_AUTO_TEST_CASE(nan_and_infinity_come_out) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Index size : {2, 64}) {
    Tensor a = ones({size, size});
    a.mutable_data()[0] = static_cast<real>(nan);
    const Tensor y = lexigrad::matmul(a, zeros({size, size}));  // NaN · 0 is NaN, not skipped
    BOOST_CHECK(std::isnan(y.data()[0]));
    BOOST_CHECK_EQUAL(y.data()[size], 0);
  }
}

BOOST_AUTO_TEST_CASE(operands_that_do_not_fit_are_named) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      lexigrad::matmul(zeros({8, 64, 128}), zeros({96, 384}));
                    }),
                    "[matmul] a [8, 64, 128] @ b [96, 384]: inner dimensions 128 and 96 differ");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      lexigrad::matmul(zeros({2, 3}), zeros({2, 3}), Transpose::both);
                    }),
                    "[matmul] a [2, 3] @ b [2, 3]: inner dimensions 2 and 3 differ");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      lexigrad::matmul(zeros({3}), zeros({3, 2}));
                    }),
                    "[matmul] a [3] @ b [3, 2]: both operands need two axes or more");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      lexigrad::matmul(zeros({2, 3, 4}), zeros({3, 4, 2}));
                    }),
                    "[matmul] a [2, 3, 4] @ b [3, 4, 2]: the leading axes differ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
