// options.hpp: the command line of tokenize, as one struct.
// Read next: commands.hpp.
#pragma once
#include <string>
#include <vector>

#include "cli.hpp"
#include "tensor/ids.hpp"
#include "text/bpe.hpp"

namespace lexigrad::tokenize {

/// How ids are written and read.
enum class Format { text, json, u16, u32 };

struct Options {
  // Which tokenizer: one of these.
  std::string gpt2;           ///< a folder with merges and vocabulary
  std::string merges, vocab;  ///< two files
  std::string tiktoken;       ///< a file of ranks

  // What to read.
  std::vector<std::string> files;  ///< "-" is standard input; none: standard input
  std::string text;                ///< in place of files, when `has_text`
  bool has_text = false;

  // encode, count, show
  text::Specials specials = text::Specials::ordinary;
  bool end_of_text = false;  ///< encode, count: its id behind each file
  // encode, decode
  Format format = Format::text;
  std::string out;  ///< a file; standard output when empty
  // show
  int width = 0;               ///< columns; 0: the terminal's
  std::string color = "auto";  ///< auto, always, never
  // train
  Index vocab_size = 8192, min_count = 1;
  std::vector<std::string> special_names = {std::string(text::Bpe::end_of_text_name)};

  int threads = 0;  ///< 0: as many as OMP_NUM_THREADS or the machine says
};

/// Declares the commands and their options; after parsing, gives the name of the command.
struct CommandLine {
  CLI::App app{"Cuts text into the tokens of GPT-2 or of a tokenizer of one's own, and puts it together again.",
               "tokenize"};
  Options options;

  CommandLine();
  /// Checks what CLI11 cannot: throws cli::UsageError.
  std::string command() const;
};

/// Throws cli::UsageError when a file to be written is one that the options name for reading.
void keep_inputs(const Options& options, const std::vector<std::string>& written);

/// The tokenizer that the options name. Throws as Bpe's loaders do.
text::Bpe load_tokenizer(const Options& options);

}  // namespace lexigrad::tokenize
