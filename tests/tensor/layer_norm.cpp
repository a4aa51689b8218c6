// layer_norm.cpp: rows to mean 0 and variance 1, forward and backward, by the shared cases.
#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

constexpr double eps = 1e-5;

BOOST_AUTO_TEST_SUITE(layer_norm)

BOOST_AUTO_TEST_CASE(constant_rows_give_the_bias_D028) {
  const Tensor x = tensor({2, 4}, {1234, 1234, 1234, 1234, 0, 0, 0, 0});
  const Tensor gamma = tensor({4}, {1, 2, 3, 4}), beta = tensor({4}, {0.1, 0.2, 0.3, 0.4});
  const LayerNormResult y = lexigrad::layer_norm(x, gamma, beta, eps);
  check_close(y.y, {0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4}, 1e-4, 1e-3);
  const LayerNormGradient g = layer_norm_backward(x, gamma, y.mean, y.rstd, tensor({2, 4}, {1, 2, 3, 4, 1, 1, 1, 1}));
  check_close(g.dx,
              {-2055.480479, -1106.797181, 474.341649, 2687.936011, -474.341649, -158.113883, 158.113883, 474.341649},
              1e-4, 1e-3);
  check_close(g.dgamma, {0, 0, 0, 0}, 1e-4, 1e-3);
  check_close(g.dbeta, {2, 3, 4, 5}, 1e-4, 1e-3);
}

BOOST_AUTO_TEST_CASE(a_large_offset_does_not_eat_the_spread_D029) {
  const Tensor x = tensor({3, 4}, {40000, 40001, 40002, 40003, 80000, 80001, 80002, 80003, 2000, 2001, 1999, 2000});
  check_close(lexigrad::layer_norm(x, {}, {}, eps).y,
              {-1.34163542, -0.4472118067, 0.4472118067, 1.34163542, -1.34163542, -0.4472118067, 0.4472118067,
               1.34163542, 0, 1.41419942, -1.41419942, 0},
              1e-4, 1e-4);
}

BOOST_AUTO_TEST_CASE(weight_and_bias_gradients_sum_over_all_leading_axes_D030) {
  const Tensor x = tensor({2, 2, 3}, {1, 2, 4, 0, -1, 3, 2, 2, 5, 9, 1, 1});
  const Tensor gamma = tensor({3}, {1, 0.5, 2}), beta = tensor({3}, {0, 1, -1});
  const LayerNormResult y = lexigrad::layer_norm(x, gamma, beta, eps);
  check_close(y.y, {-1.069041531, 0.8663698086, 1.672603829, -0.3922315914, 0.5097105107, 1.74562114, -0.7071050134,
                    0.6464474933, 1.828420054, 1.414213065, 0.6464467337, -2.414213065});
  const Tensor dy = tensor({2, 2, 3}, {1, 0, 2, 1, 1, 1, 0, 3, 1, 2, 1, 0});
  const LayerNormGradient g = layer_norm_backward(x, gamma, y.mean, y.rstd, dy);
  check_close(g.dx, {0.6872331304, -1.03086344, 0.3436303099, 0.04525699523, -0.03394435871, -0.01131263651,
                     -0.5303302332, 0.5303272869, 2.946256158e-06, 2.175179701e-07, 0.06629112867, -0.06629134619});
  check_close(g.dgamma, {1.367153008, -3.809000551, 5.459624425});
  check_close(g.dbeta, {4, 5, 4});
  BOOST_CHECK_EQUAL(to_string(y.mean.shape()), "[2, 2]");
}

BOOST_AUTO_TEST_CASE(rows_of_every_width_agree_with_plain_loops) {
  for (const Index width : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 1000, 4097}) {
    const Tensor x = sample({5, width}, 1, 3.0), gamma = sample({width}, 2), beta = sample({width}, 3);
    std::vector<double> want;
    for (Index r = 0; r < 5; ++r) {
      double mean = 0, variance = 0;
      for (Index i = 0; i < width; ++i) mean += static_cast<double>(x(r, i)) / static_cast<double>(width);
      for (Index i = 0; i < width; ++i) {
        variance += std::pow(static_cast<double>(x(r, i)) - mean, 2) / static_cast<double>(width);
      }
      for (Index i = 0; i < width; ++i) {
        want.push_back((static_cast<double>(x(r, i)) - mean) / std::sqrt(variance + eps) *
                           static_cast<double>(gamma(i)) +
                       static_cast<double>(beta(i)));
      }
    }
    BOOST_TEST_CONTEXT("width " << width) check_close(lexigrad::layer_norm(x, gamma, beta, eps).y, want, 1e-5, 1e-5);
  }
}

// Many rows are summed in pieces: the pieces must add up to all of them.
BOOST_AUTO_TEST_CASE(bias_gradients_of_many_rows_are_column_sums) {
  const Tensor x = sample({3001, 40}, 1), dy = sample({3001, 40}, 2);
  const LayerNormResult y = lexigrad::layer_norm(x, {}, {}, eps);
  const LayerNormGradient g = layer_norm_backward(x, {}, y.mean, y.rstd, dy);
  check_close(g.dbeta, sum(dy, 0), 1e-4, 1e-4);
  check_close(g.dgamma, sum(dy * y.y, 0), 1e-4, 1e-4);
}

BOOST_AUTO_TEST_CASE(no_rows_are_fine_no_columns_are_not) {
  const LayerNormResult y = lexigrad::layer_norm(zeros({0, 3}), ones({3}), zeros({3}), eps);
  BOOST_CHECK_EQUAL(to_string(y.y.shape()), "[0, 3]");
  check_close(layer_norm_backward(zeros({0, 3}), ones({3}), y.mean, y.rstd, zeros({0, 3})).dbeta, {0, 0, 0});
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      lexigrad::layer_norm(zeros({3, 0}), {}, {}, eps);
                    }),
                    "[layer_norm] x [3, 0]: expected [.., D], D ≥ 1");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      lexigrad::layer_norm(zeros({3, 4}), ones({3}), {}, eps);
                    }),
                    "[layer_norm] gamma [3]: expected [4]");
}

BOOST_AUTO_TEST_CASE(its_gradient_checks_what_it_is_given) {
  const Tensor x = zeros({3, 4}), rows = zeros({3});
  const auto text = [](const Tensor& in, const Tensor& gamma, const Tensor& mean, const Tensor& rstd,
                       const Tensor& dy) {
    return error_text<ShapeError>([&] { layer_norm_backward(in, gamma, mean, rstd, dy); });
  };
  BOOST_CHECK_EQUAL(text(x, ones({3}), rows, rows, x), "[layer_norm] gamma [3]: expected [4]");
  BOOST_CHECK_EQUAL(text(x, {}, zeros({2}), rows, x), "[layer_norm] mean [2]: expected [3]");
  BOOST_CHECK_EQUAL(text(x, {}, rows, zeros({}), x), "[layer_norm] rstd []: expected [3]");
  BOOST_CHECK_EQUAL(text(x, {}, rows, rows, zeros({3, 2})), "[layer_norm] dy [3, 2]: expected [3, 4]");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
