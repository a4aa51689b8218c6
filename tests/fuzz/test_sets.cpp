// test_sets.cpp: analogy files and similarity files of any bytes.
#include "vectors/test_sets.hpp"

#include <cmath>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fuzz;
  using namespace lexigrad::vectors;
  std::vector<QuestionSection> sections;
  if (parsed([&] { sections = parse_questions(text_of(data, size), "fuzz"); })) {
    std::size_t questions = 0;
    for (const QuestionSection& section : sections) questions += section.questions.size();
    promise(questions > 0, "a file without questions is an error");
  }
  std::vector<JudgedPair> pairs;
  if (parsed([&] { pairs = parse_similarities(text_of(data, size), "fuzz"); })) {
    promise(!pairs.empty(), "a file without pairs is an error");
    for (const JudgedPair& pair : pairs)
      promise(!pair.a.empty() && !pair.b.empty() && std::isfinite(pair.score), "a pair");
  }
  return 0;
}
