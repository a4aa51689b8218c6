// streams.hpp: bytes in and out of tokenize, a part at a time: files of any size in memory for one part.
// Read next: commands.hpp.
#pragma once
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "nn/atomic_file.hpp"
#include "tokenize/options.hpp"

namespace lexigrad::tokenize {

/// What a signal throws while a file is being written, so that no half of it is left.
struct Stopped : std::exception {
  explicit Stopped(int number) : signal(number) {}
  const char* what() const noexcept override { return "stopped: nothing is written"; }
  int signal;
};

/// Calls take(part) for the parts of a file ("-": of standard input), until it is over. Throws FileError naming the
/// path of a file that is missing, a folder, or cannot be read; Stopped.
void read_parts(const std::string& path, const std::function<void(std::string_view)>& take);

/// The files of the options; standard input when there are none.
std::vector<std::string> files_or_input(const Options& options);

/// Where results go: standard output, or a file that appears when it is whole. From a file on, Ctrl-C, SIGTERM and
/// SIGHUP make read_parts() throw.
class Sink {
 public:
  explicit Sink(const std::string& path);  ///< "" is standard output
  /// Throws FileError when the bytes cannot be written.
  void write(std::string_view bytes);
  void commit();  ///< all is written

 private:
  std::optional<AtomicFile> file_;
};

/// What a run that takes long says on a terminal, at most twice a second, once two seconds are over: "N MB".
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();  ///< wipes the line
  void at(double value);

 private:
  std::string what_;
  double begin_ = 0.0, last_ = 0.0;
  bool shown_ = false;
};

}  // namespace lexigrad::tokenize
