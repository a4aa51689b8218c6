// bpe.cpp: byte-pair encoding: how fast text becomes ids and ids text, and how long learning a tokenizer takes.
//
// Needs a folder of GPT-2's files and a text: LEXIGRAD_BPE_DIR and LEXIGRAD_BPE_TEXT name them. The figures of others
// are measured on the same bytes: the first 10 MB for encoding, the first 5 MB for learning.
#include <cstdlib>

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "text/bpe_stream.hpp"
#include "text/bpe_training.hpp"
#include "text/pretokenizer.hpp"
#include "text/reading.hpp"

using namespace lexigrad;
using namespace lexigrad::text;

namespace {

void rate(const bench::Bench& bench, const std::string& name, std::size_t bytes, const std::function<void()>& call) {
  if (!bench.wants({name})) return;
  bench.print(name, 1e-6 * static_cast<double>(bytes) / bench.median(call), "MB/s");
}

void encode_and_decode(const bench::Bench& bench, const Bpe& bpe, const std::string& text) {
  std::vector<Bpe::Id> ids;
  rate(bench, "bpe_pieces", text.size(), [&] { split_pieces(text); });
  rate(bench, "bpe_encode", text.size(), [&] {
    ids.clear();
    bpe.encode(text, ids);
  });
  ids.clear();
  bpe.encode(text, ids);
  bench.note(fmt::format("{} tokens", ids.size()));
  rate(bench, "bpe_decode", text.size(), [&] { bpe.decode(ids); });
}

// Pieces without a place to cut them: time that grew with their square would show here.
void long_pieces(const bench::Bench& bench, const Bpe& bpe) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"a", "a"}, {"blanks", " "}, {"cjk", "\u4E2D"}};
  for (const auto& [name, character] : cases) {
    std::string text;
    for (int i = 0; i < 1000000; ++i) text += character;
    bench.time("bpe_million_" + name, [&] { bpe.encode(text); });
  }
}

void learn(const bench::Bench& bench, const std::string& text) {
  BpeTrainingOptions options;
  options.vocab_size = 30000;
  bench.time("bpe_train_5MB_vocab30000", [&] {
    BpeTrainer trainer;
    trainer.add(text);
    trainer.train(options);
  });
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Byte-pair encoding; LEXIGRAD_BPE_DIR and LEXIGRAD_BPE_TEXT name files.", {1, 2});
  const char* folder = std::getenv("LEXIGRAD_BPE_DIR");
  const char* file = std::getenv("LEXIGRAD_BPE_TEXT");
  if (folder == nullptr || file == nullptr) {
    bench.note(
        "nothing to measure: LEXIGRAD_BPE_DIR (a folder of GPT-2's files) and LEXIGRAD_BPE_TEXT (a text) are not set");
    return 0;
  }
  const std::string text = read_bytes(file, "a text").substr(0, 10000000);
  bench.in_own_processes([&] {
    const Bpe bpe = Bpe::load_folder(folder);
    encode_and_decode(bench, bpe, text);
    bench.print_peak_memory("bpe_rss");
    long_pieces(bench, bpe);
    learn(bench, text.substr(0, 5000000));
  });
  bench.for_threads([&] { bench.time("bpe_load", [&] { Bpe::load_folder(folder); }); });
}
