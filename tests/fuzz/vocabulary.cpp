// vocabulary.cpp: a vocabulary file of any bytes; what was read is written and read again.
#include "text/vocabulary.hpp"

#include "fuzz.hpp"

namespace {

using namespace fuzz;
using namespace lexigrad::text;

void check(const Vocabulary& vocabulary) {
  promise(vocabulary.size() > Vocabulary::first_word, "there are words");
  Index total = 0;
  for (Index id = 0; id < vocabulary.size(); ++id) {
    promise(vocabulary.find(vocabulary.token(id)) == id, "a token is found under its id");
    promise(vocabulary.count(id) >= 0, "a count is not negative");
    total += vocabulary.count(id);  // a sanitizer sees an overflow
  }
  promise(total >= 0, "counts can be summed");
  const std::string text = vocabulary.to_text();
  promise(Vocabulary::from_text(text, "again").to_text() == text, "what is written is read back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Vocabulary vocabulary;
  if (parsed([&] { vocabulary = Vocabulary::from_text(text_of(data, size), "fuzz"); })) check(vocabulary);
  return 0;
}
