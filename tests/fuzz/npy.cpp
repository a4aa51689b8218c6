// npy.cpp: NumPy's files from any bytes: the array has the numbers that the bytes hold, or an error.
#include "vectors/npy.hpp"

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fuzz;
  using namespace lexigrad::vectors;
  Tensor array;
  if (parsed([&] { array = parse_npy(text_of(data, size), "fuzz"); })) {
    promise(array.rank() == 2, "a table");
    promise(static_cast<std::size_t>(array.size()) * 2 <= size, "no number without two bytes");
  }
  std::vector<std::string> words;
  if (parsed([&] { words = parse_words(text_of(data, size), "fuzz"); })) {
    for (const std::string& word : words)
      promise(!word.empty() && word.find_first_of("\t\n") == std::string::npos, "a word");
  }
  return 0;
}
