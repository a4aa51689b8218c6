// main.cpp of train_gpt: a GPT-2 of any size is trained on a text, from noise or from a model that is there already.
//
//   train_gpt --text shakespeare.txt                     characters, 4 blocks of 128: a minute or two
//   train_gpt --from gpt2 --text letters.txt             fine-tuning
//
// What it writes is a folder in GPT-2's format, which the program gpt2 opens. Reading order: options, data, training.
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "models/generate.hpp"
#include "models/gpt2_folder.hpp"
#include "nn/atomic_file.hpp"
#include "nn/summary.hpp"
#include "tensor/parallel.hpp"
#include "train_gpt/training.hpp"
#include "training/folder.hpp"
#include "training/limits.hpp"
#include "training/progress.hpp"

namespace lexigrad::train_gpt {
namespace {

using training::say;

// Most tokens that the last measurement of validation loss takes.
constexpr Index thorough_validation = Index{1} << 20;

Metadata metadata_of(const Settings& settings, const Data& data) {
  std::vector<std::string> words;
  for (Index id = 0; id < data.codec.size(); ++id) words.push_back(data.codec.decode({&id, 1}));
  const std::string mark = training::text_mark(data.train, data.validation, words);
  const std::string& resumed = settings.options.resume;
  if (!resumed.empty()) {
    training::check_text(read_metadata(resumed + "/" + training::checkpoint_name), mark, resumed);
  }
  return {{"text", mark}, {"settings", nlohmann::json(settings.arguments).dump()}};
}

// The model of the folder that --from names, held against the vocabulary and the context it is to be trained with.
Transformer checked(Transformer model, const Options& o, Index vocabulary) {
  if (model.options.vocab != vocabulary) {
    throw FileError("--from", fmt::format("{}: the table has {} rows and the vocabulary {} tokens", o.from,
                                          model.options.vocab, vocabulary));
  }
  cli::require(o.context <= model.options.context,
               fmt::format("--context {}: the model in {} has {} positions", o.context, o.from, model.options.context));
  return model;
}

Transformer new_model(const Options& o, Index vocabulary) {
  training::check_model(o.model(vocabulary));
  Rng init = Rng(o.seed).fork("init");
  return Transformer(o.model(vocabulary), init);
}

void describe(const Options& o, const Data& data, Transformer& model) {
  const TransformerOptions& m = model.options;
  say(fmt::format("text: {} tokens to train on, {} to validate with; vocabulary {}\n", data.train.size(),
                  data.validation.size(), data.codec.size()));
  say(fmt::format("model: {} blocks of {}, {} heads, context {}; {} numbers (the head shares the table); {} threads\n",
                  m.layers, m.dim, m.heads, m.context, parameter_count(model), thread_count()));
  say(fmt::format("training: {} steps of {} tokens, AdamW, learning rate {:.3g} to {:.3g}, seed {}\n\n", o.steps,
                  o.batch * o.accumulate * o.context, o.lr, o.min_lr.value_or(o.lr / 10.0), o.seed));
}

// What a sample begins with: the prompt, or without one what stands between texts, a line end, the text's first token.
std::vector<Index> beginning(const Options& o, const Data& data) {
  if (!o.prompt.empty()) return data.codec.encode(o.prompt);
  if (const auto end = data.codec.end_of_text()) return {*end};
  try {
    return data.codec.encode("\n");
  } catch (const ValueError&) {
    return {data.train[0]};
  }
}

// Prints a text that the model makes. It draws from a generator of its own, so training has the same bits without it.
void show_sample(const Transformer& model, const Data& data, const Options& o, Index step) {
  if (o.sample_tokens == 0) return;
  Rng rng = Rng(o.seed).fork(fmt::format("sample {}", step));
  models::GenerateOptions options;
  options.max_tokens = o.sample_tokens;
  options.stop = data.codec.end_of_text();
  const std::vector<Index> ids = models::generate(model, beginning(o, data), options, rng);
  const text::Bpe* pairs = data.codec.bpe();  // whose tokens may be parts of characters
  const std::string made = pairs != nullptr ? pairs->decode_text(ids) : data.codec.decode(ids);
  say(fmt::format("── a sample after step {} ──\n{}{}\n──\n", step, o.prompt, made));
}

void write_curve(const Options& o, const Result& result) {
  write_text_file(o.out + "/loss.csv", training::loss_csv(result.history));
  std::vector<vectors::Curve> lines = training::lines_of(result.history, "training", "validation");
  if (lines.back().steps.empty()) lines.pop_back();
  write_text_file(o.out + "/loss.svg", vectors::loss_svg(lines));
}

// Reads back what is in the folder, and measures that.
void report(const Options& o, const Data& data, const Result& result) {
  say(fmt::format("trained in {:.1f} s\n", result.seconds));
  if (result.best_step == 0) return;
  const Transformer best = models::load_model(o.out);
  const double loss = validation_loss(best, data.validation, thorough_validation);
  say(fmt::format("validation loss of the model of step {}, over {} tokens: {:.4f} nats a token, perplexity {:.2f}\n",
                  result.best_step, std::min(data.validation.size() - 1, thorough_validation), loss, std::exp(loss)));
}

// No text, vocabulary or model that is read lies where this run writes.
void keep_inputs(const Options& o) {
  std::vector<std::string> inputs = o.texts;
  inputs.insert(inputs.end(), {o.tokens, o.gpt2, o.from});
  cli::keep_inputs(inputs, cli::in_folder(o.out, {"config.json", "model.safetensors", "vocab.json", "merges.txt",
                                                  training::checkpoint_name, "loss.csv", "loss.svg"}));
}

int body(const CLI::App& app, const Options& given) {
  std::optional<Transformer> base;
  if (!given.from.empty()) base = models::load_model(given.from, given.dropout);
  const Settings settings = settle(app, given, base ? &base->options : nullptr);
  const Options& o = settings.options;
  if (!o.from.empty() && !base) base = models::load_model(o.from, o.dropout);
  keep_inputs(o);
  training::prepare_folder(o.out);
  const Data data = read_data(o);
  std::vector<std::string> own = {"config.json", "vocab.json"};
  if (data.codec.bpe() != nullptr) own.emplace_back("merges.txt");
  text::check_folder(o.out, own);
  Transformer model = base ? checked(std::move(*base), o, data.codec.size()) : new_model(o, data.codec.size());
  describe(o, data, model);
  (void)beginning(o, data);  // a prompt that cannot be said fails now

  const auto save_model = [&] {
    models::save_gpt2(o.out, model, data.codec.end_of_text().value_or(-1));
    data.codec.save(o.out);
  };
  const auto sample = [&](Index step) { show_sample(model, data, o, step); };
  training::listen_for_stop();
  const Result result = train(model, data, o, {metadata_of(settings, data), save_model, sample});
  if (result.best_step == 0) save_model();
  write_curve(o, result);
  if (result.interrupted) {
    say(fmt::format("stopped after step {}; go on with: train_gpt --resume {}\n", result.steps, o.out));
    return 130;
  }
  show_sample(model, data, o, result.steps);
  report(o, data, result);
  say(
      fmt::format("\nwritten to {}/: config.json, model.safetensors, vocab.json, {}checkpoint.safetensors, loss.csv, "
                  "loss.svg\n",
                  o.out, data.codec.bpe() != nullptr ? "merges.txt, " : ""));
  return 0;
}

}  // namespace
}  // namespace lexigrad::train_gpt

int main(int argc, char** argv) {
  using namespace lexigrad::train_gpt;
  CLI::App app("Trains a GPT-2 on a text, from noise or from a model that is there.", "train_gpt");
  Options options;
  declare(app, options);
  return lexigrad::cli::run(app, argc, argv, [&] { return body(app, options); });
}
