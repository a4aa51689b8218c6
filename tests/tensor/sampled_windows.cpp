// sampled_windows.cpp: the loss of word vectors: known values, its edges, errors, the descent, the same bits on any
// number of threads; and the kernels under it at every size. Gradients are in autograd/rows_sampling.cpp.
#include "tensor/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::same_bits;
using testing::sample;

// One input, its word and one negative, in tables of one column: the scores are given.
double loss_of(double word, std::initializer_list<double> negatives) {
  std::vector<double> rows = {word};
  std::vector<Index> ids = {0};
  for (const double score : negatives) {
    ids.push_back(static_cast<Index>(rows.size()));
    rows.push_back(score);
  }
  const auto count = static_cast<Index>(rows.size());
  return static_cast<double>(negative_sampling(ones({1, 1}), tensor({count, 1}, rows),
                                               {Ids{0}, {0, 1}, Ids(Shape{1, count}, ids)}, false, false)
                                 .loss.item());
}

SampledWindows random_windows(Index windows, Index negatives, Index vocabulary, bool mean, bool undivided = false) {
  Rng rng(3);
  std::vector<Index> contexts, starts = {0}, samples;
  for (Index w = 0; w < windows; ++w) {
    for (Index c = rng.below(12); c > 0; --c) contexts.push_back(rng.below(vocabulary));
    starts.push_back(static_cast<Index>(contexts.size()));
    for (Index s = 0; s <= negatives; ++s) samples.push_back(rng.below(vocabulary));
  }
  return {Ids(contexts), starts, Ids(Shape{windows, negatives + 1}, samples), mean, undivided};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sampled_windows)

BOOST_AUTO_TEST_CASE(the_loss_of_one_pair_D085) {
  BOOST_CHECK_CLOSE_FRACTION(loss_of(2, {-1, 0.5}), 1.414266683, 1e-5);
  BOOST_CHECK_CLOSE_FRACTION(loss_of(100, {100}), 100.0, 1e-5);
  BOOST_CHECK_CLOSE_FRACTION(loss_of(-1000, {1000}), 2000.0, 1e-5);
}

BOOST_AUTO_TEST_CASE(the_whole_error_of_a_mean_is_as_many_times_its_share) {
  const Tensor input = sample({20, 7}, 1), output = sample({20, 7}, 2);
  const SampledWindows windows = random_windows(9, 4, 20, true);
  SampledWindows whole = windows;
  whole.undivided = true;
  const Tensor shares = negative_sampling(input, output, windows, true, false).dcontexts.expanded();
  Tensor expected = negative_sampling(input, output, whole, true, false).dcontexts.expanded();
  for (Index w = 0; w < windows.count(); ++w) {
    const Index first = windows.starts[static_cast<std::size_t>(w)],
                count = windows.starts[static_cast<std::size_t>(w) + 1] - first;
    for (Index c = 0; c < count * 7; ++c) expected.mutable_data()[first * 7 + c] /= static_cast<real>(count);
  }
  check_close(shares, expected);
}

BOOST_AUTO_TEST_CASE(one_window_of_the_descent_is_a_step_down_the_gradient) {
  for (const bool mean : {false, true}) {
    Tensor input = sample({20, 19}, 1), output = sample({20, 19}, 2);
    const SampledWindows window{Ids{3, 5, 3, 7, 11, 2, 19}, {0, 7}, Ids{{4, 9, 9, 4, 1, 0}}, mean, mean, 0.1};
    const NegativeSampling g = negative_sampling(input, output, window, true, true);
    Tensor input_after = input.clone(), output_after = output.clone();
    scatter_add_rows(input_after, window.contexts, g.dcontexts, -0.1);
    scatter_add_rows(output_after, window.samples.reshape(Shape{6}), g.dsamples, -0.1);
    const double loss = negative_sampling_descent(input, output, window, 0.1);
    BOOST_CHECK_CLOSE_FRACTION(loss, static_cast<double>(g.loss.item()), 1e-5);
    check_close(input, input_after);
    check_close(output, output_after);
  }
}

