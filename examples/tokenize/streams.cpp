// streams.cpp: stdio with every error looked at.
#include "tokenize/streams.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "tensor/error.hpp"

namespace lexigrad::tokenize {
namespace {

constexpr std::size_t part_size = std::size_t{4} << 20;

volatile std::sig_atomic_t stopped_by = 0;
void stop(int number) { stopped_by = number; }

// Reading does not go on after a signal, as it would with std::signal().
void listen_for_stop() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {
    }, action{};
    action.sa_handler = stop;
    if (::sigaction(number, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
      ::sigaction(number, &action, nullptr);
  }
}

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

[[noreturn]] void fail(const std::string& path, std::string_view reason) {
  throw FileError("tokenize", fmt::format("'{}' {}", path == "-" ? "standard input" : path, reason));
}

}  // namespace

void read_parts(const std::string& path, const std::function<void(std::string_view)>& take) {
  std::error_code ignored;
  if (path != "-" && std::filesystem::is_directory(path, ignored)) fail(path, "is a folder; expected a file");
  errno = 0;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(path == "-" ? nullptr : std::fopen(path.c_str(), "rb"),
                                                               [](std::FILE* f) { return f ? std::fclose(f) : 0; });
  if (path != "-" && !opened) fail(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  std::FILE* file = opened ? opened.get() : stdin;
  std::vector<char> part(part_size);
  for (;;) {
    const std::size_t size = std::fread(part.data(), 1, part.size(), file);
    if (stopped_by != 0) throw Stopped(stopped_by);
    if (size > 0) take({part.data(), size});
    if (size == part.size()) continue;
    if (std::ferror(file) != 0) fail(path, fmt::format("cannot be read: {}", std::strerror(errno)));
    return;
  }
}

std::vector<std::string> files_or_input(const Options& options) {
  return options.files.empty() ? std::vector<std::string>{"-"} : options.files;
}

Sink::Sink(const std::string& path) {
  if (path.empty()) return;
  listen_for_stop();
  file_.emplace(path);
}

void Sink::write(std::string_view bytes) {
  if (file_) return file_->write(bytes);
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) {
    throw FileError("tokenize", fmt::format("standard output: writing failed ({})", std::strerror(errno)));
  }
}

void Sink::commit() {
  if (file_) return file_->commit();
  if (std::fflush(stdout) != 0) {
    throw FileError("tokenize", fmt::format("standard output: writing failed ({})", std::strerror(errno)));
  }
}

Progress::Progress(std::string what) : what_(std::move(what)), begin_(now()), last_(begin_) {}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\x1B[K");
}

void Progress::at(double value) {
  const double time = now();
  if (time < begin_ + 2.0 || time < last_ + 0.5 || ::isatty(STDERR_FILENO) == 0) return;
  fmt::print(stderr, "\r{} {:.0f}", what_, value);
  std::fflush(stderr);
  last_ = time;
  shown_ = true;
}

}  // namespace lexigrad::tokenize
