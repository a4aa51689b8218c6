// negative_sampling.cpp: the loss of word vectors and its gradient, window by window.
//
// A window has m inputs X [m, D] and n samples Y [n, D], the word first. Three products do the work:
//   S = X Yᵀ         scores [m, n]
//   E = σ(S) - [j = 0]   how far each is from what it should be: the slope of the loss by the score
//   dX = E Y,  dY = Eᵀ X
// word2vec takes one input after the other, so each meets the word's row where those before it have moved it:
//   dx_i = e_i Y - step · e_i0 · Σ_{k < i} e_k0 x_k
// a pull towards the words that share the window: small, but always the same way.
// The rows lie all over the tables and are read there. Read next: kernels/row_products.cpp.
#include <algorithm>

#include "tensor/create.hpp"
#include "tensor/gather.hpp"
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
                     "samples are {} and there are {} starts: expected [W, 1 + K] and W + 1",
                     to_string(w.samples.shape()), w.starts.size());
  }
  if (w.starts.front() != 0 || w.starts.back() != w.contexts.size() ||
      !std::is_sorted(w.starts.begin(), w.starts.end())) {
    throw ShapeError(op, {operand("input", input)}, "starts must ascend from 0 to {}, the count of contexts",
                     w.contexts.size());
  }
  check_ids(op, w.contexts, input.dim(0));
  check_ids(op, w.samples, output.dim(0));
}

/// The length of the longest list of contexts, or 1.
Index longest(const SampledWindows& w) {
  Index most = 1;
  for (std::size_t i = 1; i < w.starts.size(); ++i) most = std::max(most, w.starts[i] - w.starts[i - 1]);
  return most;
}

const RowProducts& products() { return *kernels().row_products; }
/// A row of numbers of any count is computed fastest in whole vectors.
Index whole_vectors(Index count) { return (count + kernels().lanes - 1) / kernels().lanes * kernels().lanes; }

/// One thread's place to work on one window after the other. Rows are read where they lie.
struct Window {
  const Tensor &input, &output;
  const SampledWindows& w;
  double rate;  ///< what a window that is not a mean moves by

  real step = w.mean ? 0 : static_cast<real>(rate);
  Index width = input.dim(1), samples = w.samples.shape()[1];
  const real *in = input.data(), *out = output.data();
  Index contexts = 0, inputs = 0;  ///< of the window in hand
  const Index* words = nullptr;    ///< its samples
  /// S, then E, and two rows for what lies between. Zeros, so that what is computed along with them is defined, too.
  Tensor numbers = zeros({3, whole_vectors((w.mean ? 1 : longest(w)) * samples)});
  Tensor mean{Shape{w.mean ? width : 0}};
  Tensor moved{Shape{width}};  ///< how far the word's row is from where it was
  /// Where the inputs and the samples lie.
  BlockVector<const real*> x{static_cast<std::size_t>(longest(w))}, y{static_cast<std::size_t>(samples)};

  /// What a context gets of the gradient of the input that it is in.
  real share() const {
    return w.mean && !w.undivided ? real{1} / static_cast<real>(std::max<Index>(contexts, 1)) : real{1};
  }

  /// Gives the loss of window i; the errors E stay here. The mean of nothing is 0, and has no errors.
  double forward(Index i) {
    point_at(i);
    if (contexts == 0) {
      mean.fill(0.0);
      numbers.fill(0.0);
      return 0.0;
    }
    if (w.mean) {
      const real one_over_m = real{1} / static_cast<real>(contexts);
      real* h = mean.mutable_data();
      products().combine(&one_over_m, 0, 0, x.data(), contexts, &h, 1, width, false);
      x[0] = h;
    }
    products().dots(x.data(), inputs, y.data(), samples, width, row(0));
    return scores_to_errors();
  }
  /// E = factor · E
  void scale_errors(real factor) { kernels().scale(factor, row(0), row(0), whole_vectors(inputs * samples)); }
  /// dx[i] = Σ_j E[i, j] · Y[j], a row for each input, and in turn if there is a step.
  void by_inputs(real* const* dx) {
    const real* e = row(0);
    products().combine(e, samples, 1, y.data(), samples, dx, inputs, width, false);
    if (step == 0) return;
    moved.fill(0.0);
    for (Index i = 0; i < inputs; ++i, e += samples) {
      kernels().axpy(e[0], moved.data(), dx[i], width);
      kernels().axpy(-step * e[0], x[static_cast<std::size_t>(i)], moved.mutable_data(), width);
    }
  }
  /// dy[j] = Σ_i E[i, j] · X[i], or with `add` so much more, a row for each sample.
  void by_samples(real* const* dy, bool add) {
    products().combine(row(0), 1, samples, x.data(), inputs, dy, samples, width, add);
  }

  real* row(Index r) { return numbers.mutable_data() + r * numbers.dim(1); }

  Index start(Index i) const { return w.starts[static_cast<std::size_t>(i)]; }  ///< of window i's contexts

  /// Asks for the rows of window i: they lie all over the tables, and come while the window before is worked on.
  void fetch(Index i) const {
    for (Index c = start(i); c < start(i + 1); ++c) fetch_row(in + w.contexts[c] * width, width);
    for (Index j = i * samples; j < (i + 1) * samples; ++j) fetch_row(out + w.samples[j] * width, width);
  }

