// rows_sampling.cpp: rows of the gradcheck table: the loss of word vectors.
#include "autograd/gradcheck_rows.hpp"

namespace lexigrad::testing {
namespace {

double log_sigmoid(double x) { return x < 0.0 ? x - std::log1p(std::exp(x)) : -std::log1p(std::exp(-x)); }

// Σ over windows, their inputs and samples, by loops.
double sampled_loss(const Tensor& input, const Tensor& output, const SampledWindows& w) {
  const Index dim = input.dim(1), samples = w.samples.shape()[1];
  double loss = 0.0;
  for (Index i = 0; i < w.count(); ++i) {
    const Index first = w.starts[static_cast<std::size_t>(i)], last = w.starts[static_cast<std::size_t>(i) + 1];
    std::vector<std::vector<double>> inputs;
    for (Index c = first; c < last; ++c) {
      if (inputs.empty() || !w.mean) inputs.emplace_back(static_cast<std::size_t>(dim), 0.0);
      for (Index d = 0; d < dim; ++d) {
        inputs.back()[static_cast<std::size_t>(d)] +=
            number(input, w.contexts[c] * dim + d) / (w.mean ? static_cast<double>(last - first) : 1.0);
      }
    }
    for (const std::vector<double>& x : inputs) {
      for (Index j = 0; j < samples; ++j) {
        const Index sample = w.samples[i * samples + j];
        if (j > 0 && sample == w.samples[i * samples]) continue;
        double score = 0.0;
        for (Index d = 0; d < dim; ++d) score += x[static_cast<std::size_t>(d)] * number(output, sample * dim + d);
        loss -= log_sigmoid(j == 0 ? score : -score);
      }
    }
  }
  return loss;
}

}  // namespace

std::vector<Row> sampling_rows() {
  std::vector<Row> rows;
  const auto add = [&](const std::string& what, const SampledWindows& w, Index dim) {
    rows.push_back({"negative_sampling",
                    what,
                    [w](const Values& v) { return negative_sampling(v[0], v[1], w); },
                    {sample({6, dim}, 1), sample({6, dim}, 2)},
                    [w](const std::vector<Tensor>& in) { return std::vector<double>{sampled_loss(in[0], in[1], w)}; }});
  };
  // A context that stands twice, a window without any, a negative that is the word, one that is drawn twice.
  const Ids contexts{1, 3, 1, 0, 5, 2};
  const Ids drawn{{2, 4, 4}, {0, 1, 5}, {3, 3, 0}};
  for (const bool mean : {false, true}) {
    const std::string kind = mean ? "CBOW" : "skip-gram";
    add(kind, {contexts, {0, 3, 3, 6}, drawn, mean}, 3);
    add(kind + ", one number a row", {contexts, {0, 3, 3, 6}, drawn, mean}, 1);
    add(kind + ", no negatives", {contexts, {0, 6}, Ids(Shape{1, 1}, {4}), mean}, 5);
    add(kind + ", no windows", {Ids(Shape{0}, {}), {0}, Ids(Shape{0, 3}, {}), mean}, 3);
  }
  std::vector<Index> many, starts = {0}, samples;
  for (Index i = 0; i < 40; ++i) {  // more windows than one chunk, and a long one
    for (Index c = 0; c < (i == 7 ? 30 : i % 4); ++c) many.push_back((i * 5 + c) % 6);
    starts.push_back(static_cast<Index>(many.size()));
    for (Index j = 0; j < 9; ++j) samples.push_back((i + j * j) % 6);
  }
  for (const bool mean : {false, true}) {
    add(mean ? "CBOW, 40 windows" : "skip-gram, 40 windows", {Ids(many), starts, Ids(Shape{40, 9}, samples), mean}, 4);
  }
  return rows;
}

}  // namespace lexigrad::testing
