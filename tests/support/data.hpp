// data.hpp: test data that is not in the tree: gold values, GPT-2's vocabulary, corpora. Their folder is named by the
// variable LEXIGRAD_DATA or by the Meson option data_dir.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

namespace lexigrad::testing {

/// Set when a test was left out: the executable then ends with 77, which Meson shows as SKIP.
inline bool something_was_skipped = false;

/// The path of a file or folder of the data. Where it is absent, says so loudly and gives nothing: the test is to
/// return. With CI=true in the environment absence is a failure.
inline std::optional<std::filesystem::path> data_path(const std::string& name) {
  const char* variable = std::getenv("LEXIGRAD_DATA");
  const std::string folder = variable != nullptr && *variable != '\0' ? variable : LEXIGRAD_DATA_DIR;
  std::error_code ignored;
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  if (!folder.empty() && std::filesystem::exists(path, ignored)) return path;
  const std::string text = fmt::format("{} is not in {}: set LEXIGRAD_DATA, or configure with -Ddata_dir=FOLDER", name,
                                       folder.empty() ? "the (unset) data folder" : folder);
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string(ci) == "true") {
    BOOST_ERROR(text);
  } else {
    fmt::print(stderr, "SKIPPED {}: {}\n", boost::unit_test::framework::current_test_case().p_name.get(), text);
    something_was_skipped = true;
  }
  return std::nullopt;
}

}  // namespace lexigrad::testing
