// attention.cpp: the fused attention against one composed of plain loops, causal and full, over several query blocks.
// Its gradient against differences is a row of autograd/gradcheck_table.cpp; here it is held at T = 130.
#include <array>
#include <limits>

#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

// q, k, v [T, D] each → packed [1, T, 3·D]
Tensor packed(const Tensor& q, const Tensor& k, const Tensor& v) {
  const Index length = q.dim(0), dim = q.dim(1);
  Tensor result({1, length, 3 * dim});
  real* out = result.mutable_data();
  for (Index t = 0; t < length; ++t) {
    for (Index i = 0; i < dim; ++i) {
      out[(t * 3 + 0) * dim + i] = q(t, i);
      out[(t * 3 + 1) * dim + i] = k(t, i);
      out[(t * 3 + 2) * dim + i] = v(t, i);
    }
  }
  return result;
}

struct Plain {
  std::vector<double> y, dqkv;
};

// softmax(q kᵀ / √w) v and its gradient, head by head and query by query, in double.
Plain by_loops(const Tensor& qkv, const Tensor& dy, Index heads, bool causal) {
  const Index batch = qkv.dim(0), length = qkv.dim(1), dim = qkv.dim(2) / 3, w = dim / heads;
  Plain plain{std::vector<double>(static_cast<std::size_t>(dy.size()), 0.0),
              std::vector<double>(static_cast<std::size_t>(qkv.size()), 0.0)};
  const double scale = 1 / std::sqrt(static_cast<double>(w));
  for (Index job = 0; job < batch * heads * length; ++job) {
    const Index t = job % length, head = job / length % heads, b = job / length / heads;
    const auto at = [&](Index part, Index s, Index i) {
      return static_cast<std::size_t>((b * length + s) * 3 * dim + part * dim + head * w + i);
    };
    const auto in = [&](Index part, Index s, Index i) { return static_cast<double>(qkv.data()[at(part, s, i)]); };
    const Index seen = causal ? t + 1 : length;
    std::vector<double> p(static_cast<std::size_t>(seen), 0.0), dp = p;
    double greatest = -std::numeric_limits<double>::infinity(), total = 0, mean = 0;
    for (Index s = 0; s < seen; ++s) {
      double& score = p[static_cast<std::size_t>(s)];
      for (Index i = 0; i < w; ++i) score += in(0, t, i) * in(1, s, i) * scale;
      greatest = std::max(greatest, score);
    }
    for (double& score : p) total += score = std::exp(score - greatest);
    for (Index s = 0; s < seen; ++s) {
      const double share = p[static_cast<std::size_t>(s)] /= total;
      for (Index i = 0; i < w; ++i) {
        const auto place = static_cast<std::size_t>((b * length + t) * dim + head * w + i);
        const double d = static_cast<double>(dy.data()[place]);
        plain.y[place] += share * in(2, s, i);
        plain.dqkv[at(2, s, i)] += share * d;
        dp[static_cast<std::size_t>(s)] += d * in(2, s, i);
      }
      mean += share * dp[static_cast<std::size_t>(s)];
    }
    for (Index s = 0; s < seen; ++s) {
      const double slope = p[static_cast<std::size_t>(s)] * (dp[static_cast<std::size_t>(s)] - mean) * scale;
      for (Index i = 0; i < w; ++i) {
        plain.dqkv[at(0, t, i)] += slope * in(1, s, i);
        plain.dqkv[at(1, s, i)] += slope * in(0, t, i);
      }
    }
  }
  return plain;
}

BOOST_AUTO_TEST_SUITE(attention)

BOOST_AUTO_TEST_CASE(causal_with_three_positions_and_one_head_D023) {
  const Tensor q = tensor({3, 2}, {-1, -0.4, 0.4, 1, -0.4, 0.2}), k = tensor({3, 2}, {-1.5, -0.6, 0.6, 1.5, -0.6, 0.3});
  const Tensor qkv = packed(q, k, tensor({3, 2}, {1, 0, 0, 1, 2, 2}));
  const AttentionResult result = lexigrad::attention(qkv, 1, true);
  check_close(result.y, {1, 0, 0.1111652071, 0.8888347929, 1.052384319, 0.9544462548});
  const Tensor dy = tensor({1, 3, 2}, {1, 2, 3, 4, 5, 6});
  const Tensor want =
      packed(tensor({3, 2}, {0, 0, 0.1467216575, 0.1467216575, 0.2537762465, 0.2537762465}),
             tensor({3, 2}, {0.6176805458, -0.3926812201, 0.4275755464, -0.129946826, -1.045256092, 0.5226280461}),
             tensor({3, 2}, {3.239315304, 4.731644447, 4.08263374, 5.254694405, 1.678050957, 2.013661148}));
  check_close(attention_backward(qkv, result.logsumexp, dy, 1, true), want);
}

