// gemm.cpp (bench): speed of the matrix product, one line a shape: `lexigrad_NN_256x768x768_t2 102.4 GFLOP/s`.
//
// NN, NT and TN say which operand lies transposed; the shape is m x n x k; t is the number of threads. A serial line
// is gemm_serial, as attention calls it. Each number is the median of several repeats. An argument runs only the lines
// whose name contains it. Not a test: nothing fails on time.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/gemm.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/parallel.hpp"

using namespace lexigrad;

namespace {

struct Case {
  Index m, n, k;
  bool serial = false;
};

constexpr Case cases[] = {
    {256, 768, 768},                                          // a block of GPT-2
    {1024, 1024, 1024},                                       //
    {2048, 2000, 64},   {2048, 8000, 128},                    // logits of a tied head
    {2048, 13000, 64},  {2048, 13000, 128},                   //
    {2048, 128, 13000}, {2048, 64, 2000},                     // gradient of the hidden states
    {13000, 128, 2048}, {2000, 64, 2048},                     // gradient of the table
    {2048, 192, 64},    {2048, 64, 192},    {64, 192, 2048},  // q, k, v of a small model and their gradients
    {1, 768, 768},      {4, 50257, 768},    {2048, 4, 768},   // skinny
    {8, 8, 8, true},    {32, 32, 16, true}, {32, 16, 32, true}, {64, 64, 64, true}, {256, 64, 256, true},
};

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Median of the seconds that one call takes, over at least 7 samples of about 10 ms each.
template <class Call>
double median_time(const Call& call) {
  call();
  double begin = seconds();
  call();
  const int calls = static_cast<int>(std::clamp(0.01 / std::max(seconds() - begin, 1e-9), 1.0, 1e6));
  std::vector<double> samples;
  for (int sample = 0; sample < 7; ++sample) {
    begin = seconds();
    for (int i = 0; i < calls; ++i) call();
    samples.push_back((seconds() - begin) / calls);
  }
  std::nth_element(samples.begin(), samples.begin() + 3, samples.end());
  return samples[3];
}

void run(const Case& shape, const char* form, int threads, std::string_view filter) {
  const Index m = shape.m, n = shape.n, k = shape.k;
  const bool serial = shape.serial;
  const std::string name = std::string("lexigrad_") + form + "_" + std::to_string(m) + "x" + std::to_string(n) + "x" +
                           std::to_string(k) + (serial ? "_serial" : "_t" + std::to_string(threads));
  if (name.find(filter) == std::string::npos) return;
  const auto numbers = [](Index count) {
    std::vector<real> x(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<real>(i * 2654435761u % 1000) / 1000 - real(0.5);
    return x;
  };
  const std::vector<real> a = numbers(m * k), b = numbers(k * n);
  std::vector<real> c(static_cast<std::size_t>(m * n));
  const MatrixRef left = form[0] == 'N' ? MatrixRef{a.data(), k, 1} : MatrixRef{a.data(), 1, m};
  const MatrixRef right = form[1] == 'N' ? MatrixRef{b.data(), n, 1} : MatrixRef{b.data(), 1, k};
  const ThreadScope scope(threads);
  const auto product = serial ? gemm_serial : gemm;
  const double time = median_time([&] { product(m, n, k, left, right, c.data(), n); });
  std::printf("%s %.1f GFLOP/s\n", name.c_str(), 2e-9 * static_cast<double>(m * n * k) / time);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view filter = argc > 1 ? argv[1] : "";
  std::printf("kernels %s\n", kernels().isa);
  for (const Case& shape : cases) {
    for (const char* form : {"NN", "NT", "TN"}) {
      for (const int threads : {1, 2}) {
        if (!shape.serial || threads == 1) run(shape, form, threads, filter);
      }
    }
  }
}
