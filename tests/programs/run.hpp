// run.hpp: running a built program as a child process: what it printed, how it ended.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include "support/folder.hpp"

namespace programs {

namespace fs = std::filesystem;
using lexigrad::testing::Folder;

inline std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file.good(), path << " cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::string write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

struct Result {
  int code = -1;  ///< exit code; 128 + n when signal n ended it
  std::string out, err;
};

struct RunOptions {
  std::string input = {};                                             ///< for standard input
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< set beside the test's own
  std::string output = {};                                            ///< where standard output goes; "-": it is closed
  std::string interrupt_after = {};                                   ///< SIGINT once this text stands in its output
  std::string kill_once_exists = {};  ///< kill_signal once this file exists, and so many milliseconds later
  int kill_milliseconds = 0;
  int kill_signal = SIGKILL;
};

/// Runs `arguments[0]` and waits. Output goes through files, so that neither side ever blocks on a full pipe.
inline Result run(const std::vector<std::string>& arguments, const RunOptions& options = {}) {
  const Folder folder;
  const std::string in = write(folder / "in", options.input), out = write(folder / "out", ""), err = folder / "err";
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    const auto redirect = [](const std::string& path, int flags, int to) {
      const int from = ::open(path.c_str(), flags, 0600);
      if (from < 0 || ::dup2(from, to) < 0) ::_exit(125);
    };
    redirect(in, O_RDONLY, STDIN_FILENO);
    redirect(options.output.size() > 1 ? options.output : out, O_WRONLY | O_CREAT, STDOUT_FILENO);
    redirect(err, O_WRONLY | O_CREAT, STDERR_FILENO);
    if (options.output == "-") ::close(STDOUT_FILENO);
    for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execv(argv[0], argv.data());
    ::_exit(126);
  }
  int status = 0;
  bool ended = false;
  if (!options.interrupt_after.empty()) {
    for (int i = 0; i < 6000 && !ended; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      ended = ::waitpid(child, &status, WNOHANG) == child;
      if (fs::exists(out) && read(out).find(options.interrupt_after) != std::string::npos) break;
    }
    if (!ended) ::kill(child, SIGINT);
  }
  if (!options.kill_once_exists.empty()) {
    const auto nap = [&](int milliseconds) {
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      ended = ended || ::waitpid(child, &status, WNOHANG) == child;
    };
    for (int i = 0; i < 60000 && !ended && !fs::exists(options.kill_once_exists); ++i) nap(1);
    nap(options.kill_milliseconds);
    if (!ended) ::kill(child, options.kill_signal);
  }
  if (!ended) BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(out), read(err)};
}

inline void check_has(const std::string& text, const std::string& part) {
  BOOST_CHECK_MESSAGE(text.find(part) != std::string::npos, "\"" << part << "\" is missing in:\n" << text);
}

/// The failure of a program: its exit code, and one line on stderr that holds each of `parts`.
inline void check_fails(const Result& result, int code, const std::vector<std::string>& parts) {
  BOOST_CHECK_MESSAGE(result.code == code,
                      "exit code " << result.code << ", not " << code << "; stderr: " << result.err);
  const auto lines = std::count(result.err.begin(), result.err.end(), '\n');
  BOOST_CHECK_MESSAGE(lines == 1 && result.err.size() < 1000 && result.err.back() == '\n',
                      "not one line on stderr:\n"
                          << result.err.substr(0, 2000));
  for (const std::string& part : parts) check_has(result.err, part);
}

inline void check_works(const Result& result) {
  BOOST_REQUIRE_MESSAGE(result.code == 0, "exit code " << result.code << "; stderr: " << result.err);
  BOOST_CHECK_MESSAGE(result.err.empty(), "stderr: " << result.err);
}

/// That `program --help` lists each of these flags, with its default.
inline void check_help(const std::string& program, const std::vector<std::string>& flags) {
  const Result help = run({program, "--help"});
  check_works(help);
  for (const std::string& flag : flags) {
    const std::size_t at = help.out.find("\n  " + flag + " ");
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, flag << " is missing");
    const std::string entry = help.out.substr(at, help.out.find("\n  --", at + 1) - at);
    BOOST_CHECK_MESSAGE(entry.find('=') != std::string::npos || entry.find("default") != std::string::npos,
                        "no default: " << entry);
  }
}

/// train_embeddings with small settings and more arguments.
inline Result train(const std::vector<std::string>& more, const RunOptions& options = {}) {
  std::vector<std::string> arguments = {TRAIN_EMBEDDINGS, "--steps", "30",        "--dim", "16",
                                        "--batch",        "8",       "--context", "16"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments, options);
}

/// A text of `documents` short documents, enough for a small run.
inline std::string small_text(int documents = 30) {
  const char* who[] = {"cat", "dog", "king", "queen", "man", "woman"};
  const char* what[] = {"sat on the mat", "ate the fish", "went home", "saw the car", "drank the milk"};
  std::string text;
  for (int i = 0; i < documents; ++i) {
    text += fmt::format("The {} {}. Did the {} sleep? Yes, the {} did.\nThe {} {}.\n\n", who[i % 6], what[i % 5],
                        who[(i + 1) % 6], who[(i + 2) % 6], who[(i + 3) % 6], what[(i + 2) % 5]);
  }
  return text;
}

}  // namespace programs
