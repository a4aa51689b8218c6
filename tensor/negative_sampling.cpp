// negative_sampling.cpp: the loss of word vectors and its gradient, window by window.
//
// A window has m inputs X [m, D] and n samples Y [n, D], the word first. Three products do the work:
//   S = X Yᵀ         scores [m, n]
//   E = σ(S) - [j = 0]   how far each is from what it should be: the slope of the loss by the score
//   dX = E Y,  dY = Eᵀ X
// Rows are gathered into one block first: the products then run in the first cache. Read next: gemm.hpp.
#include <algorithm>

#include <fmt/core.h>

#include "tensor/gemm.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index windows_in_chunk = 16;

void check(const Tensor& input, const Tensor& output, const SampledWindows& w) {
  constexpr std::string_view op = "negative_sampling";
  if (input.rank() != 2 || output.rank() != 2 || input.dim(1) != output.dim(1)) {
    throw ShapeError(op, {operand("input", input), operand("output", output)}, "expected two tables [V, D] of one D");
  }
  if (w.samples.shape().rank() != 2 || w.samples.shape()[1] < 1 ||
      static_cast<Index>(w.starts.size()) != w.samples.shape()[0] + 1) {
    throw ShapeError(op, {operand("input", input)},
                     fmt::format("samples are {} and there are {} starts: expected [W, 1 + K] and W + 1",
                                 to_string(w.samples.shape()), w.starts.size()));
  }
  if (w.starts.front() != 0 || w.starts.back() != w.contexts.size() ||
      !std::is_sorted(w.starts.begin(), w.starts.end())) {
    throw ShapeError(op, {operand("input", input)},
                     fmt::format("starts must ascend from 0 to {}, the count of contexts", w.contexts.size()));
  }
  check_ids(op, w.contexts, input.dim(0));
  check_ids(op, w.samples, output.dim(0));
}

/// The longest list of contexts.
Index longest(const SampledWindows& w) {
  Index most = 0;
  for (Index i = 0; i < w.count(); ++i) {
    most = std::max(most, w.starts[static_cast<std::size_t>(i) + 1] - w.starts[static_cast<std::size_t>(i)]);
  }
  return most;
}

/// One thread's place to work on one window after the other.
class Window {
 public:
  Window(const Tensor& input, const Tensor& output, const SampledWindows& windows, Index most_contexts)
      : w_(windows),
        width_(input.dim(1)),
        samples_(windows.samples.shape()[1]),
        // Whole vectors of scores, so that no product has an edge: the last ones belong to rows of zeros.
        padded_((samples_ + kernels().lanes - 1) / kernels().lanes * kernels().lanes),
        in_(input.data()),
        out_(output.data()),
        x_({std::max<Index>(most_contexts, 1), width_}),
        y_({padded_, width_}),
        scores_({3, std::max<Index>(most_contexts, 1) * padded_}) {
    y_.fill(0.0);
  }

  Index contexts() const { return contexts_; }
  const Index* ids() const { return ids_; }           ///< of the contexts
  const Index* sample_ids() const { return words_; }  ///< of the samples
  /// What a context gets of the gradient of the input that it is in.
  real share() const { return w_.mean && !w_.undivided ? real{1} / static_cast<real>(contexts_) : real{1}; }

  /// Reads the rows of window i and gives its loss; the errors E stay here.
  double forward(Index i) {
    const Index first = w_.starts[static_cast<std::size_t>(i)];
    contexts_ = w_.starts[static_cast<std::size_t>(i) + 1] - first;
    inputs_ = w_.mean ? std::min<Index>(contexts_, 1) : contexts_;
    ids_ = w_.contexts.values().data() + first;
    words_ = w_.samples.values().data() + i * samples_;
    if (contexts_ == 0) return 0.0;
    gather();
    gemm_serial(inputs_, padded_, width_, {x_.data(), width_, 1}, {y_.data(), 1, width_}, row(0), padded_);
    return errors();
  }
  /// dx [inputs, D] = E Y
  void by_inputs(real* dx) const {
    gemm_serial(inputs_, width_, samples_, {scores_.data(), padded_, 1}, {y_.data(), width_, 1}, dx, width_);
  }
  /// dy [1 + K, D] = Eᵀ X
  void by_samples(real* dy) const {
    gemm_serial(samples_, width_, inputs_, {scores_.data(), 1, padded_}, {x_.data(), width_, 1}, dy, width_);
  }

 private:
  real* row(Index r) { return scores_.mutable_data() + r * scores_.dim(1); }