BOOST_AUTO_TEST_CASE(a_single_position_gives_its_value_D025) {
  const Tensor v = tensor({1, 2}, {3, 4});
  for (const double size : {0.0, 10000.0}) {
    const Tensor q = tensor({1, 2}, {size, -size});
    for (const bool causal : {true, false})
      check_close(lexigrad::attention(packed(q, q, v), 1, causal).y, {3, 4}, 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(it_equals_plain_loops_over_several_blocks_of_queries) {
  const double tolerance = sizeof(real) == 4 ? 2e-5 : 1e-12;
  for (const auto& [batch, length, heads, width] :
       std::vector<std::array<Index, 4>>{{2, 130, 3, 5}, {1, 64, 1, 8}, {1, 65, 2, 16}, {1, 97, 2, 64}, {3, 7, 4, 1}}) {
    const Tensor qkv = sample({batch, length, 3 * heads * width}, 1), dy = sample({batch, length, heads * width}, 2);
    for (const bool causal : {true, false}) {
      const Plain want = by_loops(qkv, dy, heads, causal);
      const AttentionResult got = lexigrad::attention(qkv, heads, causal);
      BOOST_TEST_CONTEXT("T " << length << ", heads " << heads << ", causal " << causal) {
        check_close(got.y, want.y, tolerance, tolerance);
        check_close(attention_backward(qkv, got.logsumexp, dy, heads, causal), want.dqkv, tolerance, tolerance);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(cached_keys_and_values_give_the_rows_of_the_whole) {
  const double tolerance = sizeof(real) == 4 ? 2e-5 : 1e-12;
  const Index length = 140, heads = 3, width = 5, dim = heads * width;
  const Tensor qkv = sample({1, length, 3 * dim}, 1), all = qkv.reshape({length, 3 * dim});
  const Tensor want = lexigrad::attention(qkv, heads, true).y.reshape({length, dim});
  for (const Index step : {1, 2, 63, 64, 65, 140}) {
    Tensor keys = full({heads, 150, width}, NAN), values = full({heads, 150, width}, NAN);  // nothing unread counts
    for (Index past = 0; past < length; past += step) {
      const Index count = std::min(step, length - past);
      check_close(cached_attention(all.rows(past, count), keys, values, past), want.rows(past, count), tolerance,
                  tolerance);
    }
  }
}

BOOST_AUTO_TEST_CASE(cached_attention_refuses_what_does_not_fit) {
  Tensor keys = zeros({2, 4, 3}), values = zeros({2, 4, 3}), narrow = zeros({2, 4, 2});
  const auto refused = [&](const Tensor& qkv, Tensor& v, Index past) {
    const std::string text = error_text<ShapeError>([&] { cached_attention(qkv, keys, v, past); });
    BOOST_CHECK(text.starts_with("[cached_attention] qkv"));
  };
  refused(zeros({2, 18}), values, 3);
  refused(zeros({2, 18}), values, -1);
  refused(zeros({2, 18}), values, std::numeric_limits<Index>::max());
  refused(zeros({2, 17}), values, 0);
  refused(zeros({1, 2, 18}), values, 0);
  refused(zeros({2, 18}), narrow, 0);
  BOOST_TEST(cached_attention(zeros({0, 18}), keys, values, 4).size() == 0);
}

BOOST_AUTO_TEST_CASE(a_causal_position_does_not_see_later_ones) {
  const Tensor qkv = sample({1, 70, 12}, 3);
  Tensor changed = qkv.clone();
  real* numbers = changed.mutable_data();
  for (Index i = 69 * 12; i < 70 * 12; ++i) numbers[i] = std::numeric_limits<real>::quiet_NaN();
  const Tensor before = lexigrad::attention(qkv, 2, true).y, after = lexigrad::attention(changed, 2, true).y;
  BOOST_CHECK(testing::same_bits(before.reshape({70, 4}).rows(0, 64), after.reshape({70, 4}).rows(0, 64)));
}

BOOST_AUTO_TEST_CASE(large_scores_do_not_overflow) {
  const Tensor y = lexigrad::attention(sample({1, 5, 6}, 1, 1000.0), 1, false).y;
  for (double v : testing::numbers(y)) BOOST_CHECK(std::isfinite(v));
}

BOOST_AUTO_TEST_CASE(nothing_gives_nothing) {
  BOOST_CHECK_EQUAL(to_string(lexigrad::attention(zeros({0, 3, 6}), 2, true).y.shape()), "[0, 3, 2]");
  BOOST_CHECK_EQUAL(to_string(lexigrad::attention(zeros({2, 0, 6}), 2, true).y.shape()), "[2, 0, 2]");
}

BOOST_AUTO_TEST_CASE(heads_must_divide_the_width) {
  BOOST_CHECK_EQUAL(error_text<ValueError>([] {
                      lexigrad::attention(zeros({1, 2, 30}), 3, true);
                    }),
                    "[attention] 3 heads do not divide the width 10");
  BOOST_CHECK_THROW(lexigrad::attention(zeros({1, 2, 30}), 0, true), ValueError);
  BOOST_CHECK_THROW(lexigrad::attention(zeros({1, 2, 0}), 1, true), ValueError);
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] {
                      lexigrad::attention(zeros({2, 30}), 1, true);
                    }),
                    "[attention] qkv [2, 30]: expected packed queries, keys, values [B, T, 3·D]");
}

BOOST_AUTO_TEST_CASE(its_gradient_checks_what_it_is_given) {
  const Tensor qkv = zeros({2, 3, 12}), dy = zeros({2, 3, 4}), sums = zeros({2, 2, 3});
  const auto text = [&](const Tensor& sums_given, const Tensor& dy_given, Index heads = 2) {
    return error_text([&] { attention_backward(qkv, sums_given, dy_given, heads, true); });
  };
  BOOST_CHECK_EQUAL(text(zeros({2, 3}), dy), "[attention] logsumexp [2, 3]: expected [2, 2, 3]");
  BOOST_CHECK_EQUAL(text(sums, zeros({1, 3, 4})), "[attention] dy [1, 3, 4]: expected [2, 3, 4]");
  BOOST_CHECK_EQUAL(text(sums, dy, 3), "[attention] 3 heads do not divide the width 4");
  BOOST_CHECK_THROW(attention_backward(zeros({2, 12}), sums, dy, 2, true), ShapeError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
