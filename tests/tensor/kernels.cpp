// kernels.cpp: every table of inner loops that this CPU can run, against the C++ library in double.
// Each size has another tail behind its full vectors; an element must not depend on where it stands in the row.
#include <bit>
#include <functional>
#include <numeric>

#include "kernels.hpp"

namespace lexigrad {
namespace {

// `count` numbers from low to high, evenly, and 20000 small ones of both signs where `low` is negative.
Row spread(double low, double high, int count = 200001) {
  Row row;
  for (int i = 0; i < count; ++i) row.push_back(static_cast<real>(low + (high - low) * i / (count - 1)));
  for (double tiny = 1e-30; low < 0 && tiny < 1; tiny *= 1.01) {
    row.push_back(static_cast<real>(tiny));
    row.push_back(static_cast<real>(-tiny));
  }
  return row;
}

// The largest |got - want| / |want| (numbers too small for a normal float count as equal when both are).
double worst_relative(const Row& x, const Row& y, const std::function<double(double)>& f) {
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double want = f(d(x[i])), error = std::abs(d(y[i]) - want);
    const double floor = is_float ? 1.2e-38 : 2.3e-308;
    if (!(error <= std::numeric_limits<double>::max())) return inf;
    if (std::abs(want) > floor || error > floor) worst = std::max(worst, error / std::max(std::abs(want), floor));
  }
  return worst;
}

// Every float exponent, subnormals too, with both signs and 257 mantissas, the first and the last among them.
Row every_exponent() {
  Row row;
  for (std::uint32_t exponent = 0; exponent < 255; ++exponent) {
    for (std::uint32_t step = 0; step <= 256; ++step) {
      const std::uint32_t mantissa =
          step == 256 ? 0x7fffff : step * 32768 + (step * 7919 + exponent * 613) % 32768 * (step != 0);
      const auto magnitude = std::bit_cast<float>(exponent << 23 | mantissa);
      row.push_back(static_cast<real>(magnitude));
      row.push_back(static_cast<real>(-magnitude));
    }
  }
  return row;
}

// |got - want| in units of the last place of a float `want`. A result below 2^-126 may be 0.
double ulps(double got, double want) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : inf;
  if (got == d(static_cast<real>(want)) || (got == 0 && std::abs(want) < 0x1p-126)) return 0;
  return std::abs(got - want) / std::ldexp(1, std::max(std::ilogb(want), -126) - 23);
}

// As |got - want| / 2^-24, divided by |x| where that is above `from`.
std::function<double(double, double, double)> relative_to_x(double from) {
  return [from](double x, double got, double want) {
    return got == want ? 0 : std::abs(got - want) * 0x1p24 / std::max(std::abs(x), from);
  };
}

struct Function {
  const char* name;
  RowKernel Kernels::*kernel;
  double (*reference)(double);
  double low, high;
  double tolerance;  // relative, for float; in double 1e-14
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double gelu(double x) { return x * sigmoid(2 * std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)); }
double gelu_erf(double x) { return 0.5 * x * std::erfc(-x / std::sqrt(2.0)); }
double gelu_slope(double x) {
  const double c = 2 * std::sqrt(2 / M_PI), up = sigmoid(c * (x + 0.044715 * x * x * x));
  return up * (1 - up) == 0 ? up : up + x * up * (1 - up) * c * (1 + 3 * 0.044715 * x * x);
}
double gelu_erf_slope(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * std::exp(-0.5 * x * x) / std::sqrt(2 * M_PI);
}

using RowFunction = std::function<void(const Kernels&, const real*, real*, Index)>;
// y = f'(x) by the kernel that multiplies it with a gradient.
RowFunction slopes(PairKernel Kernels::*backward) {
  return [backward](const Kernels& table, const real* x, real* y, Index n) {
    const Row ones(static_cast<std::size_t>(n), real{1});
    (table.*backward)(x, ones.data(), y, n);
  };
}

const Function functions[] = {
    {"exp", &Kernels::exp, [](double x) { return std::exp(x); }, -87, 88.7, 4e-7},
    {"log", &Kernels::log, [](double x) { return std::log(x); }, 1e-3, 100, 4e-7},
    {"tanh", &Kernels::tanh, [](double x) { return std::tanh(x); }, -12, 12, 4e-7},
    {"sigmoid", &Kernels::sigmoid, sigmoid, -80, 80, 4e-7},
    {"gelu", &Kernels::gelu, gelu, -3, 10, 4e-6},              // 2u is rounded before e^-2u: error grows with |u|
    {"gelu_erf", &Kernels::gelu_erf, gelu_erf, -1, 10, 4e-6},  // further out Φ has few digits
};

BOOST_AUTO_TEST_SUITE(kernels)

BOOST_AUTO_TEST_CASE(the_plainest_table_is_there_and_one_is_chosen) {
  const auto tables = available_kernels();
  BOOST_REQUIRE(!tables.empty());
  bool found = false;
  for (const Kernels* table : tables) {
    found = found || table == &lexigrad::kernels();
    BOOST_CHECK_GE(table->lanes, 1);
    BOOST_TEST_MESSAGE("table " << table->isa << ", " << table->lanes << " lanes");
  }
  BOOST_CHECK(found);
}

