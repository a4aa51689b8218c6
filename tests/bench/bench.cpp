// bench.cpp: see bench.hpp.
#include "bench/bench.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "tensor/kernels/kernels.hpp"

namespace lexigrad::bench {

#if defined(LEXIGRAD_HAVE_V3)
extern const LimitLoops limit_loops_baseline, limit_loops_v3, limit_loops_v4;
#else
extern const LimitLoops limit_loops_portable;
#endif

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

volatile real sink;  // results that nobody reads, so that no loop is left out

constexpr double last_cache = 24e6;  // working sets above count as memory

}  // namespace

const LimitLoops& limit_loops() {
#if defined(LEXIGRAD_HAVE_V3)
  const std::string_view isa = kernels().isa;
  return isa == "v4" ? limit_loops_v4 : isa == "v3" ? limit_loops_v3 : limit_loops_baseline;
#else
  return limit_loops_portable;
#endif
}

Bench::Bench(int argc, char** argv, const std::string& about, std::vector<int> threads) : threads_(std::move(threads)) {
  CLI::App app(about + " Prints lines `name value unit`; notes begin with #.");
  app.add_option("filter", filter_, "Only figures whose names contain this");
  app.add_option("--threads", threads_, "Thread counts to be measured")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  app.add_flag("--quick", quick_, "A tenth of the time for each figure, and fewer samples");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  note(fmt::format("kernels {}", kernels().isa));
}

std::string thread_suffix() { return fmt::format("_t{}", thread_count()); }

bool Bench::wants(std::initializer_list<std::string> names) const {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return ("lexigrad_" + name + thread_suffix()).find(filter_) != std::string::npos;
  });
}

void Bench::for_threads(const std::function<void()>& body) const {
  for (const int count : threads_) {
    const ThreadScope scope(count);
    body();
  }
}

