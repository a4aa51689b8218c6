// bits.cpp: the same bits with 1, 2 and 4 threads, for everything in tensor/ that runs in parallel.
// Sizes are large enough that each loop really is cut into several pieces.
#include <functional>

#include "support/compare.hpp"
#include "tensor/gemm.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad {
namespace {

using testing::same_bits;
using testing::sample;

using Results = std::vector<Tensor>;

void check_same_bits(const std::function<Results()>& run) {
  const auto with = [&](int threads) {
    const ThreadScope scope(threads);
    return run();
  };
  const Results one = with(1);
  for (const int threads : {2, 4}) {
    const Results many = with(threads);
    BOOST_REQUIRE_EQUAL(many.size(), one.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      BOOST_CHECK_MESSAGE(same_bits(one[i], many[i]), "result " << i << " differs with " << threads << " threads");
    }
  }
}

Ids random_ids(const Shape& shape, Index count) {
  Rng rng(1);
  std::vector<Index> values;
  for (Index i = 0; i < shape.size(); ++i) values.push_back(rng.below(count));
  return Ids(shape, std::move(values));
}

BOOST_AUTO_TEST_SUITE(bits)

BOOST_AUTO_TEST_CASE(random_numbers) {
  check_same_bits([] {
    Rng rng(1);
    Results drawn = {normal({100001}, rng), uniform({100001}, rng)};
    drawn.push_back(dropout(drawn[0], 0.4, rng.take(100001)));
    return drawn;
  });
}

BOOST_AUTO_TEST_CASE(elementwise_functions) {
  const Tensor x = sample({301, 513}), row = sample({513}, 2);
  check_same_bits(
      [&] { return Results{x + row, exp(x), tanh(x), gelu(x), gelu_backward(x, x), softmax(x), log_softmax(x)}; });
}

BOOST_AUTO_TEST_CASE(sums) {
  const Tensor x = sample({1003, 777});
  check_same_bits([&] {
    return Results{sum(x), mean(x), sum(x, 0), sum(x, 1), scalar(sum_squares(x)), sum_to(x, {1, 777})};
  });
}

BOOST_AUTO_TEST_CASE(large_products) {
  const Tensor a = sample({259, 700}, 1), b = sample({700, 515}, 2), v = sample({1, 4000}, 3),
               w = sample({900, 4000}, 4);
  check_same_bits([&] {
    Tensor target = ones({259, 515});
    gemm(259, 515, 700, {a.data(), 700, 1}, {b.data(), 515, 1}, target.mutable_data(), 515, {target.data(), 515});
    return Results{matmul(a, b),
                   target,
                   matmul(v, w, Transpose::b),
                   matmul(a, a, Transpose::a),
                   matmul(sample({3000, 150}, 7), sample({150, 180}, 8)),
                   matmul(sample({4000, 100}, 9), sample({4000, 120}, 10), Transpose::a),
                   transpose(a),
                   matmul(sample({8, 50, 40}, 5), sample({8, 40, 60}, 6)),
                   matmul(sample({1, 150, 130}, 5), sample({1, 130, 160}, 6)),
                   matmul(sample({48, 700}, 5), sample({700, 600}, 6)),  // few rows: one thread does not pack B
                   matmul(sample({256, 64}, 5), sample({64, 250}, 6)),   // small: nothing is packed
                   matmul(sample({64, 700}, 5), sample({30, 700}, 6), Transpose::b),
                   linear(sample({40, 900}, 5), sample({700, 900}, 6), sample({700}, 7)),  // turned
                   matmul(sample({9001, 40}, 5), sample({40, 70}, 6)),  // several parts for each of two threads
                   matmul(sample({40, 70}, 5), sample({40, 9001}, 6), Transpose::a),
                   matmul(sample({1500, 90}, 3), sample({90, 250}, 4)),  // two threads take columns, four take rows
                   matmul(sample({90, 1500}, 3), sample({90, 400}, 4), Transpose::a),
                   linear(a, transpose(b), ones({515}))};
  });
}

BOOST_AUTO_TEST_CASE(a_deep_product_with_little_output) {
  const Tensor a = sample({20000, 24}, 1), b = sample({20000, 40}, 2);
  check_same_bits([&] { return Results{matmul(a, b, Transpose::a)}; });
}

BOOST_AUTO_TEST_CASE(layer_norm_and_its_gradient) {
  const Tensor x = sample({2003, 96}, 1), gamma = sample({96}, 2), dy = sample({2003, 96}, 3);
  check_same_bits([&] {
    const LayerNormResult y = layer_norm(x, gamma, gamma, 1e-5);
    const LayerNormGradient g = layer_norm_backward(x, gamma, y.mean, y.rstd, dy);
    return Results{y.y, y.mean, y.rstd, g.dx, g.dgamma, g.dbeta};
  });
}

BOOST_AUTO_TEST_CASE(attention_and_its_gradient) {
  const Tensor qkv = sample({3, 150, 72}, 1), dy = sample({3, 150, 24}, 2);
  check_same_bits([&] {
    const AttentionResult y = attention(qkv, 4, true);
    return Results{y.y, y.logsumexp, attention_backward(qkv, y.logsumexp, dy, 4, true)};
  });
}

BOOST_AUTO_TEST_CASE(adding_rows_into_a_table) {
  const Ids ids = random_ids({8000}, 300);
  const Tensor rows = sample({8000, 64});
  check_same_bits([&] {
    Tensor target = ones({300, 64});
    scatter_add_rows(target, ids, {rows}, 0.3);
    return Results{target, spread_rows(ids, rows, target.dim(0)), gather_rows(target, ids)};
  });
}

BOOST_AUTO_TEST_CASE(losses) {
  const Tensor h = sample({600, 48}, 1), table = sample({1001, 48}, 2);
  const Ids targets = random_ids({600}, 1001);
  check_same_bits([&] {
    const TiedCrossEntropy tied = tied_cross_entropy(h, table, targets, {}, true, true);
    const CrossEntropy plain = cross_entropy(matmul(h, table, Transpose::b), targets, {.label_smoothing = 0.1}, true);
    return Results{tied.loss, tied.dh, tied.dtable, plain.loss, plain.dlogits};
  });
}

BOOST_AUTO_TEST_CASE(optimizer_steps) {
  const Tensor g = sample({700, 96}, 1);
  check_same_bits([&] {
    Tensor p = sample({700, 96}, 2), m = zeros({700, 96}), v = zeros({700, 96}), q = p.clone();
    adamw_step(p, g, m, v, {.lr = 0.1, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .decay = 0.1, .step = 1});
    Tensor no_momentum;
    sgd_step(q, g, no_momentum, {.lr = 0.1, .decay = 0.01});
    return Results{p, m, v, q};
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
