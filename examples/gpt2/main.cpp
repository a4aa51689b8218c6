// main.cpp of gpt2: a model in GPT-2's format: what it is, what it writes, what it expects, how its table lies.
//
//   gpt2 DIR generate --prompt 'The cat'      DIR: config.json, model.safetensors, vocab.json, merges.txt
//   gpt2 DIR trace 'The cat'                  the whole way from text to the next token, on one screen
//
// DIR may also be a .safetensors file with those beside it, or a folder that train_gpt or train_embeddings wrote.
// Loading, sampling and scoring are in models/, tokenizers in text/. Read next: commands.hpp, trace.cpp.
#include <algorithm>
#include <filesystem>

#include "cli.hpp"
#include "gpt2/commands.hpp"
#include "models/gpt2_folder.hpp"
#include "nn/atomic_file.hpp"
#include "text/reading.hpp"

namespace lexigrad::gpt2 {
namespace {

struct Options {
  std::string model, tokenizer;
  std::string prompt, file, text, folder;
  std::vector<std::string> words;
  models::GenerateOptions generate;
  std::uint64_t seed = 1;
  Index stride = 0, count = 10;
};

std::string folder_of(const Options& o) {
  if (!o.tokenizer.empty()) return o.tokenizer;
  const std::string folder = std::filesystem::path(models::weights_file(o.model)).parent_path().string();
  return folder.empty() ? "." : folder;
}

Tokens tokens_for(const Options& o, const Transformer& model) {
  return Tokens::open(folder_of(o), model.options.vocab);
}

// The model in GPT-2's format, with its tokenizer files.
void save(const Options& o, const Transformer& model) {
  const std::vector<std::string> names = text::tokenizer_files(folder_of(o));
  const std::filesystem::path beside = std::filesystem::path(models::weights_file(o.model)).parent_path();
  cli::keep_inputs({beside.empty() ? "." : beside.string(), folder_of(o)},
                   cli::in_folder(o.folder, {"config.json", "model.safetensors", "vocab.json", "merges.txt",
                                             "encoder.json", "vocab.bpe", "vocab.txt"}));
  std::vector<std::string> own = names;
  own.emplace_back("config.json");
  text::check_folder(o.folder, own);
  const Index end = names.empty() ? -1 : tokens_for(o, model).end_of_text().value_or(-1);
  models::save_gpt2(o.folder, model, end);
  for (const std::string& name : names) {
    write_text_file(o.folder + "/" + name, text::read_bytes(folder_of(o) + "/" + name, "a tokenizer file"));
  }
  fmt::print("written to {}/: config.json, model.safetensors", o.folder);
  for (const std::string& name : names) fmt::print(", {}", name);
  fmt::print("\n");
}

void declare_generate(CLI::App* command, Options& o) {
  models::GenerateOptions& g = o.generate;
  command->add_option("--prompt", o.prompt, "The text to go on with; empty: begin a new one");
  command->add_option("--max-tokens", g.max_tokens, "Most tokens to make")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  command->add_option("--temperature", g.sampling.temperature, "Divides the logits; 0: always the likeliest token")
      ->capture_default_str();
  command->add_option("--top-k", g.sampling.top_k, "Only the K likeliest tokens; 0: all")->capture_default_str();
  command->add_option("--top-p", g.sampling.top_p, "Only the likeliest tokens that have this share of the chance")
      ->capture_default_str();
  command->add_option("--seed", o.seed, "Of the generator: the same seed, the same text")
      ->check(cli::seed())
      ->capture_default_str();
  command->add_option("--keep", g.keep, "Tokens that stay when the context is full; 0: half of it")
      ->capture_default_str();
}

struct Commands {
  CLI::App *info, *generate, *score, *neighbours, *cosine, *next, *trace, *save;
};

Commands declare(CLI::App& app, Options& o) {
  // Not required() for CLI11, which would then take the command of `gpt2 info --help` for the folder.
  app.add_option("model", o.model,
                 "A folder with config.json and model.safetensors, or a .safetensors file (required)");
  Commands c{};
  c.info = app.add_subcommand("info", "The model's tree, sizes and counts");
  c.generate = app.add_subcommand("generate", "A text goes on, token by token");
  declare_generate(c.generate, o);
  c.score = app.add_subcommand("score", "Loss and perplexity of a file's text");
  c.score->add_option("file", o.file, "The text; - is standard input")->required();
  c.score->add_option("--stride", o.stride, "Tokens from one window to the next; 0: half of the context")
      ->capture_default_str();
  c.neighbours = app.add_subcommand("neighbours", "Tokens whose rows of wte are nearest");
  c.neighbours->add_option("tokens", o.words, "Each exactly one token: ' cat' and 'cat' are two")->required();
  c.cosine = app.add_subcommand("cosine", "The cosine of each pair of tokens' rows of wte");
  c.cosine->add_option("tokens", o.words, "Each exactly one token")->required()->expected(2, 1000);
  c.next = app.add_subcommand("next", "The likeliest tokens after a text");
  c.next->add_option("text", o.text, "The text")->required();
  c.trace = app.add_subcommand("trace", "A text's way through the model, on one screen");
  c.trace->add_option("text", o.text, "The text")->required();
  c.save = app.add_subcommand("save", "Writes the model in GPT-2's format, F32, with its tokenizer");
  c.save->add_option("folder", o.folder, "The folder to write")->required();
  for (CLI::App* command : {c.neighbours, c.next}) {
    command->add_option("--count", o.count, "Most tokens to print")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
  }
  for (CLI::App* command : {c.generate, c.score, c.neighbours, c.cosine, c.next, c.trace, c.save}) {
    command->add_option("--tokenizer", o.tokenizer, "Folder of the tokenizer's files; else the model's folder")
        ->check(cli::folder_name());
  }
  return c;
}

int body(const Commands& c, Options& o) {
  cli::require(!o.model.empty(),
               "no model: expected a folder with config.json and model.safetensors (see gpt2 --help)");
  const bool any = c.info->parsed() || c.generate->parsed() || c.score->parsed() || c.neighbours->parsed() ||
                   c.cosine->parsed() || c.next->parsed() || c.trace->parsed() || c.save->parsed();
  cli::require(any,
               "no command: expected info, generate, score, neighbours, cosine, next, trace or save (see gpt2 --help)");
  try {
    models::check(o.generate.sampling);
  } catch (const ValueError& error) {
    throw cli::UsageError(error.what());
  }
  const Transformer model = models::load_model(o.model);
  const Index context = model.options.context;
  cli::require(o.generate.keep >= 0 && o.generate.keep <= context,
               fmt::format("--keep {}: expected 0 to the context, {}", o.generate.keep, context));
  cli::require(o.stride >= 0 && o.stride <= context,
               fmt::format("--stride {}: expected 0 to the context, {}", o.stride, context));
  if (c.info->parsed()) {
    info(model);
    return 0;
  }
  if (c.save->parsed()) {
    save(o, model);
    return 0;
  }
  const Tokens tokens = tokens_for(o, model);
  if (c.generate->parsed()) generate(model, tokens, o.prompt, o.generate, o.seed);
  if (c.score->parsed()) score(model, tokens, o.file, o.stride > 0 ? o.stride : std::max<Index>(context / 2, 1));
  if (c.neighbours->parsed()) neighbours(model, tokens, o.words, o.count);
  if (c.cosine->parsed()) cosines(model, tokens, o.words);
  if (c.next->parsed()) next(model, tokens, o.text, o.count);
  if (c.trace->parsed()) trace(model, tokens, o.text);
  return 0;
}

}  // namespace
}  // namespace lexigrad::gpt2

int main(int argc, char** argv) {
  using namespace lexigrad::gpt2;
  CLI::App app("Models in GPT-2's format: generate, score, and look inside.", "gpt2");
  Options o;
  const Commands commands = declare(app, o);
  return lexigrad::cli::run(app, argc, argv, [&] { return body(commands, o); });
}
