// settings.cpp: options to arguments and back, and the comparison of two command lines.
#include "training/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "nn/checkpoint.hpp"
#include "nn/printable.hpp"
#include "text/utf8.hpp"

namespace lexigrad::training {
namespace {

bool is_in(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The values of an option as text, its default where it was not given.
std::vector<std::string> values_of(const CLI::Option& option, const SettingRules& rules) {
  std::vector<std::string> values = option.count() > 0 ? option.results() : std::vector<std::string>{};
  if (values.empty() && !option.get_default_str().empty()) values = {option.get_default_str()};
  if (is_in(rules.paths, option.get_lnames().front())) {
    for (std::string& path : values) path = path == "-" ? path : std::filesystem::absolute(path).string();
  }
  return values;
}

// Paths as one spelling of what they lead to; `r/` is `r`.
std::vector<std::string> one_spelling(std::vector<std::string> paths) {
  for (std::string& path : paths) {
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::weakly_canonical(path, error);
    if (path != "-" && !error) path = whole.has_filename() ? whole.string() : whole.parent_path().string();
  }
  return paths;
}

// Whole numbers are compared digit by digit: as doubles, 2^53 and 2^53 + 1 would be the same seed.
bool same_value(const std::string& a, const std::string& b) {
  if ((a + b).find_first_of(".eE") == std::string::npos) return a == b;
  char *end_a = nullptr, *end_b = nullptr;
  const double x = std::strtod(a.c_str(), &end_a), y = std::strtod(b.c_str(), &end_b);
  const bool numbers = !a.empty() && !b.empty() && *end_a == '\0' && *end_b == '\0';
  return a == b || (numbers && x == y);
}

}  // namespace

std::vector<std::string> settings_of(const CLI::App& app, const SettingRules& rules) {
  std::vector<std::string> settings;
  for (const CLI::Option* option : app.get_options()) {
    const std::string& name = option->get_lnames().front();
    if (is_in(rules.free, name) || name == "help" || name == "out") continue;
    for (const std::string& value : values_of(*option, rules)) {
      cli::require(!text::first_invalid(value),
                   fmt::format("--{} {}: is not UTF-8, and a checkpoint could not keep it; expected another name", name,
                               printable(value)));
      settings.push_back(fmt::format("--{}={}", name, value));
    }
  }
  return settings;
}

void refuse_changes(const CLI::App& app, const CLI::App& before, const std::string& resumed,
                    const SettingRules& rules) {
  for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->count() > 0; })) {
    const std::string& name = option->get_lnames().front();
    if (is_in(rules.free, name)) continue;
    std::vector<std::string> given = values_of(*option, rules);
    std::vector<std::string> had =
        name == "out" ? std::vector{resumed} : values_of(*before.get_option("--" + name), rules);
    if (name == "out" || is_in(rules.paths, name)) {
      given = one_spelling(std::move(given));
      had = one_spelling(std::move(had));
    }
    if (!std::equal(given.begin(), given.end(), had.begin(), had.end(), same_value)) {
      throw cli::UsageError(fmt::format("--{} {}: the run in {} has {}; a resumed run keeps its settings", name,
                                        fmt::join(given, " "), resumed,
                                        had.empty() ? "none" : fmt::format("{}", fmt::join(had, " "))));
    }
  }
}

void parse_stored_settings(CLI::App& app, const std::string& checkpoint, const std::string& program) {
  const Metadata metadata = read_metadata(checkpoint);
  const auto stored = metadata.find("settings");
  if (stored == metadata.end()) throw FileError("--resume", checkpoint + ": was not written by " + program);
  try {
    cli::parse(app, nlohmann::json::parse(stored->second).get<std::vector<std::string>>());
  } catch (const nlohmann::json::exception&) {
    throw FileError("--resume", checkpoint + ": settings of __metadata__ cannot be read");
  } catch (const CLI::ParseError&) {
    throw FileError("--resume", checkpoint + ": settings of __metadata__ are not those of " + program);
  }
}

}  // namespace lexigrad::training
