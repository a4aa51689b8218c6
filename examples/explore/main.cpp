// main.cpp of explore: questions to a table of word vectors: explore VECTORS COMMAND …
//
//   explore out neighbours cat king --count 5       out: a folder written by train_embeddings
//   explore glove.txt analogy man king woman        or a file of word vectors of any format of vectors/formats.hpp
//   explore gpt2 neighbours Ġking                   or a folder of GPT-2
//   explore out                                     without a command: a prompt
//
// Reading order: commands.hpp, answers.hpp, commands.cpp, prompt.cpp, map_command.cpp.
#include <unistd.h>

#include "cli.hpp"
#include "explore/commands.hpp"
#include "vectors/formats.hpp"

namespace lexigrad::explore {
namespace {

struct Source {
  std::string path, format = "detect";
  vectors::LoadOptions options;
};

void declare_source(CLI::App& app, Source& source) {
  // Not required() for CLI11, which would then take the command of `explore neighbours --help` for the table.
  app.add_option("table", source.path,
                 "A folder written by train_embeddings, a folder of GPT-2, or a file of word vectors (required)");
  app.add_option("--format", source.format, "How the file is to be read; detect looks at its first bytes")
      ->check(CLI::IsMember({"detect", "word2vec", "glove", "binary", "npy", "safetensors"}))
      ->capture_default_str();
  app.add_option("--rows", source.options.rows, "Read the first so many words (default: all)")
      ->check(CLI::Range(Index{1}, Index{1} << 40));
  app.add_option("--words", source.options.words,
                 "The list of words of an .npy or .safetensors file (default: found beside it)");
  app.add_option("--tensor", source.options.tensor,
                 "The tensor of a .safetensors file (default: wte.weight or its like)");
}

vectors::WordTable read(Source& source) {
  cli::require(!source.path.empty(),
               "no table: expected a folder written by train_embeddings, or a file of word "
               "vectors (see explore --help)");
  source.options.format = vectors::format_named(source.format);
  vectors::WordTable table = vectors::load_table(source.path, source.options);
  for (const std::string& warning : table.warnings) fmt::print(stderr, "explore: warning: {}\n", warning);
  return table;
}

}  // namespace
}  // namespace lexigrad::explore

int main(int argc, char** argv) {
  using namespace lexigrad::explore;
  CLI::App app(
      "Asks a table of word vectors: neighbours, analogies, axes, test sets, maps. Without a command: a prompt.",
      "explore");
  Source source;
  Asked asked;
  bool json = false;
  declare_source(app, source);
  app.add_flag("--json", json, "Answers as JSON, one object a line (default: text)");
  app.fallthrough();  // options of the table may stand behind the command; commands take this over when they are made
  declare_commands(app, asked);
  return lexigrad::cli::run(app, argc, argv, [&] {
    const auto table = read(source);
    const Screen screen(json ? Style::json : ::isatty(STDOUT_FILENO) == 1 ? Style::terminal : Style::plain);
    if (asked.map.title.empty()) asked.map.title = source.path;
    return answer(app, asked, table, screen) ? 0 : prompt(table, screen);
  });
}
