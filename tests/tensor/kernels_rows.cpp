// kernels_rows.cpp: sums, steps and moves of rows, of every size, against plain loops; in every table this CPU can run.
#include <functional>
#include <numeric>

#include "kernels.hpp"

namespace lexigrad {

BOOST_AUTO_TEST_SUITE(kernels_rows)

BOOST_AUTO_TEST_CASE(sums_of_every_size_agree_with_plain_ones) {
  for (const Kernels* table : available_kernels()) {
    for (const Index size : sizes) {
      const Row x = numbers(size, 1), y = numbers(size, 2);
      double sum = 0, absolute = 0, squares = 0, dot = 0, exps = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        sum += d(x[i]);
        absolute += std::abs(d(x[i]));
        squares += d(x[i]) * d(x[i]);
        dot += d(x[i]) * d(y[i]);
        exps += std::exp(d(x[i]) - 0.5);
      }
      const double tolerance = is_float ? 1e-6 : 1e-14;
      BOOST_TEST_CONTEXT(table->isa << " size " << size) {
        BOOST_CHECK_LE(std::abs(table->sum(x.data(), size) - sum), tolerance * absolute);
        BOOST_CHECK_LE(std::abs(table->sum_squares(x.data(), size) - squares), 1e-14 * squares);
        BOOST_CHECK_LE(std::abs(d(table->dot(x.data(), y.data(), size)) - dot), 4 * tolerance * (1 + squares));
        Row e(x.size() + 1, real{77});
        BOOST_CHECK_LE(std::abs(d(table->exp_sum(x.data(), real{0.5}, e.data(), size)) - exps), tolerance * exps);
        BOOST_CHECK_EQUAL(e.back(), real{77});
        if (size > 0) {
          BOOST_CHECK_EQUAL(table->max(x.data(), size), *std::max_element(x.begin(), x.end()));
          Row poisoned = x;
          poisoned.back() = static_cast<real>(nan);
          BOOST_CHECK(std::isnan(table->max(poisoned.data(), size)));
          BOOST_CHECK(std::isnan(table->sum(poisoned.data(), size)));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(scale_and_axpy_of_every_size) {
  for (const Kernels* table : available_kernels()) {
    for (const Index size : sizes) {
      const Row x = numbers(size, 1), before = numbers(size + 1, 2);
      Row y = before, z = before, same = before;
      table->axpy(real{0.5}, x.data(), y.data(), size);
      table->axpy_fetching(real{0.5}, x.data(), same.data(), size, x.data(), before.data());
      table->scale(real{0.5}, x.data(), z.data(), size);
      bool good = y == same && y.back() == before.back() && z.back() == before.back();
      for (std::size_t i = 0; i < x.size(); ++i) {
        good = good && std::abs(d(y[i]) - (d(before[i]) + 0.5 * d(x[i]))) < 1e-6 && z[i] == real{0.5} * x[i];
      }
      BOOST_CHECK_MESSAGE(good, table->isa << " size " << size);
    }
  }
}

BOOST_AUTO_TEST_CASE(arithmetic_and_steps_of_every_size) {
  const struct {
    PairKernel Kernels::*kernel;
    std::function<real(real, real)> want;
  } pairs[] = {
      {&Kernels::add, [](real a, real b) { return a + b; }},
      {&Kernels::sub, [](real a, real b) { return a - b; }},
      {&Kernels::mul, [](real a, real b) { return a * b; }},
      {&Kernels::div, [](real a, real b) { return a / b; }},
      {&Kernels::relu_backward, [](real a, real b) { return a <= 0 ? real{0} : b; }},
  };
  for (const Kernels* table : available_kernels()) {
    for (const Index size : sizes) {
      const Row x = numbers(size, 1), y = numbers(size, 2);
      for (const auto& pair : pairs) {
        Row got(x.size() + 1, real{77});
        (table->*pair.kernel)(x.data(), y.data(), got.data(), size);
        bool good = got.back() == real{77};
        for (std::size_t i = 0; i < x.size(); ++i) good = good && got[i] == pair.want(x[i], y[i]);
        BOOST_CHECK_MESSAGE(good, table->isa << " size " << size << " pair " << &pair - pairs);
      }
      Row relu(x.size()), root(x.size());
      table->relu(x.data(), relu.data(), size);
      table->sqrt(relu.data(), root.data(), size);
      bool good = true;
      for (std::size_t i = 0; i < x.size(); ++i) {
        good = good && relu[i] == std::max(x[i], real{0}) && root[i] == std::sqrt(relu[i]);
      }
      BOOST_CHECK_MESSAGE(good, table->isa << " size " << size << " relu, sqrt");
    }
  }
}

BOOST_AUTO_TEST_CASE(gradients_of_softmax_of_every_size) {
  for (const Kernels* table : available_kernels()) {
    for (const Index size : sizes) {
      const Row dy = numbers(size, 2);
      Row y = numbers(size, 1);
      double total = 0, dot = 0, sum = 0;
      for (const real v : y) total += std::exp(d(v));
      for (real& v : y) v = static_cast<real>(d(v) - std::log(total));  // log softmax
      Row soft(y.size()), got(y.size() + 1, real{77}), log_got(y.size() + 1, real{77});
      for (std::size_t i = 0; i < y.size(); ++i) {
        soft[i] = static_cast<real>(std::exp(d(y[i])));
        dot += d(soft[i]) * d(dy[i]);
        sum += d(dy[i]);
      }
      table->softmax_backward(soft.data(), dy.data(), got.data(), size);
      table->log_softmax_backward(y.data(), dy.data(), log_got.data(), size);
      double worst = got.back() == real{77} && log_got.back() == real{77} ? 0 : inf;
      for (std::size_t i = 0; i < y.size(); ++i) {
        worst = std::max({worst, std::abs(d(got[i]) - d(soft[i]) * (d(dy[i]) - dot)),
                          std::abs(d(log_got[i]) - (d(dy[i]) - std::exp(d(y[i])) * sum))});
      }
      BOOST_CHECK_MESSAGE(worst < (is_float ? 2e-6 : 1e-13), table->isa << " size " << size << ": " << worst);
    }
  }
}

// Into memory that begins with a cache line, as results do.
BOOST_AUTO_TEST_CASE(what_is_stored_past_the_caches_has_the_same_bits_and_nothing_beyond_is_written) {
  const auto check = [](const char* isa, Index size, const auto& ordinary, const auto& past_caches) {
    Tensor want({size + 1}), got({size + 1});
    want.fill(77);
    got.fill(77);
    ordinary(want.mutable_data());
    past_caches(got.mutable_data());
    BOOST_CHECK_MESSAGE(testing::same_bits(want, got), isa << " size " << size);
  };
  for (const Kernels* table : available_kernels()) {
    for (const Index size : sizes) {
      const Row x = numbers(size, 1), y = numbers(size, 2);
      for (const auto row : {&Kernels::exp, &Kernels::log, &Kernels::tanh, &Kernels::sqrt, &Kernels::relu,
                             &Kernels::sigmoid, &Kernels::gelu, &Kernels::gelu_erf}) {
        const RowKernel& kernel = table->*row;
        check(
            table->isa, size, [&](real* to) { kernel(x.data(), to, size); },
            [&](real* to) { kernel.past_caches(x.data(), to, size); });
      }
      for (const auto pair : {&Kernels::add, &Kernels::sub, &Kernels::mul, &Kernels::div, &Kernels::relu_backward,
                              &Kernels::gelu_backward, &Kernels::gelu_erf_backward, &Kernels::softmax_backward,
                              &Kernels::log_softmax_backward}) {
        const PairKernel& kernel = table->*pair;
        check(
            table->isa, size, [&](real* to) { kernel(x.data(), y.data(), to, size); },
            [&](real* to) { kernel.past_caches(x.data(), y.data(), to, size); });
      }
      check(
          table->isa, size, [&](real* to) { std::copy(x.begin(), x.end(), to); },
          [&](real* to) { table->copy_past_caches(x.data(), to, size, y.data()); });
      check(
          table->isa, size, [&](real* to) { std::fill_n(to, size, real{0}); },
          [&](real* to) { table->copy_past_caches(nullptr, to, size, nullptr); });
    }
    for (const Index rows : {16, 48, 64, 80, 1024}) {  // whole cache lines
      for (const Index columns : {1, 15, 16, 17, 100}) {
        const Row x = numbers(rows * columns, 1);
        check(
            table->isa, rows * columns, [&](real* to) { table->transpose(x.data(), rows, columns, columns, to, rows); },
            [&](real* to) { table->transpose_past_caches(x.data(), rows, columns, columns, to, rows); });
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_matrix_of_any_size_is_transposed_and_its_columns_are_summed) {
  for (const Kernels* table : available_kernels()) {
    for (const Index rows : {1, 2, 7, 8, 9, 16, 17, 31, 33, 65, 1024}) {
      for (const Index columns : {1, 3, 4, 7, 8, 15, 16, 17, 33, 100}) {
        const Row x = numbers(rows * columns, 1);
        Row y(x.size() + 1, real{77});
        std::vector<double> sums(static_cast<std::size_t>(columns), 1.0), want = sums;
        table->transpose(x.data(), rows, columns, columns, y.data(), rows);
        table->sum_columns(x.data(), rows, columns, sums.data());
        bool good = y.back() == real{77};
        for (Index i = 0; i < rows; ++i) {
          for (Index j = 0; j < columns; ++j) {
            const real v = x[static_cast<std::size_t>(i * columns + j)];
            good = good && y[static_cast<std::size_t>(j * rows + i)] == v;
            want[static_cast<std::size_t>(j)] += d(v);
          }
        }
        for (std::size_t j = 0; j < sums.size(); ++j) {
          good = good && std::abs(sums[j] - want[j]) < (is_float ? 1e-5 : 1e-13) * (rows > 100 ? 10 : 1);
        }
        BOOST_CHECK_MESSAGE(good, table->isa << " " << rows << " x " << columns);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(one_step_of_adam_of_every_size) {
  const AdamStep s{.lr = 0.1,
                   .beta1 = 0.9,
                   .beta2 = 0.999,
                   .eps = 1e-8,
                   .decay = 0.1,
                   .l2 = 0.25,
                   .correction1 = 0.19,
                   .correction2 = 0.001999};
  for (const Kernels* table : available_kernels()) {
    for (const Index size : sizes) {
      Row p = numbers(size + 1, 1), g = numbers(size, 2), m = numbers(size + 1, 3, 0.1), v = numbers(size + 1, 4);
      for (real& x : v) x *= x;
      const Row p0 = p, m0 = m, v0 = v;
      table->adamw(p.data(), g.data(), m.data(), v.data(), size, s);
      double worst = p.back() == p0.back() && m.back() == m0.back() && v.back() == v0.back() ? 0 : inf;
      for (std::size_t i = 0; i < g.size(); ++i) {
        const double gradient = d(g[i]) + 0.25 * d(p0[i]), first = 0.9 * d(m0[i]) + 0.1 * gradient;
        const double second = 0.999 * d(v0[i]) + 0.001 * gradient * gradient;
        const double want = d(p0[i]) * 0.99 - 0.1 * (first / 0.19) / (std::sqrt(second / 0.001999) + 1e-8);
        worst = std::max({worst, std::abs(d(p[i]) - want) / (1 + std::abs(want)), std::abs(d(m[i]) - first),
                          std::abs(d(v[i]) - second) / (1 + second)});
      }
      BOOST_CHECK_MESSAGE(worst < (is_float ? 1e-6 : 1e-13), table->isa << " size " << size << ": " << worst);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace lexigrad