  void gather() {
    real* x = x_.mutable_data();
    real* y = y_.mutable_data();
    for (Index j = 0; j < samples_; ++j) std::copy_n(out_ + words_[j] * width_, width_, y + j * width_);
    if (!w_.mean) {
      for (Index j = 0; j < contexts_; ++j) std::copy_n(in_ + ids_[j] * width_, width_, x + j * width_);
      return;
    }
    std::copy_n(in_ + ids_[0] * width_, width_, x);
    for (Index j = 1; j < contexts_; ++j) kernels().add(x, in_ + ids_[j] * width_, x, width_);
    kernels().scale(real{1} / static_cast<real>(contexts_), x, x, width_);
  }

  /// Scores become errors. With t = e^-|s|: σ(s) is 1 / (1 + t) or t / (1 + t), and -log σ(-s) = max(s, 0) + log(1 +
  /// t), which neither overflows nor loses digits.
  double errors() {
    const Index count = inputs_ * padded_;
    real *s = row(0), *t = row(1), *logs = row(2);
    for (Index i = 0; i < count; ++i) t[i] = s[i] < 0 ? s[i] : -s[i];
    kernels().exp(t, t, count);
    for (Index i = 0; i < count; ++i) logs[i] = 1 + t[i];
    kernels().log(logs, logs, count);
    double loss = 0.0;
    for (Index i = 0; i < inputs_; ++i, s += padded_, t += padded_, logs += padded_) {
      for (Index j = 0; j < samples_; ++j) {
        const real wanted = j == 0 ? real{1} : real{0};
        const bool is_word = j > 0 && words_[j] == words_[0];
        const real part = std::max(s[j], real{0}) - wanted * s[j] + logs[j];
        const real sigmoid = (s[j] < 0 ? t[j] : real{1}) / (1 + t[j]);
        loss += is_word ? 0.0 : static_cast<double>(part);
        s[j] = is_word ? real{0} : sigmoid - wanted;
      }
    }
    return loss;
  }

  const SampledWindows& w_;
  Index width_, samples_, padded_;
  const real *in_, *out_;
  Tensor x_, y_, scores_;  // scores_: S and then E, and two rows for what lies between
  Index contexts_ = 0, inputs_ = 0;
  const Index *ids_ = nullptr, *words_ = nullptr;
};

}  // namespace

NegativeSampling negative_sampling(const Tensor& input, const Tensor& output, const SampledWindows& windows,
                                   bool want_contexts, bool want_samples) {
  check(input, output, windows);
  const Index width = input.dim(1), samples = windows.samples.shape()[1], most = longest(windows);
  NegativeSampling result{Tensor(Shape{}), {}, {}};
  if (want_contexts) result.dcontexts = Tensor({windows.contexts.size(), width});
  if (want_samples) result.dsamples = Tensor({windows.samples.size(), width});
  real* dcontexts = want_contexts ? result.dcontexts.mutable_data() : nullptr;
  real* dsamples = want_samples ? result.dsamples.mutable_data() : nullptr;
  const double loss = parallel_sum(windows.count(), windows_in_chunk, [&](Index begin, Index end) {
    Window window(input, output, windows, most);
    double sum = 0.0;
    for (Index i = begin; i < end; ++i) {
      sum += window.forward(i);
      if (want_samples) window.by_samples(dsamples + i * samples * width);
      if (!want_contexts || window.contexts() == 0) continue;
      real* dx = dcontexts + windows.starts[static_cast<std::size_t>(i)] * width;
      window.by_inputs(dx);
      if (!windows.mean) continue;
      kernels().scale(window.share(), dx, dx, width);
      for (Index j = 1; j < window.contexts(); ++j) std::copy_n(dx, width, dx + j * width);
    }
    return sum;
  });
  *result.loss.mutable_data() = static_cast<real>(loss);
  return result;
}

double negative_sampling_descent(Tensor& input, Tensor& output, const SampledWindows& windows, double lr) {
  check(input, output, windows);
  const Index width = input.dim(1), samples = windows.samples.shape()[1], most = longest(windows);
  Window window(input, output, windows, most);
  Tensor dx({std::max<Index>(most, 1), width}), dy({samples, width});
  real* in = input.mutable_data();
  real* out = output.mutable_data();
  real *by_input = dx.mutable_data(), *by_sample = dy.mutable_data();
  const real step = -static_cast<real>(lr);
  double loss = 0.0;
  for (Index i = 0; i < windows.count(); ++i) {
    loss += window.forward(i);
    if (window.contexts() == 0) continue;
    window.by_inputs(by_input);
    window.by_samples(by_sample);
    for (Index j = 0; j < window.contexts(); ++j) {
      const real* row = by_input + (windows.mean ? 0 : j) * width;
      kernels().axpy(step * window.share(), row, in + window.ids()[j] * width, width);
    }
    for (Index j = 0; j < samples; ++j) {
      kernels().axpy(step, by_sample + j * width, out + window.sample_ids()[j] * width, width);
    }
  }
  return loss;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
