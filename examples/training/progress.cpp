// progress.cpp: the line and the signals.
#include "training/progress.hpp"

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <string>

#include <fmt/core.h>
#include <unistd.h>

namespace lexigrad::training {
namespace {

volatile std::sig_atomic_t asked = 0;

// The next signal ends the program; but a terminal that is closed may say so more than once.
void ask_to_stop(int) {
  constexpr std::string_view told = "\nstopping after this step; again to stop at once\n";
  const int error = errno;
  asked = 1;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  if (::write(STDERR_FILENO, told.data(), told.size()) < 0) errno = error;
}

std::string duration(double seconds) {
  if (seconds < 600.0) return fmt::format("{:>3.0f} s", seconds);
  if (seconds < 36000.0) return fmt::format("{:>3.0f} min", seconds / 60.0);
  return fmt::format("{:>3.0f} h", seconds / 3600.0);
}

}  // namespace

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);  // what fails is told at the end: training goes on
  std::fflush(stdout);
}

void listen_for_stop() {
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  if (std::signal(SIGHUP, ask_to_stop) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);  // nohup
}

bool stop_asked() { return asked != 0; }

ProgressLine::ProgressLine() : terminal_(::isatty(STDOUT_FILENO) == 1) {}

bool ProgressLine::operator()(const Progress& p) {
  step_began_ = std::chrono::steady_clock::now();
  const bool stop = stop_asked(), last = p.step == p.steps || stop;
  const bool due = terminal_ ? p.seconds - shown_at_ >= 0.5 : p.step * 10 / p.steps != (p.step - 1) * 10 / p.steps;
  if (p.step == 1 || due || last) {
    shown_at_ = p.seconds;
    open_ = terminal_ && !last;
    say(fmt::format("{}step {:>{}}/{}  loss {:.3f}  perplexity {:>7.1f}  {:>6.0f} tokens/s  {} left{}",
                    terminal_ ? "\r" : "", p.step, fmt::format("{}", p.steps).size(), p.steps, p.loss, std::exp(p.loss),
                    p.tokens_per_second, duration(p.seconds_left), open_ ? " " : "\n"));
  }
  return !stop;
}

void ProgressLine::part(Index step, Index part, Index parts) {
  const bool slow = std::chrono::steady_clock::now() - step_began_ > std::chrono::seconds(2);
  if (!terminal_ || !slow || part >= parts) return;
  say(fmt::format("\rstep {}: micro-batch {} of {} done ", step, part, parts));
  open_ = true;
}

void ProgressLine::end() {
  if (open_) say("\n");
  open_ = false;
}

}  // namespace lexigrad::training
