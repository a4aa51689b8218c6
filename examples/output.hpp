// output.hpp: what every program does with standard output at its end, and the programs that take no arguments.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

namespace lexigrad::cli {

/// A standard output that is closed stays one that fails: else the first file that a program opens would become it. A
/// file that grows past its limit is an error of writing, which is told, and no signal that kills.
inline void prepare_output() {
  while (::fcntl(STDOUT_FILENO, F_GETFD) < 0 && ::open("/dev/null", O_RDONLY) >= 0) continue;
  std::signal(SIGXFSZ, SIG_IGN);
}

/// What went wrong with standard output by now, in words; "" where all of it was written.
inline std::string output_fault() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return "";
  return std::string("standard output: writing failed") +
         (errno != 0 ? std::string(" (") + std::strerror(errno) + ")" : "");
}

/// Runs `body`, whose result is the exit code, for a program that takes no arguments. A failed standard output is 1.
template <class Body>
int run_plain(int argc, char** argv, const char* name, const Body& body) {
  const auto complain = [&](const std::string& text) { std::fprintf(stderr, "%s: %s\n", name, text.c_str()); };
  if (argc > 1) {
    complain(std::string("unexpected argument ") + argv[1] + ": expected none");
    return 2;
  }
  prepare_output();
  try {
    const int code = body();
    const std::string fault = output_fault();
    if (fault.empty()) return code;
    complain(fault);
  } catch (const std::exception& e) {
    const std::string fault = output_fault();
    complain(fault.empty() ? e.what() : fault);
  }
  return 1;
}

}  // namespace lexigrad::cli
