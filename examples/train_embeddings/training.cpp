// training.cpp: the loop.
#include "train_embeddings/training.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "autograd/mode.hpp"
#include "cli.hpp"
#include "nn/schedule.hpp"
#include "tensor/create.hpp"
#include "training/step.hpp"

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
  const double steps = epochs * static_cast<double>(tokens) / static_cast<double>(o.batch * o.context);
  cli::require(steps < 1e12, fmt::format("--epochs {}: {:.3g} steps; expected fewer than 1e12", o.epochs, steps));
  return std::max<Index>(1, static_cast<Index>(steps));
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

namespace {

// A run under way: all that changes from step to step.
struct RunState {
  AdamW optimizer;
  Rng dropout;
  Index step = 0;  ///< done
  training::Curve curve;

  RunState(Model& model, const Options& o, const Rng& rng)
      : optimizer(named_parameters(model), {.lr = o.lr, .beta1 = 0.9, .beta2 = 0.99, .weight_decay = o.weight_decay}),
        dropout(rng.fork("dropout")) {}
};

void keep(const RunState& run, Model& model, const Keeping& keeping) {
  Metadata metadata = keeping.metadata;
  training::put_into(metadata, run.curve, run.step);
  save(keeping.path, model, run.optimizer, run.dropout, metadata);
}

void take_up(RunState& run, Model& model, const Keeping& keeping, Index steps) {
  load(keeping.path, model, run.optimizer, run.dropout);
  training::take_from(read_metadata(keeping.path), keeping.path, run.curve, run.step, steps);
}

// Adds a record to the curve where one is due.
void record(RunState& run, const Model& model, const text::Corpus& corpus, const Options& options, Index steps) {
  const Index record_every = std::max<Index>(1, steps / 200), check_every = std::max<Index>(1, steps / 8);
  const bool last = run.step == steps;
  if (!last && run.step % record_every != 0) return;
  run.curve.close(run.step);
  if (!last && run.step / check_every != (run.step - record_every) / check_every && !corpus.held_out.empty()) {
    run.curve.history.back().held_out_loss = held_out_loss(model, corpus.held_out, options);
  }
}

// One step; gives the loss.
double train_step(RunState& run, const Model& model, const text::Batch& batch, double lr) {
  run.optimizer.set_lr(lr);
  run.optimizer.zero_grad();
  const auto mean = [&](const text::Batch& b) { return model.loss(b, &run.dropout); };
  const auto batch_at = [&](Index) -> const text::Batch& { return batch; };
  const double loss = training::backward_of_mean(1, static_cast<double>(batch.targets.size()), batch_at, mean);
  training::clip_and_step(run.optimizer, loss, 1.0, run.step + 1);
  return loss;
}

}  // namespace

TrainingResult train(Model& model, const text::Corpus& corpus, const Options& options, const Rng& rng,
                     const Keeping& keeping, const std::function<bool(const training::Progress&)>& report) {
  const text::Batches batches(corpus.train, options.batch, options.context, rng.fork("batches"));
  const Index steps = planned_steps(options, static_cast<Index>(corpus.train.size()));
  const WarmupCosine schedule{options.lr, options.lr / 10.0, std::min<Index>(100, (steps + 9) / 10), steps};
  RunState run(model, options, rng);
  if (keeping.resume) {
    take_up(run, model, keeping, steps);
  } else {
    keep(run, model, keeping);  // an older run's would be taken for this one's, should this one end before its first
  }
  const Index first = run.step;
  bool goes_on = true;
  const auto start = std::chrono::steady_clock::now();
  double kept_at = 0.0;
  while (run.step < steps && goes_on) {
    const double lr = schedule(run.step);
    const text::Batch batch = batches.at(run.step);
    const double loss = train_step(run, model, batch, lr);
    ++run.step;
    run.curve.add(loss);
    record(run, model, corpus, options, steps);

    const double seconds = seconds_since(start), done = static_cast<double>(run.step - first);
    const double tokens = done * static_cast<double>(batches.batch() * batches.context());
    goes_on = report(
        {run.step, steps, loss, lr, tokens / seconds, seconds, seconds / done * static_cast<double>(steps - run.step)});
    const bool due = keeping.every > 0 ? run.step % keeping.every == 0 : seconds - kept_at >= 60.0;
    if (due || !goes_on || run.step == steps) {
      const NoGrad quiet;
      const double after = static_cast<double>(model.loss(batch, nullptr).item());
      training::require_finite(run.optimizer.parameters(), after, run.step, lr);
      keep(run, model, keeping);
      kept_at = seconds;
    }
  }
  return {run.step, run.step < steps, seconds_since(start), std::move(run.curve.history)};
}

}  // namespace lexigrad::train_embeddings