BOOST_AUTO_TEST_CASE(functions_of_one_number_are_close_to_the_c_library) {
  for (const Kernels* table : available_kernels()) {
    for (const Function& f : functions) {
      const Row x = spread(f.low, f.high);
      Row y(x.size());
      (table->*f.kernel)(x.data(), y.data(), static_cast<Index>(x.size()));
      BOOST_TEST_CONTEXT(table->isa << " " << f.name) {
        BOOST_CHECK_LE(worst_relative(x, y, f.reference), is_float ? f.tolerance : 1e-13);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(functions_of_floats_keep_their_bounds_at_every_exponent) {
  if (!is_float) return;  // in double they are the C library's
  const auto in_ulps = [](double, double got, double want) { return ulps(got, want); };
  const struct {
    const char* name;
    RowFunction run;
    std::function<double(double)> reference;
    std::function<double(double, double, double)> error;
    double bound;
  } claims[] = {
      {"exp", [](auto& k, auto... a) { k.exp(a...); }, [](double x) { return std::exp(x); }, in_ulps, 2},
      {"log", [](auto& k, auto... a) { k.log(a...); }, [](double x) { return std::log(x); }, in_ulps, 2},
      {"tanh", [](auto& k, auto... a) { k.tanh(a...); }, [](double x) { return std::tanh(x); }, in_ulps, 4},
      {"sigmoid", [](auto& k, auto... a) { k.sigmoid(a...); }, sigmoid, in_ulps, 4},
      {"gelu", [](auto& k, auto... a) { k.gelu(a...); }, gelu, relative_to_x(0x1p-10), 4},
      {"gelu_erf", [](auto& k, auto... a) { k.gelu_erf(a...); }, gelu_erf, relative_to_x(0x1p-10), 4},
      {"gelu slope", slopes(&Kernels::gelu_backward), gelu_slope, relative_to_x(1), 4},
      {"gelu_erf slope", slopes(&Kernels::gelu_erf_backward), gelu_erf_slope, relative_to_x(1), 4},
  };
  const Row x = every_exponent();
  Row y(x.size());
  for (const Kernels* table : available_kernels()) {
    for (const auto& claim : claims) {
      claim.run(*table, x.data(), y.data(), static_cast<Index>(x.size()));
      double worst = 0, where = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double error = claim.error(d(x[i]), d(y[i]), claim.reference(d(x[i])));
        if (!(error <= worst)) worst = error, where = d(x[i]);
      }
      BOOST_TEST_MESSAGE(table->isa << " " << claim.name << ": " << worst << " at " << where);
      BOOST_CHECK_MESSAGE(worst <= claim.bound, table->isa << " " << claim.name << ": " << worst << " at " << where);
    }
  }
}

BOOST_AUTO_TEST_CASE(special_values_of_functions) {
  const Row x = {static_cast<real>(nan), static_cast<real>(inf), static_cast<real>(-inf), 0, real{-0.0}, 1000, -1000};
  const std::pair<RowKernel Kernels::*, std::vector<double>> rows[] = {
      {&Kernels::exp, {nan, inf, 0, 1, 1, inf, 0}},
      {&Kernels::tanh, {nan, 1, -1, 0, 0, 1, -1}},
      {&Kernels::sigmoid, {nan, 1, 0, 0.5, 0.5, 1, 0}},
      {&Kernels::log, {nan, inf, nan, -inf, -inf, std::log(1000.0), nan}},
      {&Kernels::gelu, {nan, inf, 0, 0, 0, 1000, 0}},
      {&Kernels::gelu_erf, {nan, inf, 0, 0, 0, 1000, 0}},
  };
  for (const Kernels* table : available_kernels()) {
    for (const auto& [kernel, want] : rows) {
      Row y(x.size());
      (table->*kernel)(x.data(), y.data(), static_cast<Index>(x.size()));
      BOOST_TEST_CONTEXT(table->isa) {
        testing::check_close(tensor({7}, std::vector<double>(y.begin(), y.end())), want, 1e-6, 0);
      }
    }
    for (const auto backward : {&Kernels::gelu_backward, &Kernels::gelu_erf_backward}) {
      const Row ones(x.size(), real{1});
      Row y(x.size());
      (table->*backward)(x.data(), ones.data(), y.data(), static_cast<Index>(x.size()));
      testing::check_close(tensor({7}, std::vector<double>(y.begin(), y.end())), {nan, 1, 0, 0.5, 0.5, 1, 0}, 0, 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_element_does_not_depend_on_its_place_and_nothing_beyond_is_written) {
  const Row x = numbers(4097, 1);
  for (const Kernels* table : available_kernels()) {
    for (const Function& f : functions) {
      Row whole(4097);
      (table->*f.kernel)(x.data(), whole.data(), 4097);
      for (const Index size : sizes) {
        for (const Index start : {Index{0}, Index{1}, Index{5}}) {
          if (start + size > 4097) continue;
          Row part(static_cast<std::size_t>(size) + 1, real{77});
          (table->*f.kernel)(x.data() + start, part.data(), size);
          BOOST_TEST_CONTEXT(table->isa << " " << f.name << " size " << size << " from " << start) {
            BOOST_CHECK(std::equal(part.begin(), part.end() - 1, whole.begin() + start,
                                   [](real a, real b) { return a == b || (std::isnan(a) && std::isnan(b)); }));
            BOOST_CHECK_EQUAL(part.back(), real{77});
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(gelu_slopes_agree_with_differences) {
  for (const Kernels* table : available_kernels()) {
    const Row x = spread(-6, 6, 2001), ones(x.size(), real{1});
    const auto n = static_cast<Index>(x.size());
    Row slope(x.size());
    for (const bool exact : {false, true}) {
      (exact ? table->gelu_erf_backward : table->gelu_backward)(x.data(), ones.data(), slope.data(), n);
      double worst = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const auto f = exact ? gelu_erf : gelu;
        worst = std::max(worst, std::abs(d(slope[i]) - (f(d(x[i]) + 1e-5) - f(d(x[i]) - 1e-5)) / 2e-5));
      }
      BOOST_CHECK_MESSAGE(worst < (is_float ? 2e-6 : 1e-8), table->isa << " exact " << exact << ": " << worst);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