// What the inputs of a window meet one after the other, row by row in double.
BOOST_AUTO_TEST_CASE(each_input_meets_the_word_where_those_before_it_move_it) {
  const Index inputs = 7, samples = 4, width = 19;
  const double step = 0.3;
  const Tensor input = sample({inputs, width}, 1), output = sample({samples, width}, 2);
  SampledWindows window{Ids{0, 1, 2, 3, 4, 5, 6}, {0, inputs}, Ids{{0, 1, 2, 3}}};
  const NegativeSampling at_one_place = negative_sampling(input, output, window, true, true);
  window.step = step;
  const NegativeSampling in_turn = negative_sampling(input, output, window, true, true);
  BOOST_TEST(same_bits(in_turn.loss, at_one_place.loss));
  BOOST_TEST(same_bits(in_turn.dsamples.expanded(), at_one_place.dsamples.expanded()));

  const auto numbers = [](const Tensor& t) { return std::vector<double>(t.data(), t.data() + t.size()); };
  const std::vector<double> x = numbers(input), y = numbers(output);
  std::vector<double> y_now = y, dx(x.size());
  for (Index i = 0; i < inputs; ++i) {
    for (Index j = 0; j < samples; ++j) {
      const auto at = [&](Index row, Index d) { return static_cast<std::size_t>(row * width + d); };
      double score = 0.0;
      for (Index d = 0; d < width; ++d) score += x[at(i, d)] * y[at(j, d)];
      const double error = 1.0 / (1.0 + std::exp(-score)) - (j == 0 ? 1.0 : 0.0);
      for (Index d = 0; d < width; ++d) {
        dx[at(i, d)] += error * y_now[at(j, d)];
        if (j == 0) y_now[at(j, d)] -= step * error * x[at(i, d)];
      }
    }
  }
  check_close(in_turn.dcontexts.expanded(), tensor({inputs, width}, dx));
}

BOOST_AUTO_TEST_CASE(a_window_without_contexts_has_no_gradient) {
  const Tensor input = sample({5, 3}, 1), output = sample({5, 3}, 2);
  for (const bool mean : {false, true}) {
    const auto gradient = [&](std::vector<Index> starts, const Ids& samples) {
      return negative_sampling(input, output, {Ids{1, 2}, std::move(starts), samples, mean}, true, true);
    };
    const NegativeSampling both = gradient({0, 2, 2}, Ids{{3, 4}, {0, 1}}), one = gradient({0, 2}, Ids{{3, 4}});
    BOOST_CHECK_EQUAL(both.loss.item(), one.loss.item());
    check_close(both.dcontexts.expanded(), one.dcontexts.expanded());
    check_close(both.dsamples.expanded().rows(0, 2), one.dsamples.expanded());
    check_close(both.dsamples.expanded().rows(2, 2), zeros({2, 3}), 0, 0);
  }
}

BOOST_AUTO_TEST_CASE(a_rate_of_zero_moves_nothing) {
  Tensor input = sample({50, 33}, 1), output = sample({50, 33}, 2);
  const Tensor before = input.clone();
  BOOST_TEST(std::isfinite(negative_sampling_descent(input, output, random_windows(40, 5, 50, false), 0.0)));
  BOOST_TEST(same_bits(input, before));
}

