// word2vec_binary.cpp: word2vec's binary format from any bytes; what was read keeps the policy of repeated words.
#include "vectors/word2vec_binary.hpp"

#include <set>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fuzz;
  using namespace lexigrad::vectors;
  for (const Index rows : {Index{0}, Index{2}}) {
    WordTable table;
    if (!parsed([&] { table = parse_word2vec_binary(text_of(data, size), "fuzz", rows); })) continue;
    const std::set<std::string> words(table.words.begin(), table.words.end());
    promise(static_cast<Index>(words.size()) == table.size(), "no word stands twice");
    promise(table.vectors.dim(0) == table.size(), "a row for each word");
    promise(rows == 0 || table.size() <= rows, "no more rows than asked for");
    for (const std::string& word : table.words)
      promise(!word.empty() && word.find(' ') == std::string::npos, "a word has no blank");
    for (const std::string& warning : table.warnings) promise(warning.find('\n') == std::string::npos, "one line");
  }
  return 0;
}
