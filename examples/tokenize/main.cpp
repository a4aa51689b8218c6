// main.cpp of tokenize: text to tokens and back, with GPT-2's tokenizer or one that was learned here.
//
//   tokenize show --gpt2 DIR --text 'The cat sat on the mat.'
//   tokenize encode --gpt2 DIR book.txt --format u16 --out book.bin
//   tokenize train book.txt --vocab-size 4096 --out mine
//
// The tokenizer is text/bpe.hpp; here are files, formats and the terminal.
#include <optional>

#include "tensor/parallel.hpp"
#include "tokenize/commands.hpp"
#include "tokenize/streams.hpp"

int main(int argc, char** argv) {
  using namespace lexigrad::tokenize;
  CommandLine line;
  return lexigrad::cli::run(line.app, argc, argv, [&] {
    const std::string command = line.command();
    std::optional<lexigrad::ThreadScope> threads;
    if (line.options.threads > 0) threads.emplace(line.options.threads);
    try {
      if (command == "encode") encode(line.options);
      if (command == "decode") decode(line.options);
    } catch (const Stopped& stopped) {
      fmt::print(stderr, "tokenize: {}\n", stopped.what());
      return 128 + stopped.signal;
    }
    if (command == "count") count(line.options);
    if (command == "show") show(line.options);
    if (command == "train") train(line.options);
    return 0;
  });
}
