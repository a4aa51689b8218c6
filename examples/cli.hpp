// cli.hpp: what all example programs do the same way: options by CLI11, errors as one line, exit codes.
//
// Exit code 0: done; 1: failed (one line on stderr says what and what was expected); 2: wrong usage.
#pragma once
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

namespace lexigrad::cli {

/// An option or a combination of options that makes no sense: exit code 2.
struct UsageError : std::exception {
  explicit UsageError(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

/// Parses the command line and runs `body`, whose result is the exit code.
inline int run(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
  const auto complain = [&](std::string_view text) { fmt::print(stderr, "{}: {}\n", app.get_name(), text); };
  try {
    app.parse(argc, argv);
    return body();
  } catch (const CLI::Success& e) {  // --help
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    complain(fmt::format("{} (see {} --help)", e.what(), app.get_name()));
    return 2;
  } catch (const UsageError& e) {
    complain(e.what());
    return 2;
  } catch (const std::bad_alloc&) {
    complain("out of memory: smaller sizes need less (see --help)");
    return 1;
  } catch (const std::exception& e) {
    complain(e.what());
    return 1;
  }
}

/// For --seed: CLI11 would take -1 and 2^64 for other numbers.
inline CLI::Validator seed() {
  return CLI::Validator(
      [](const std::string& text) -> std::string {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool whole = error == std::errc{} && end == text.data() + text.size();
        return whole ? "" : "expected a whole number from 0 to 2^64 - 1, not " + text;
      },
      "");
}

/// For a folder that must be named where the option is given: `--resume "$run"` with an empty `run` is no new run.
inline CLI::Validator folder_name() {
  return CLI::Validator(
      [](const std::string& text) { return text.empty() ? "expected the name of a folder" : std::string(); }, "");
}

/// Throws UsageError with the text `otherwise` unless `holds`.
inline void require(bool holds, const std::string& otherwise) {
  if (!holds) throw UsageError(otherwise);
}

/// Throws UsageError when one of the files that a program is to write or to remove is one that it reads: one of
/// `inputs`, or a file in a folder that is one of them. To be called before anything is written.
inline void keep_inputs(const std::vector<std::string>& inputs, const std::vector<std::string>& written) {
  namespace fs = std::filesystem;
  for (const fs::path input : inputs) {
    for (const fs::path output : written) {
      std::error_code ignored;  // of files that are not there
      const fs::path read = fs::is_directory(input, ignored) ? input / output.filename() : input;
      const bool same = fs::is_regular_file(read, ignored) && fs::equivalent(read, output, ignored);
      require(!same, fmt::format("--out: {} is read, and would be written over or removed; expected another place",
                                 output.string()));
    }
  }
}

/// The files of these names in a folder.
inline std::vector<std::string> in_folder(const std::string& folder, const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) files.push_back((std::filesystem::path(folder) / name).string());
  return files;
}

}  // namespace lexigrad::cli