void Bench::in_own_processes(const std::function<void()>& body) const {
  for_threads([&] {
    const pid_t child = ::fork();  // this process itself has started no threads
    if (child == 0) {
      body();
      std::fflush(stdout);
      ::_exit(0);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    if (status != 0) note(fmt::format("a case ended with status {}", status));
  });
}

double Bench::median(const std::function<void()>& call, Sampling sampling) const {
  if (quick_) sampling.seconds /= 10, sampling.sample /= 10, sampling.least = std::min(sampling.least, 3);
  call();
  double begin = now();
  call();
  const int calls = static_cast<int>(std::clamp(sampling.sample / std::max(now() - begin, 1e-9), 1.0, 1e6));
  std::vector<double> samples;
  const double start = now();
  const auto count = [&] { return static_cast<int>(samples.size()); };
  while (count() < sampling.least || (count() < sampling.most && now() - start < sampling.seconds)) {
    begin = now();
    for (int i = 0; i < calls; ++i) call();
    samples.push_back((now() - begin) / calls);
  }
  std::sort(samples.begin(), samples.end());
  return samples[sampling.best ? 0 : samples.size() / 2];
}

void Bench::print(const std::string& name, double value, std::string_view unit) const {
  if (!wants({name})) return;
  fmt::print("lexigrad_{}{} {:.4g} {}\n", name, thread_suffix(), value, unit);
  std::fflush(stdout);
}

double Bench::time(const std::string& name, const std::function<void()>& call, Sampling sampling,
                   std::string_view unit) const {
  if (!wants({name})) return 0.0;
  const double seconds = median(call, sampling);
  print(name, seconds * (unit == "us" ? 1e6 : 1e3), unit);
  return seconds;
}

void Bench::print_peak_memory(const std::string& name) const {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  print(name, static_cast<double>(usage.ru_maxrss) / 1024.0, "MiB");
}

void Bench::note(const std::string& text) const {
  fmt::print("# {}\n", text);
  std::fflush(stdout);
}

void Bench::share_of_peak(double flops, double seconds) const {
  if (seconds <= 0.0) return;
  const double rate = 1e-9 * flops / seconds, peak = measure_fma(*this);
  note(fmt::format("share {:.2f} of the FMA peak: {:.4g} of {:.4g} GFLOP/s", rate / peak, rate, peak));
}

void Bench::share_of_peak_between(double flops, const std::function<void()>& call) const {
  const auto rate = [](double work, const std::function<void()>& run) {
    const double begin = now();
    run();
    return work / (now() - begin);
  };
  constexpr Index rounds = 8000;  // some 20 us
  const auto peak = [&] {
    return rate(static_cast<double>(rounds * limit_loops().flops_a_round),
                [&] { sink = limit_loops().fma(rounds, real(0.999), real(1e-3)); });
  };
  std::vector<double> shares;
  for (const double start = now(); shares.size() < 7 || (now() - start < 1.0 && shares.size() < 1000 && !quick_);) {
    const double before = peak(), own = rate(flops, call);
    shares.push_back(own / std::max(before, peak()));
  }
  std::sort(shares.begin(), shares.end());
  note(fmt::format("share {:.3f} of multiply-adds between the calls", shares[shares.size() / 2]));
}

void Bench::share_of_bandwidth(double bytes, double seconds, double working_set) {
  if (seconds <= 0.0) return;
  const double rate = 1e-9 * bytes / seconds, limit = bandwidth(working_set);
  note(fmt::format("share {:.2f} of the bandwidth of {}: {:.4g} of {:.4g} GB/s", rate / limit,
                   working_set <= last_cache ? "the last cache" : "memory", rate, limit));
}

double Bench::bandwidth(double working_set) {
  const bool cached = working_set <= last_cache;
  double& limit = limits_[(cached ? "cache" : "memory") + thread_suffix()];
  if (limit == 0.0) limit = measure_traffic(*this, Traffic::update, cached ? Index{8} << 20 : Index{128} << 20);
  return limit;
}

double measure_fma(const Bench& bench) {
  const Index rounds = 100'000, jobs = thread_count() * (bench.is_quick() ? 4 : 16);
  const double seconds = bench.median(
      [&] { parallel_for(jobs, 1, [&](Index, Index) { sink = limit_loops().fma(rounds, real(0.999), real(1e-3)); }); },
      {.seconds = 0.2, .least = 5, .most = 9, .best = true});
  return 1e-9 * static_cast<double>(jobs * rounds * limit_loops().flops_a_round) / seconds;
}

double measure_traffic(const Bench& bench, Traffic kind, Index bytes) {
  const Index threads = thread_count(), n = bytes / static_cast<Index>(sizeof(real));
  const Index part = n / threads / 1024 * 1024;
  const Index rounds = std::max<Index>(1, (Index{64} << 20) / bytes);
  struct Free {
    void operator()(real* p) const { std::free(p); }
  };
  std::unique_ptr<real, Free> arrays[3];
  for (auto& array : arrays) {
    constexpr Index page = Index{2} << 20;  // large pages where the system gives them: addresses are found sooner
    const auto size = static_cast<std::size_t>((bytes + page - 1) / page * page);
    array.reset(static_cast<real*>(std::aligned_alloc(static_cast<std::size_t>(page), size)));
    ::madvise(array.get(), size, MADV_HUGEPAGE);
    std::fill_n(array.get(), n, real{1});
  }
  const LimitLoops& loops = limit_loops();
  const auto walk = [&](Index begin, Index count) {
    const real *a = arrays[0].get() + begin, *b = arrays[1].get() + begin;
    real* c = arrays[2].get() + begin;
    if (kind == Traffic::read) sink = loops.read(a, count);
    if (kind == Traffic::scale) loops.scale(a, c, count);
    if (kind == Traffic::triad) loops.triad(a, b, c, count);
    if (kind == Traffic::stream) loops.stream(a, b, c, count);
    if (kind == Traffic::update) loops.triad(c, b, c, count);
  };
  // What fits a core's own cache stays with one thread; larger arrays are handed out in chunks, as the library does.
  const bool own = part * static_cast<Index>(sizeof(real)) <= Index{256} << 10;
  const double seconds = bench.median(
      [&] {
        if (own) {
          parallel_for(threads, 1, [&](Index thread, Index) {
            for (Index r = 0; r < rounds; ++r) walk(thread * part, part);
          });
        } else {
          for (Index r = 0; r < rounds; ++r) {
            parallel_for(threads * part, 1 << 16, [&](Index begin, Index end) { walk(begin, end - begin); });
          }
        }
      },
      {.seconds = 0.3, .least = 5, .most = 9, .best = true});
  const double numbers = kind == Traffic::read ? 1.0 : kind == Traffic::scale ? 2.0 : 3.0;
  return 1e-9 * numbers * static_cast<double>(rounds * threads * part) * sizeof(real) / seconds;
}

Ids random_ids(const Shape& shape, Index vocab, Rng& rng) {
  std::vector<Index> ids(static_cast<std::size_t>(shape.size()));
  for (Index& id : ids) id = rng.below(vocab);
  return Ids(shape, ids);
}

}  // namespace lexigrad::bench
