// options.cpp: declaring the options, with their defaults and what they stand for.
#include "tokenize/options.hpp"

#include <map>

namespace lexigrad::tokenize {
namespace {

void declare_tokenizer(CLI::App* command, Options& o) {
  command->add_option("--gpt2", o.gpt2, "Folder of a tokenizer: vocab.bpe + encoder.json, or merges.txt + vocab.json")
      ->check(cli::folder_name());
  command->add_option("--merges", o.merges, "File of merges (vocab.bpe, merges.txt); with --vocab")
      ->check(cli::file_name());
  command->add_option("--vocab", o.vocab, "Vocabulary (encoder.json, vocab.json); with --merges")
      ->check(cli::file_name());
  command->add_option("--tiktoken", o.tiktoken, "File of ranks (.tiktoken)")->check(cli::file_name());
}

void declare_threads(CLI::App* command, Options& o) {
  command->add_option("--threads", o.threads, "Threads; the ids do not depend on it [default: one per core]")
      ->check(CLI::Range(1, 1024));
}

void declare_text(CLI::App* command, Options& o) {
  command->add_option("files", o.files, "Files of text, bytes taken as they are; - is standard input [default: -]");
  command->add_option_function<std::string>(
      "--text",
      [&o](const std::string& text) {
        o.text = text;
        o.has_text = true;
      },
      "This text, in place of files");
  static const std::map<std::string, text::Specials> names = {{"ordinary", text::Specials::ordinary},
                                                              {"recognised", text::Specials::recognised},
                                                              {"refused", text::Specials::refused}};
  command->add_option("--special", o.specials, "What <|endoftext|> in the text is: ordinary, recognised or refused")
      ->transform(CLI::CheckedTransformer(names))
      ->option_text("WORD=ordinary");
}

void declare_format(CLI::App* command, Options& o, const std::string& what) {
  static const std::map<std::string, Format> names = {
      {"text", Format::text}, {"json", Format::json}, {"u16", Format::u16}, {"u32", Format::u32}};
  command->add_option("--format", o.format, what)->transform(CLI::CheckedTransformer(names))->option_text("WORD=text");
  command->add_option("--out", o.out, "File to write, whole or not at all [default: standard output]")
      ->check(cli::file_name());
}

}  // namespace

CommandLine::CommandLine() {
  Options& o = options;
  CLI::App* encode = app.add_subcommand("encode", "Ids of the text, a line for each file");
  CLI::App* count = app.add_subcommand("count", "How many tokens each file has");
  CLI::App* show = app.add_subcommand("show", "The pieces of the text with their ids");
  for (CLI::App* command : {encode, count, show}) {
    declare_tokenizer(command, o);
    declare_text(command, o);
  }
  for (CLI::App* command : {encode, count}) {
    command->add_flag("--end-of-text", o.end_of_text, "The id of <|endoftext|> behind each file");
    declare_threads(command, o);
  }
  declare_format(encode, o,
                 "Ids as text (blanks between), json (one list a line), u16 or u32 (little-endian, nothing between)");
  show->add_option("--width", o.width, "Columns of a line [default: the terminal's, or 80]")
      ->check(CLI::Range(20, 10000));
  show->add_option("--color", o.color, "auto (on a terminal only), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();

  CLI::App* decode = app.add_subcommand("decode", "The bytes of ids, nothing added");
  declare_tokenizer(decode, o);
  decode->add_option("files", o.files, "Files of ids; - is standard input [default: -]");
  decode->add_option_function<std::string>(
      "--ids",
      [&o](const std::string& text) {
        o.text = text;
        o.has_text = true;
      },
      "These ids, in place of files: '464 3797'");
  declare_format(decode, o, "How the ids are written: text or json (numbers, whatever stands between), u16 or u32");

  CLI::App* train = app.add_subcommand("train", "Learns a tokenizer, and writes vocab.json and merges.txt");
  train->add_option("files", o.files, "Files of text; - is standard input [default: -]");
  train->add_option("--out", o.out, "Folder to write into")->required()->check(cli::folder_name());
  train->add_option("--vocab-size", o.vocab_size, "Tokens: 256 bytes, the merges, the special tokens")
      ->capture_default_str();
  train->add_option("--min-count", o.min_count, "Pairs that occur less often are not merged")->capture_default_str();
  train->add_option("--special", o.special_names, "Special tokens, written <…>; they get the last ids")
      ->capture_default_str();
  declare_threads(train, o);
}

std::string CommandLine::command() const {
  const Options& o = options;
  const auto commands = app.get_subcommands();
  cli::require(commands.size() == 1,
               "expected one command: encode, decode, count, show or train (see tokenize --help)");
  const std::string name = commands[0]->get_name();
  cli::require(!o.has_text || o.files.empty(), "expected files, or --text or --ids, not both");
  if (name == "train") return name;
  const bool ids_as_bytes = o.format == Format::u16 || o.format == Format::u32;
  cli::require(name != "decode" || !o.has_text || !ids_as_bytes,
               "--ids: are written as numbers; --format u16 and u32 are for files");
  const bool pair = !o.merges.empty() || !o.vocab.empty();
  cli::require(!pair || (!o.merges.empty() && !o.vocab.empty()), "--merges and --vocab go together");
  const int ways = (o.gpt2.empty() ? 0 : 1) + (pair ? 1 : 0) + (o.tiktoken.empty() ? 0 : 1);
  cli::require(ways == 1, "expected one tokenizer: --gpt2 DIR, or --merges FILE --vocab FILE, or --tiktoken FILE");
  return name;
}

void keep_inputs(const Options& o, const std::vector<std::string>& written) {
  std::vector<std::string> inputs = o.files;
  inputs.insert(inputs.end(), {o.gpt2, o.merges, o.vocab, o.tiktoken});
  cli::keep_inputs(inputs, written);
}

text::Bpe load_tokenizer(const Options& o) {
  if (!o.gpt2.empty()) return text::Bpe::load_folder(o.gpt2);
  if (!o.tiktoken.empty()) return text::Bpe::load_tiktoken(o.tiktoken);
  return text::Bpe::load(o.merges, o.vocab);
}

}  // namespace lexigrad::tokenize
