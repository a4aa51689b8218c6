// cli.hpp: what all example programs do the same way: options by CLI11, errors as one line, exit codes.
//
// Exit code 0: done; 1: failed (one line on stderr says what and what was expected); 2: wrong usage.
#pragma once
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "output.hpp"

namespace lexigrad::cli {

/// An option or a combination of options that makes no sense: exit code 2.
struct UsageError : std::exception {
  explicit UsageError(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

/// Throws UsageError with the text `otherwise` unless `holds`.
inline void require(bool holds, const std::string& otherwise) {
  if (!holds) throw UsageError(otherwise);
}

/// A whole number as people write it: strtoll() would take 010 for 8 and 0x10 for 16.
inline CLI::Validator whole_number() {
  return CLI::Validator(
      [](const std::string& text) -> std::string {
        const std::string_view digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
        const bool whole = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
        return whole && (digits == "0" || digits[0] != '0') ? "" : "expected a whole number, such as 10, not " + text;
      },
      "");
}

/// CLI11 takes a value [x] of a list for the list x. So values in brackets come to it behind this mark, which no name
/// or word begins with, and prepare() has it taken off again.
constexpr char bracket_mark = '\x01';
inline std::vector<std::string> marked(std::vector<std::string> arguments) {
  for (std::string& argument : arguments) {
    const std::size_t value = argument.starts_with("--") ? argument.find('=') + 1 : 0;  // 0 as well without a =
    if (argument.substr(value).starts_with('[') && argument.ends_with(']')) argument.insert(value, 1, bracket_mark);
  }
  return arguments;
}

/// Has the values of all options of an app and of its commands taken as they stand, whole numbers as people write them.
inline void prepare(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    if (type.starts_with("INT") || type.starts_with("UINT")) option->check(whole_number());
    option->transform(CLI::Validator(
        [](std::string& value) {
          if (value.starts_with(bracket_mark)) value.erase(0, 1);
          return std::string();
        },
        ""));
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) prepare(*command);
}

/// Parses arguments, the first one first, without the program's name.
inline void parse(CLI::App& app, const std::vector<std::string>& arguments) {
  prepare(app);
  std::vector<std::string> from_the_back = marked(arguments);  // as CLI11 takes them
  std::reverse(from_the_back.begin(), from_the_back.end());
  app.parse(std::move(from_the_back));
}

/// Parses the command line and runs `body`, whose result is the exit code. A failed standard output is 1.
inline int run(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
  prepare_output();
  int code = 1;
  std::string complaint;
  try {
    parse(app, {argv + 1, argv + argc});
    code = body();
  } catch (const CLI::Success& e) {  // --help
    code = app.exit(e);
  } catch (const CLI::ParseError& e) {
    complaint = fmt::format("{} (see {} --help)", e.what(), app.get_name());
    code = 2;
  } catch (const UsageError& e) {
    complaint = e.what();
    code = 2;
  } catch (const std::bad_alloc&) {
    complaint = "out of memory: smaller sizes need less (see --help)";
  } catch (const std::exception& e) {
    if (std::ferror(stdout) == 0) complaint = e.what();  // else it is told below what has failed
  }
  if (const std::string fault = output_fault(); complaint.empty() && !fault.empty()) {
    complaint = fault;
    code = 1;
  }
  std::erase(complaint, bracket_mark);
  if (!complaint.empty()) fmt::print(stderr, "{}: {}\n", app.get_name(), complaint);
  return code;
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

/// The same for a file.
inline CLI::Validator file_name() {
  return CLI::Validator(
      [](const std::string& text) { return text.empty() ? "expected the name of a file" : std::string(); }, "");
}

/// For a number of which 0 stands for a default, and is not to be given.
inline CLI::Validator positive() {
  return CLI::Validator(
      [](const std::string& text) {
        char* end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        return *end != '\0' || value > 0.0 ? std::string() : "expected a number above 0, not " + text;
      },
      "");
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