  void point_at(Index i) {
    const Index first = start(i);
    contexts = start(i + 1) - first;
    inputs = w.mean ? 1 : contexts;
    words = w.samples.values().data() + i * samples;
    for (Index c = 0; c < contexts; ++c) x[static_cast<std::size_t>(c)] = in + w.contexts[first + c] * width;
    for (Index j = 0; j < samples; ++j) y[static_cast<std::size_t>(j)] = out + words[j] * width;
    if (i + 1 < w.count()) fetch(i + 1);
  }

  /// Scores become errors. With t = e^-|s|: σ(s) is 1 / (1 + t) or t / (1 + t), and -log σ(-s) = max(s, 0) + log(1 +
  /// t), which neither overflows nor loses digits.
  double scores_to_errors() {
    const Index count = whole_vectors(inputs * samples);
    real *s = row(0), *t = row(1), *logs = row(2);
    for (Index i = 0; i < count; ++i) t[i] = s[i] < 0 ? s[i] : -s[i];
    kernels().exp(t, t, count);
    for (Index i = 0; i < count; ++i) logs[i] = 1 + t[i];
    kernels().log(logs, logs, count);
    double loss = 0.0;
    for (Index i = 0; i < inputs; ++i, s += samples, t += samples, logs += samples) {
      for (Index j = 0; j < samples; ++j) {
        const real wanted = j == 0 ? real{1} : real{0};
        const bool is_word = j > 0 && words[j] == words[0];
        const real part = std::max(s[j], real{0}) - wanted * s[j] + logs[j];
        const real sigmoid = (s[j] < 0 ? t[j] : real{1}) / (1 + t[j]);
        loss += is_word ? 0.0 : static_cast<double>(part);
        s[j] = is_word ? real{0} : sigmoid - wanted;
      }
    }
    return loss;
  }
};

/// Pointers to rows that follow each other, in `rows`.
real* const* rows_of(real* first, Index count, Index width, BlockVector<real*>& rows) {
  rows.resize(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) rows[static_cast<std::size_t>(i)] = first + i * width;
  return rows.data();
}

}  // namespace

NegativeSampling negative_sampling(const Tensor& input, const Tensor& output, const SampledWindows& windows,
                                   bool want_contexts, bool want_samples) {
  check(input, output, windows);
  const Index width = input.dim(1), samples = windows.samples.shape()[1], count = windows.count();
  NegativeSampling result;
  if (want_contexts) result.dcontexts.rows = Tensor({windows.mean ? count : windows.contexts.size(), width});
  if (want_samples) result.dsamples.rows = Tensor({windows.mean ? count : windows.samples.size(), width});
  if (windows.mean) {
    result.dcontexts.starts = windows.starts;
    for (Index i = 0; i <= count; ++i) result.dsamples.starts.push_back(i * samples);
    result.dsamples.factors = Tensor({windows.samples.size()});
  }
  real* dcontexts = want_contexts ? result.dcontexts.rows.mutable_data() : nullptr;
  real* dsamples = want_samples ? result.dsamples.rows.mutable_data() : nullptr;
  real* slopes = windows.mean ? result.dsamples.factors.mutable_data() : nullptr;
  result.loss = scalar(parallel_sum(count, windows_in_chunk, [&](Index begin, Index end) {
    Window window{input, output, windows, windows.step};
    BlockVector<real*> to;
    double sum = 0.0;
    for (Index i = begin; i < end; ++i) {
      sum += window.forward(i);
      if (want_samples && windows.mean) {
        std::copy_n(window.mean.data(), width, dsamples + i * width);
        std::copy_n(window.numbers.data(), samples, slopes + i * samples);
      } else if (want_samples) {
        window.by_samples(rows_of(dsamples + i * samples * width, samples, width, to), false);
      }
      if (!want_contexts) continue;
      const Index row = windows.mean ? i : windows.starts[static_cast<std::size_t>(i)];
      window.scale_errors(window.share());
      window.by_inputs(rows_of(dcontexts + row * width, window.inputs, width, to));
    }
    return sum;
  }));
  return result;
}

double negative_sampling_descent(Tensor& input, Tensor& output, const SampledWindows& windows, double lr) {
  check(input, output, windows);
  const Index width = input.dim(1), samples = windows.samples.shape()[1];
  Window window{input, output, windows, lr};
  Tensor scratch({longest(windows), width});
  BlockVector<real*> dx;
  rows_of(scratch.mutable_data(), scratch.dim(0), width, dx);
  BlockVector<real*> y(static_cast<std::size_t>(samples));
  real* in = input.mutable_data();
  real* out = output.mutable_data();
  const real down = -static_cast<real>(lr);
  double loss = 0.0;
  for (Index i = 0; i < windows.count(); ++i) {
    loss += window.forward(i);
    const Index contexts = window.contexts, first = windows.starts[static_cast<std::size_t>(i)];
    if (contexts == 0) continue;
    window.by_inputs(dx.data());
    window.scale_errors(down);
    for (Index j = 0; j < samples; ++j) y[static_cast<std::size_t>(j)] = out + windows.samples[i * samples + j] * width;
    window.by_samples(y.data(), true);
    for (Index c = 0; c < contexts; ++c) {
      const std::size_t row = windows.mean ? 0 : static_cast<std::size_t>(c);
      kernels().axpy(down * window.share(), dx[row], in + windows.contexts[first + c] * width, width);
    }
  }
  return loss;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
