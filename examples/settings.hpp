// settings.hpp: the settings of a run as text that its checkpoint keeps, and their comparison when the run goes on.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli.hpp"

namespace lexigrad::cli {

/// The values of an option as text, its default where it was not given. Those of `--text` are paths, made absolute.
inline std::vector<std::string> values_of(const CLI::Option& option) {
  std::vector<std::string> values = option.count() > 0 ? option.results() : std::vector<std::string>{};
  if (values.empty() && !option.get_default_str().empty()) values = {option.get_default_str()};
  if (option.get_lnames().front() == "text") {
    for (std::string& path : values) path = std::filesystem::absolute(path).string();
  }
  return values;
}

/// Every setting but those named `free` as an argument, "--lr=0.004".
inline std::vector<std::string> settings_of(const CLI::App& app, const std::set<std::string>& free) {
  std::vector<std::string> settings;
  for (const CLI::Option* option : app.get_options()) {
    const std::string& name = option->get_lnames().front();
    if (free.contains(name) || name == "help") continue;
    for (const std::string& value : values_of(*option)) settings.push_back(fmt::format("--{}={}", name, value));
  }
  return settings;
}

/// Throws UsageError for an option that was given to `app`, is not `free` and differs from that of `before`, the run in
/// `folder` that is to go on.
inline void refuse_other_settings(const CLI::App& app, const CLI::App& before, const std::set<std::string>& free,
                                  const std::string& folder) {
  const auto same = [](const std::string& a, const std::string& b) {
    char *end_a = nullptr, *end_b = nullptr;
    const double x = std::strtod(a.c_str(), &end_a), y = std::strtod(b.c_str(), &end_b);
    return a == b || (!a.empty() && !b.empty() && *end_a == '\0' && *end_b == '\0' && x == y);
  };
  for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->count() > 0; })) {
    const std::string& name = option->get_lnames().front();
    if (free.contains(name)) continue;
    const std::vector<std::string> given = values_of(*option), had = values_of(*before.get_option("--" + name));
    if (std::equal(given.begin(), given.end(), had.begin(), had.end(), same)) continue;
    throw UsageError(fmt::format("--{} {}: the run in {} has {}; a resumed run keeps its settings", name,
                                 fmt::join(given, " "), folder,
                                 had.empty() ? "none" : fmt::format("{}", fmt::join(had, " "))));
  }
}

}  // namespace lexigrad::cli
