// support.hpp: what the suites of this folder share: a temporary folder, expected errors, lists that are compared
// whole.
#pragma once
#include <atomic>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include "nn/atomic_file.hpp"
#include "support/folder.hpp"
#include "tensor/error.hpp"
#include "tensor/ids.hpp"
#include "tensor/random.hpp"

namespace support {

using namespace lexigrad;
using lexigrad::testing::Folder;

/// The text of the Error of type E that `run` throws; a failed check when it throws none.
template <class E, class Run>
std::string error_text(Run&& run) {
  try {
    run();
  } catch (const E& error) {
    return error.what();
  }
  BOOST_ERROR("no error was thrown");
  return "";
}

/// Uniform in [0, count).
inline std::size_t below(Rng& rng, std::size_t count) {
  return static_cast<std::size_t>(rng.below(static_cast<Index>(count)));
}

inline void check_has(const std::string& text, std::string_view part) {
  BOOST_TEST(text.find(part) != std::string::npos, "\"" << text << "\" lacks \"" << part << "\"");
}

inline void check_list(const std::vector<std::string>& found, const std::vector<std::string>& expected) {
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

inline void check_ids(std::span<const Index> found, const std::vector<Index>& expected) {
  BOOST_TEST(std::vector<Index>(found.begin(), found.end()) == expected, boost::test_tools::per_element());
}

}  // namespace support
