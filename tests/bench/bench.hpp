// bench.hpp: what all benchmarks share: the command line, medians, lines `name value unit`, and limits of the machine.
//
// A line is `lexigrad_NAME_tN value unit`, N the threads; lines that begin with # are notes. A figure whose limit is
// known is followed by its share of it; limits are measured in the same process, once, when first needed. Read next:
// README.md, which says how figures are compared.
#pragma once
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/ids.hpp"
#include "tensor/parallel.hpp"
#include "tensor/random.hpp"

namespace lexigrad::bench {

/// How a figure is sampled: two calls for warming up, then samples until `seconds` are over, at least `least` and at
/// most `most`. A sample is as many calls as take about `sample` seconds (0: one call).
struct Sampling {
  double seconds = 2.0;
  double sample = 0.0;
  int least = 5;
  int most = 200;
  bool best = false;  ///< the shortest sample, not the median: for limits, which a busy neighbour must not lower
};

/// One benchmark program: what its command line asks for, and what it prints.
class Bench {
 public:
  /// `threads` are the counts to be measured unless --threads says otherwise. Leaves the program on --help and on a
  /// wrong command line.
  Bench(int argc, char** argv, const std::string& about, std::vector<int> threads = {2});

  /// Whether the filter lets one of these figures through, at the threads of the scope that is open.
  bool wants(std::initializer_list<std::string> names) const;
  /// body() for each thread count, in a process of its own, so that its peak memory is its own.
  void in_own_processes(const std::function<void()>& body) const;
  /// body() for each thread count.
  void for_threads(const std::function<void()>& body) const;

  /// Median of the seconds that one call takes. --quick takes a tenth of the time.
  double median(const std::function<void()>& call, Sampling sampling = {}) const;
  /// Prints a figure, if it is wanted.
  void print(const std::string& name, double value, std::string_view unit) const;
  /// Prints the median in ms (or, if `unit` says so, us) and gives it in seconds; 0 when it is not wanted.
  double time(const std::string& name, const std::function<void()>& call, Sampling sampling = {},
              std::string_view unit = "ms") const;
  /// Prints the most memory that this process has held so far, in MiB.
  void print_peak_memory(const std::string& name) const;
  void note(const std::string& text) const;  ///< a line that begins with #

  /// A note: which share of the FMA peak `flops` in `seconds` is. The peak is measured anew each time: clocks drift.
  void share_of_peak(double flops, double seconds) const;
  /// A note: the same of one thread, by multiply-adds right before and behind every call, which see the same clock and
  /// as much of what the host does meanwhile: the median of a second, of seven calls at least.
  void share_of_peak_between(double flops, const std::function<void()>& call) const;
  /// A note: which share of the bandwidth `bytes` in `seconds` is; buffers of `working_set` bytes in all decide
  /// whether the last cache or memory is the limit.
  void share_of_bandwidth(double bytes, double seconds, double working_set);

  double bandwidth(double working_set);     ///< GB/s of c = c + 0.5 b with two arrays of this size in all, roughly
  bool is_quick() const { return quick_; }  ///< --quick was given
  const std::string& filter() const { return filter_; }

 private:
  std::string filter_;
  std::vector<int> threads_;
  bool quick_ = false;
  std::map<std::string, double> limits_;
};

/// "_t2" for two threads.
std::string thread_suffix();
/// `count` ids, uniform in [0, vocab).
Ids random_ids(const Shape& shape, Index vocab, Rng& rng);

/// Loops that do nothing but reach a limit, compiled for each instruction set; limits_loops.cpp.
struct LimitLoops {
  Index flops_a_round;                                            ///< of fma
  real (*fma)(Index rounds, real x, real y);                      ///< independent a = a · x + y in registers
  real (*read)(const real* a, Index n);                           ///< Σ a
  void (*scale)(const real* a, real* c, Index n);                 ///< c = 2 a
  void (*triad)(const real* a, const real* b, real* c, Index n);  ///< c = a + 0.5 b
  /// The same by stores that leave the caches alone; c begins with a cache line.
  void (*stream)(const real* a, const real* b, real* c, Index n);
};
/// Those of the instruction set that the library uses.
const LimitLoops& limit_loops();

/// Rates of the loops above on the threads of the scope: each thread walks a part of its own, over and over. `bytes` is
/// the size of one array.
enum class Traffic { read, scale, triad, stream, update };  // update: c = c + 0.5 b, which writes what it has read
double measure_fma(const Bench& bench);                     ///< GFLOP/s
double measure_traffic(const Bench& bench, Traffic kind, Index bytes);  ///< GB/s of numbers read and written

}  // namespace lexigrad::bench
