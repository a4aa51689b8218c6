// training.cpp: the loop.
#include "train_embeddings/training.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "autograd/mode.hpp"
#include "nn/clip.hpp"
#include "nn/schedule.hpp"
#include "tensor/create.hpp"

namespace lexigrad::train_embeddings {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// ids [B, T] → numbers [B, T, 1] in [0, 1)
Tensor as_numbers(const Ids& ids, Index vocabulary) {
  Shape shape = ids.shape();
  shape.push_back(1);
  Tensor numbers = empty(shape);
  real* out = numbers.mutable_data();
  for (Index i = 0; i < ids.size(); ++i) {
    out[i] = static_cast<real>(static_cast<double>(ids[i]) / static_cast<double>(vocabulary));
  }
  return numbers;
}

NonFiniteError diverged(Index step, double lr, const std::string& what) {
  return NonFiniteError("", fmt::format("step {}: {} at learning rate {:.3g}; training has diverged and nothing was "
                                        "saved. Try a lower --lr (a tenth, say) or a larger --batch",
                                        step, what, lr));
}

}  // namespace

Model::Model(const Options& options, Index vocabulary, Rng& rng) : transformer(options.model(vocabulary), rng) {
  if (options.control() == Control::ids) from_label.emplace(1, options.dim, rng);
}

Variable Model::hidden(const Ids& ids, Rng* rng) const {
  if (from_label) return transformer.from_vectors((*from_label)(as_numbers(ids, transformer.options.vocab)), rng);
  return rng == nullptr ? transformer(ids) : transformer(ids, *rng);
}

Variable Model::loss(const text::Batch& batch, Rng* rng) const {
  return transformer.head.cross_entropy(hidden(batch.inputs, rng), batch.targets);
}

Index planned_steps(const Options& o, Index tokens) {
  if (o.steps > 0) return o.steps;
  // Small texts are gone through many times, large ones a few: about a million tokens in all, at least 3 times.
  const double epochs = o.epochs > 0.0 ? o.epochs : std::clamp(1e6 / static_cast<double>(tokens), 3.0, 40.0);
  return std::max<Index>(
      1, static_cast<Index>(epochs * static_cast<double>(tokens) / static_cast<double>(o.batch * o.context)));
}

double held_out_loss(const Model& model, const std::vector<Index>& tokens, const Options& options) {
  const NoGrad quiet;
  double total = 0.0, count = 0.0;
  for (const text::Batch& batch : text::evaluation_batches(tokens, options.batch, options.context)) {
    const double n = static_cast<double>(batch.targets.size());
    total += n * static_cast<double>(model.loss(batch, nullptr).item());
    count += n;
  }
  return total / count;
}

TrainingResult train(Model& model, const text::Corpus& corpus, const Options& options, const Rng& rng,
                     const std::function<bool(const Progress&)>& report) {
  text::Batches batches(corpus.train, options.batch, options.context, rng.fork("batches"));
  const Index steps = planned_steps(options, static_cast<Index>(corpus.train.size()));
  const WarmupCosine schedule{options.lr, options.lr / 10.0, std::min<Index>(100, (steps + 9) / 10), steps};
  AdamW optimizer(named_parameters(model),
                  {.lr = options.lr, .beta1 = 0.9, .beta2 = 0.99, .weight_decay = options.weight_decay});
  Rng dropout_rng = rng.fork("dropout");
  const Index record_every = std::max<Index>(1, steps / 200), check_every = std::max<Index>(1, steps / 8);

  TrainingResult result;
  double sum = 0.0;
  Index summed = 0;
  const auto start = std::chrono::steady_clock::now();
  for (Index step = 0; step < steps; ++step) {
    const double lr = schedule(step);
    optimizer.set_lr(lr);
    optimizer.zero_grad();
    const Variable loss = model.loss(batches.next(), &dropout_rng);
    const double value = static_cast<double>(loss.item());
    if (!std::isfinite(value)) throw diverged(step + 1, lr, fmt::format("the loss is {}", value));
    loss.backward();
    try {
      clip_grad_norm(optimizer, 1.0);
    } catch (const NonFiniteError& error) {
      throw diverged(step + 1, lr, error.reason());
    }
    optimizer.step();

    sum += value;
    ++summed;
    result.steps = step + 1;
    const bool last = step + 1 == steps;
    if (last || (step + 1) % record_every == 0) {
      result.history.push_back({step + 1, sum / static_cast<double>(summed), {}});
      sum = 0.0;
      summed = 0;
      if (!last && (step + 1) / check_every != (step + 1 - record_every) / check_every && !corpus.held_out.empty()) {
        result.history.back().held_out_loss = held_out_loss(model, corpus.held_out, options);
      }
    }
    const double seconds = seconds_since(start);
    const double done = static_cast<double>(step + 1);
    const double tokens = done * static_cast<double>(batches.batch() * batches.context());
    if (!report({step + 1, steps, value, lr, tokens / seconds, seconds,
                 seconds / done * static_cast<double>(steps - step - 1)})) {
      result.interrupted = !last;
      break;
    }
  }
  result.seconds = seconds_since(start);
  return result;
}

}  // namespace lexigrad::train_embeddings
