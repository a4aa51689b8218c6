// text.cpp: any bytes as a text: what is refused, what is cleaned, and that tokens are the text, all of it, in order.
#include <algorithm>
#include <vector>

#include "fuzz.hpp"
#include "text/reading.hpp"
#include "text/tokenizer.hpp"
#include "text/utf8.hpp"

namespace {

using namespace fuzz;
using namespace lexigrad::text;

std::string without_space(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint here = decode(text, at);
    if (kind(here.value) != Kind::space) result += text.substr(at, here.bytes);
    at += here.bytes;
  }
  return result;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string result;
  for (const std::string& part : parts) result += part;
  return result;
}

void check_tokens(std::string_view text) {
  const std::vector<std::string> words = split_words(text);
  promise(joined(words) == without_space(text), "words are the text without white space");
  promise(std::none_of(words.begin(), words.end(), [](const auto& word) { return word.empty(); }), "no word is empty");
  promise(joined(split_chars(text)) == text, "characters are the text");
  const std::string lower = lowercase(text);
  promise(joined(split_chars(text, true)) == lower, "characters of the text in lower case");
  promise(first_invalid(text).has_value() == first_invalid(lower).has_value(), "lower case keeps UTF-8");
  const std::vector<std::string_view> views(words.begin(), words.end());
  promise(without_space(join_words(views)) == without_space(text), "joining adds blanks only");
}

void check_clean(const std::string& text) {
  promise(!first_invalid(text) && !is_blank(text), "a text is UTF-8 and holds something");
  promise(text.find('\r') == std::string::npos, "line ends are LF");
  const bool mark_within =
      text.starts_with("\xEF\xBB\xBF");  // a second one, which is text here and a mark at the start
  promise(mark_within || clean_text(text, "again") == text, "cleaning a clean text changes nothing");
  const std::vector<std::string> documents = split_documents(text);
  promise(without_space(joined(documents)) == without_space(text), "documents are the whole text");
  for (const std::string& document : documents) {
    promise(split_documents(document) == std::vector<std::string>{document}, "a document has no blank lines");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = text_of(data, size);
  check_tokens(bytes);
  std::string text;
  if (parsed([&] { text = clean_text(std::string(bytes), "fuzz"); })) check_clean(text);
  return 0;
}
