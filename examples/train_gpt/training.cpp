// training.cpp: the loop.
#include "train_gpt/training.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>

#include <fmt/format.h>

#include "autograd/mode.hpp"
#include "nn/schedule.hpp"
#include "train_gpt/options.hpp"
#include "training/folder.hpp"
#include "training/progress.hpp"
#include "training/step.hpp"

namespace lexigrad::train_gpt {
namespace {

using Clock = std::chrono::steady_clock;

// Tokens of a validation on the way; the last one may take more.
constexpr Index quick_validation = 16384;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// A run under way: all that changes from step to step.
struct RunState {
  AdamW optimizer;
  Rng dropout;
  Index step = 0;  // done
  training::Curve curve;
  double best = std::numeric_limits<double>::infinity();
  Index best_step = 0;

  RunState(Transformer& model, const Options& o)
      : optimizer(named_parameters(model),
                  {.lr = o.lr, .beta1 = o.beta1, .beta2 = o.beta2, .weight_decay = o.weight_decay}),
        dropout(Rng(o.seed).fork("dropout")) {}
};

class Loop {
 public:
  Loop(Transformer& model, const Data& data, const Options& o, const Around& around)
      : model_(model),
        data_(data),
        o_(o),
        around_(around),
        checkpoint_(o.out + "/" + training::checkpoint_name),
        batches_(data.train, o.batch, o.context, Rng(o.seed).fork("batches")),
        schedule_{o.lr, o.min_lr.value_or(o.lr / 10.0), o.warmup, o.steps},
        run_(model, o) {}

  Result run() {
    if (o_.resume.empty()) {
      keep();  // an older run's would be taken for this one's, should this one end before its first
    } else {
      take_up();
    }
    const Index first = run_.step;
    const auto start = Clock::now();
    double kept_at = 0.0;
    bool goes_on = true;
    while (run_.step < o_.steps && goes_on) {
      const double loss = step();
      const double done = static_cast<double>(run_.step - first), seconds = seconds_since(start);
      const double tokens = done * static_cast<double>(o_.accumulate * batches_.batch() * o_.context);
      goes_on = line_({run_.step, o_.steps, loss, run_.optimizer.lr(), tokens / seconds, seconds,
                       seconds / done * static_cast<double>(o_.steps - run_.step)});
      watch(loss);
      const bool due = o_.save_every > 0 ? run_.step % o_.save_every == 0 : seconds_since(start) - kept_at >= 60.0;
      if (due || !goes_on || run_.step == o_.steps) {
        training::require_finite(run_.optimizer.parameters(), loss_after(), run_.step, run_.optimizer.lr());
        keep();
        kept_at = seconds_since(start);
      }
    }
    return {run_.step, run_.step < o_.steps, seconds_since(start), std::move(run_.curve.history),
            run_.best, run_.best_step};
  }

 private:
  // One step; gives the loss.
  double step() {
    run_.optimizer.set_lr(schedule_(run_.step));
    run_.optimizer.zero_grad();
    const auto batch_at = [&](Index i) { return batches_.at(run_.step * o_.accumulate + i); };
    const double tokens = static_cast<double>(o_.accumulate * batches_.batch() * batches_.context());
    Index begun = 0;
    const double loss = training::backward_of_mean(o_.accumulate, tokens, batch_at, [&](const text::Batch& batch) {
      line_.part(run_.step + 1, begun++, o_.accumulate);
      return model_.loss(batch.inputs, batch.targets, run_.dropout);
    });
    training::clip_and_step(run_.optimizer, loss, o_.clip, run_.step + 1);
    ++run_.step;
    return loss;
  }

  // What is looked at after a step: the curve, validation, samples.
  void watch(double loss) {
    run_.curve.add(loss);
    const bool last = run_.step == o_.steps;
    const bool validates = data_.validation.size() > 0 && (last || run_.step % o_.validation_interval() == 0);
    if (last || validates || run_.step % std::max<Index>(1, o_.steps / 200) == 0) run_.curve.close(run_.step);
    if (validates) validate();
    if (!last && o_.sample_every > 0 && run_.step % o_.sample_every == 0) {
      line_.end();
      around_.sample(run_.step);
    }
  }

  void validate() {
    const double loss = validation_loss(model_, data_.validation, quick_validation);
    run_.curve.history.back().held_out_loss = loss;
    const bool best = loss < run_.best;
    line_.end();
    training::require_finite(run_.optimizer.parameters(), loss, run_.step, run_.optimizer.lr());
    training::say(fmt::format("  step {}: validation loss {:.4f}{}\n", run_.step, loss,
                              best ? ", the best so far: saved" : fmt::format(", best {:.4f}", run_.best)));
    if (!best) return;
    run_.best = loss;
    run_.best_step = run_.step;
    around_.save_model();
  }

  // The loss of the step's first micro-batch with the parameters as the step has left them.
  double loss_after() const {
    const NoGrad quiet;
    const text::Batch batch = batches_.at((run_.step - 1) * o_.accumulate);
    return static_cast<double>(model_.loss(batch.inputs, batch.targets).item());
  }

  void keep() {
    Metadata metadata = around_.metadata;
    training::put_into(metadata, run_.curve, run_.step);
    if (run_.best_step > 0) metadata["best"] = fmt::format("{} {}", run_.best_step, run_.best);
    save(checkpoint_, model_, run_.optimizer, run_.dropout, metadata);
  }

  void take_up() {
    load(checkpoint_, model_, run_.optimizer, run_.dropout);
    const Metadata metadata = read_metadata(checkpoint_);
    training::take_from(metadata, checkpoint_, run_.curve, run_.step, o_.steps);
    const auto best = metadata.find("best");
    if (best == metadata.end()) return;
    std::istringstream in(best->second);
    in.imbue(std::locale::classic());
    if (!(in >> run_.best_step >> run_.best)) throw FileError("--resume", checkpoint_ + ": best cannot be read");
  }

  Transformer& model_;
  const Data& data_;
  const Options& o_;
  const Around& around_;
  std::string checkpoint_;
  text::Batches batches_;
  WarmupCosine schedule_;
  RunState run_;
  training::ProgressLine line_;
};

}  // namespace

double validation_loss(const Transformer& model, const text::Tokens& tokens, Index most) {
  const NoGrad quiet;
  const Index predictions = tokens.size() - 1, length = std::min(model.options.context, predictions);
  const Index whole = predictions / length, rows = std::max<Index>(1, 4096 / length);
  const Index count = std::clamp<Index>(most / length, 1, whole);
  double total = 0.0, seen = 0.0;
  const auto add = [&](const std::vector<Index>& places, Index width) {
    const text::Batch batch = text::windows_at(tokens, places, width);
    const double n = static_cast<double>(batch.targets.size());
    total += n * static_cast<double>(model.loss(batch.inputs, batch.targets).item());
    seen += n;
  };
  for (Index first = 0; first < count; first += rows) {
    std::vector<Index> places;
    for (Index i = first; i < std::min(first + rows, count); ++i) places.push_back(i * whole / count * length);
    add(places, length);
  }
  if (const Index rest = predictions % length; rest > 0 && count == whole) add({whole * length}, rest);
  return total / seen;
}

Result train(Transformer& model, const Data& data, const Options& options, const Around& around) {
  return Loop(model, data, options, around).run();
}

}  // namespace lexigrad::train_gpt
