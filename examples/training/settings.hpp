// settings.hpp: the options of a run as a checkpoint keeps them, so that a resumed run has the same and no others.
//
// Each setting is an argument, "--lr=0.004"; what a program was told and what is its default look the same.
// Read next: folder.hpp, where a run leaves its files.
#pragma once
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace lexigrad::training {

/// Which options are no settings of a run, and which name files.
struct SettingRules {
  std::vector<std::string> free;   ///< do not change the numbers: may differ from one part of a run to the next
  std::vector<std::string> paths;  ///< are kept as absolute paths; "-" stays
};

/// Every setting of `app` as an argument. "--help" and "--out" are none. Throws cli::UsageError for a
/// value that is not UTF-8.
std::vector<std::string> settings_of(const CLI::App& app, const SettingRules& rules);

/// Throws cli::UsageError for the first option given to `app` that differs from that of `before`, an app that has
/// parsed the settings of the run in the folder `resumed`. An --out must be that folder.
void refuse_changes(const CLI::App& app, const CLI::App& before, const std::string& resumed, const SettingRules& rules);

/// Makes `app` parse the settings in the metadata of a checkpoint that `program` wrote. Throws FileError when there are
/// none, or those of another program.
void parse_stored_settings(CLI::App& app, const std::string& checkpoint, const std::string& program);

}  // namespace lexigrad::training
