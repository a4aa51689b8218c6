// word_vectors.cpp: word vectors as text, in each of the three ways to read them; what was read is written and read
// again.
#include <cmath>
#include <set>

#include "fuzz.hpp"
#include "vectors/word2vec_text.hpp"

namespace {

using namespace fuzz;
using namespace lexigrad::vectors;

// word2vec_text.hpp writes to files; this is the same for text in memory.
std::string as_text(const WordTable& table) {
  std::string text = fmt::format("{} {}\n", table.size(), table.dim());
  for (Index row = 0; row < table.size(); ++row) {
    text += table.words[static_cast<std::size_t>(row)];
    for (Index i = 0; i < table.dim(); ++i) text += fmt::format(" {}", table.vectors(row, i));
    text += '\n';
  }
  return text;
}

bool same(real a, real b) { return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b)); }

void check(const WordTable& table) {
  const std::set<std::string> words(table.words.begin(), table.words.end());
  promise(static_cast<Index>(words.size()) == table.size(), "no word stands twice");
  for (const std::string& word : table.words) {
    promise(!word.empty() && word.find_first_of(" \t\n") == std::string::npos, "a word has no blanks");
  }
  const WordTable again = parse_vectors(as_text(table), "again", TextFormat::word2vec);
  promise(again.words == table.words, "words are read back");
  for (Index i = 0; i < table.vectors.size(); ++i) {
    promise(same(again.vectors.data()[i], table.vectors.data()[i]), "numbers are read back");
  }
  for (const std::string& warning : table.warnings) promise(warning.find('\n') == std::string::npos, "one line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const TextFormat format : {TextFormat::detect, TextFormat::word2vec, TextFormat::glove}) {
    WordTable table;
    if (parsed([&] { table = parse_vectors(text_of(data, size), "fuzz", format); })) check(table);
  }
  return 0;
}
