// compare.hpp: what most tests need: tensors against numbers, texts of errors, a generator of test numbers.
#pragma once
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include "tensor/create.hpp"
#include "tensor/format.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::testing {

/// |got - want| <= absolute + relative · |want| for every number; NaN equals NaN, infinities must be the same.
inline void check_close(const Tensor& got, const std::vector<double>& want, double relative = 1e-5,
                        double absolute = 1e-6) {
  BOOST_REQUIRE_EQUAL(got.size(), static_cast<Index>(want.size()));
  for (Index i = 0; i < got.size(); ++i) {
    const double g = static_cast<double>(got.data()[i]), w = want[static_cast<std::size_t>(i)];
    const bool same = std::isnan(w) ? std::isnan(g) : g == w || std::abs(g - w) <= absolute + relative * std::abs(w);
    BOOST_CHECK_MESSAGE(same, fmt::format("number {}: got {}, want {}", i, g, w));
  }
}

inline void check_close(const Tensor& got, const Tensor& want, double relative = 1e-5, double absolute = 1e-6) {
  BOOST_REQUIRE_EQUAL(to_string(got.shape()), to_string(want.shape()));
  check_close(got, std::vector<double>(want.data(), want.data() + want.size()), relative, absolute);
}

/// Same shape, same bits.
inline bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() &&
         (a.size() == 0 || std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(real)) == 0);
}

inline std::vector<double> numbers(const Tensor& t) { return std::vector<double>(t.data(), t.data() + t.size()); }

/// Runs `call` and gives the text of the error it throws; fails the test when it throws none.
template <class Exception = Error, class Call>
std::string error_text(const Call& call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  BOOST_ERROR("no error was thrown");
  return "";
}

/// Numbers from N(0, 1) that depend on the seed only.
inline Tensor sample(const Shape& shape, std::uint64_t seed = 7, double std = 1.0) {
  Rng rng(seed);
  return normal(shape, rng, 0.0, std);
}

}  // namespace lexigrad::testing
