// data.hpp: test data that is not in the tree (gold values, models, corpora), wherever it lies on this machine.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

namespace lexigrad::testing {

/// A file or folder of the data folder: that of the environment variable LEXIGRAD_DATA, else of the Meson option
/// data_dir. When it is not there, says in one line what is skipped; where CI is "true", the test fails instead.
///
///   const auto path = data_path("gold_nn.json");
///   if (!path) return;
inline std::optional<std::filesystem::path> data_path(std::string_view name) {
  const auto variable = [](const char* key) {
    const char* const value = std::getenv(key);
    return std::string(value == nullptr ? "" : value);
  };
  std::filesystem::path folder = variable("LEXIGRAD_DATA");
  if (folder.empty()) folder = LEXIGRAD_DATA_DIR;
  std::error_code ignored;
  const std::filesystem::path path = folder / name;
  if (!folder.empty() && std::filesystem::exists(path, ignored)) return path;
  const std::string text =
      fmt::format("{}: {} is not {}; set LEXIGRAD_DATA or -Ddata_dir=... to the folder that holds it",
                  boost::unit_test::framework::current_test_case().full_name(), name,
                  folder.empty() ? "there" : fmt::format("in {}", folder.string()));
  if (variable("CI") == "true") {
    BOOST_ERROR(text);
  } else {
    fmt::print(stderr, "SKIPPED: {}\n", text);
  }
  return std::nullopt;
}

}  // namespace lexigrad::testing
