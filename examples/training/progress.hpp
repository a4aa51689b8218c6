// progress.hpp: what a program says while it trains, and how it is asked to stop.
//
// Read next: curve.hpp, what is kept of the losses.
#pragma once
#include <chrono>
#include <string_view>

#include "tensor/real.hpp"

namespace lexigrad::training {

/// Prints to standard output, at once.
void say(std::string_view text);

/// From here on Ctrl-C (SIGINT), SIGTERM and SIGHUP do not end the program but make stop_asked() true, and say so on
/// stderr. A second Ctrl-C or SIGTERM ends it.
void listen_for_stop();
/// Whether the user has asked to stop.
bool stop_asked();

/// What a loop tells after a step.
struct Progress {
  Index step = 0, steps = 0;
  double loss = 0.0, lr = 0.0;
  double tokens_per_second = 0.0, seconds = 0.0, seconds_left = 0.0;
};

/// Shows the progress: one line that is written over on a terminal, a line for every tenth of the way in a file.
class ProgressLine {
 public:
  ProgressLine();
  /// Shows a step where it is due. False when stop_asked().
  bool operator()(const Progress& progress);
  /// Where a step takes long: shows, on a terminal, that `part` of the `parts` of step number `step` is done.
  void part(Index step, Index part, Index parts);
  /// Ends the line that is written over, before something else is printed.
  void end();

 private:
  bool terminal_, open_ = false;
  double shown_at_ = 0.0;
  std::chrono::steady_clock::time_point step_began_ = std::chrono::steady_clock::now();
};

}  // namespace lexigrad::training
