// gemm_steps.cpp: each step of the matrix product against three loops in double, on each instruction set.
#include "tensor/gemm_steps.hpp"

#include "support/compare.hpp"
#include "tensor/kernels/kernels.hpp"

namespace lexigrad {
namespace {

constexpr Index sizes[] = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65};

// A sum of k rounded products is within k · ε · Σ |a b| of the exact one, in whatever order it is added.
void check(const gemm_steps::Step& step, Index m, Index n, Index k, const char* isa) {
  const Tensor a = testing::sample({m, k}, 1), b = testing::sample({k, n}, 2);
  std::vector<real> memory(static_cast<std::size_t>(gemm_steps::packed_memory));
  std::vector<real> c(static_cast<std::size_t>(m * n + 1), real{-7});  // one more: nothing is written behind the end
  const auto numbers = [&](const Tensor& x) { return x.size() > 0 ? x.data() : memory.data(); };  // never null
  step.product({m, n, k, numbers(a), numbers(b), c.data()}, memory.data());
  Index wrong = 0;
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < n; ++j) {
      double sum = 0, size = 0;
      for (Index p = 0; p < k; ++p) {
        const double product = static_cast<double>(a.data()[i * k + p]) * static_cast<double>(b.data()[p * n + j]);
        sum += product;
        size += std::abs(product);
      }
      const double bound = static_cast<double>(k) * static_cast<double>(std::numeric_limits<real>::epsilon()) * size;
      if (!(std::abs(static_cast<double>(c[static_cast<std::size_t>(i * n + j)]) - sum) <= bound)) ++wrong;
    }
  }
  BOOST_CHECK_MESSAGE(wrong == 0 && c.back() == real{-7},
                      fmt::format("{} ({}), {} x {} x {}: {} numbers are wrong", step.name, isa, m, n, k, wrong));
}

template <class Call>
void each_step(const Call& call) {
  for (const Kernels* table : available_kernels()) {
    for (const gemm_steps::Step& step : gemm_steps::steps_of(table->isa)) call(step, table->isa);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gemm_steps)

BOOST_AUTO_TEST_CASE(each_step_is_the_product_at_every_odd_size) {
  each_step([](const gemm_steps::Step& step, const char* isa) {
    for (const Index m : sizes) {
      for (const Index n : sizes) {
        for (const Index k : {1, 2, 9, 17, 64}) check(step, m, n, k, isa);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(each_step_is_the_product_over_several_blocks) {
  each_step([](const gemm_steps::Step& step, const char* isa) {
    for (const Index k : sizes) check(step, 5, 33, k, isa);
    check(step, 203, 197, 211, isa);
    check(step, 7, 1050, 300, isa);  // more columns and a longer sum than one block of `packed` has
  });
}

BOOST_AUTO_TEST_CASE(an_empty_sum_is_zero) {
  each_step([](const gemm_steps::Step& step, const char* isa) { check(step, 13, 35, 0, isa); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace lexigrad