BOOST_AUTO_TEST_CASE(the_same_bits_from_any_number_of_threads) {
  const Tensor input = sample({500, 100}, 1), output = sample({500, 100}, 2);
  for (const bool mean : {false, true}) {
    const SampledWindows windows = random_windows(300, 5, 500, mean);
    const auto with = [&](int threads) {
      const ThreadScope scope(threads);
      return negative_sampling(input, output, windows, true, true);
    };
    const NegativeSampling one = with(1);
    for (const int threads : {2, 4}) {
      const NegativeSampling many = with(threads);
      BOOST_TEST(same_bits(many.loss, one.loss));
      BOOST_TEST(same_bits(many.dcontexts.expanded(), one.dcontexts.expanded()));
      BOOST_TEST(same_bits(many.dsamples.expanded(), one.dsamples.expanded()));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  const Tensor table = sample({5, 3});
  const auto text = [&](const Tensor& output, const SampledWindows& windows) {
    return error_text([&] { negative_sampling(table, output, windows, true, true); });
  };
  BOOST_TEST(text(sample({5, 4}), {Ids{0}, {0, 1}, Ids{{1, 2}}}) ==
             "[negative_sampling] input [5, 3], output [5, 4]: expected two tables [V, D] of one D");
  BOOST_TEST(text(table, {Ids{0, 5}, {0, 2}, Ids{{1, 2}}}) ==
             "[negative_sampling] id 5 at position [1] is outside the vocabulary of 5");
  BOOST_TEST(text(table, {Ids{0}, {0, 1}, Ids{{1, -2}}}).find("id -2 at position [0, 1]") != std::string::npos);
  BOOST_TEST(text(table, {Ids{0}, {0, 1, 1}, Ids{{1, 2}}}).find("there are 3 starts") != std::string::npos);
  BOOST_TEST(text(table, {Ids{0, 1}, {0, 1}, Ids{{1, 2}}}).find("starts must ascend from 0 to 2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(products_of_rows_of_every_size_agree_with_plain_loops) {
  for (const Kernels* table : available_kernels()) {
    for (const Index k : sizes) {
      for (const auto& [m, n] : {std::pair<Index, Index>{1, 1}, {2, 6}, {3, 7}, {7, 5}, {13, 2}}) {
        std::vector<Row> x, y, out;
        for (Index i = 0; i < m; ++i) x.push_back(numbers(k, static_cast<std::uint64_t>(i)));
        for (Index j = 0; j < n; ++j) y.push_back(numbers(k, static_cast<std::uint64_t>(100 + j)));
        const Row e = numbers(m * n, 7);
        std::vector<const real*> px, py;
        std::vector<real*> to;
        for (const Row& row : x) px.push_back(row.data());
        for (const Row& row : y) py.push_back(row.data());
        for (const Row& row : x) out.push_back(row);
        for (Row& row : out) {
          row.push_back(real{77});
          to.push_back(row.data());
        }
        Row s(static_cast<std::size_t>(m * n));
        table->row_products->dots(px.data(), m, py.data(), n, k, s.data());
        const double tolerance = is_float ? 1e-5 : 1e-13;
        BOOST_TEST_CONTEXT(table->isa << " " << m << " x " << n << " of " << k) {
          for (std::size_t i = 0; i < x.size(); ++i) {
            for (std::size_t j = 0; j < y.size(); ++j) {
              double sum = 0;
              for (std::size_t p = 0; p < x[i].size(); ++p) sum += d(x[i][p]) * d(y[j][p]);
              BOOST_CHECK_SMALL(d(s[i * y.size() + j]) - sum, tolerance * (1 + std::sqrt(static_cast<double>(k))));
            }
          }
          for (const bool add : {true, false}) {
            table->row_products->combine(e.data(), n, 1, py.data(), n, to.data(), m, k, add);
            for (std::size_t i = 0; i < x.size(); ++i) {
              for (std::size_t p = 0; p < x[i].size(); ++p) {
                double sum = add ? d(x[i][p]) : 0;
                for (std::size_t j = 0; j < y.size(); ++j) sum += d(e[i * y.size() + j]) * d(y[j][p]);
                BOOST_REQUIRE_SMALL(d(out[i][p]) - sum, 10 * tolerance);
              }
              BOOST_REQUIRE_EQUAL(out[i].back(), real{77});
            }
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace lexigrad
