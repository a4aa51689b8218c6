// cli.hpp: what all example programs do the same way: options by CLI11, errors as one line, exit codes.
//
// Exit code 0: done; 1: failed (one line on stderr says what and what was expected); 2: wrong usage.
#pragma once
#include <cstdio>
#include <exception>
#include <functional>
#include <new>
#include <string>

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
  const auto complain = [&](const char* text) { fmt::print(stderr, "{}: {}\n", app.get_name(), text); };
  try {
    app.parse(argc, argv);
    return body();
  } catch (const CLI::Success& e) {  // --help
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    complain(fmt::format("{} (see {} --help)", e.what(), app.get_name()).c_str());
    return 2;
  } catch (const UsageError& e) {
    complain(e.what());
    return 2;
  } catch (const std::bad_alloc&) {
    complain("out of memory: try a smaller --vocab, --dim or --batch");
    return 1;
  } catch (const std::exception& e) {
    complain(e.what());
    return 1;
  }
}

/// Throws UsageError with the text `otherwise` unless `holds`.
inline void require(bool holds, const std::string& otherwise) {
  if (!holds) throw UsageError(otherwise);
}

}  // namespace lexigrad::cli
