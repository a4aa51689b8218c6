// sentences.cpp: cutting lines into words.
#include "word2vec/sentences.hpp"

#include <algorithm>
#include <array>

#include "text/utf8.hpp"
#include "word2vec/phrases.hpp"

namespace lexigrad::word2vec {
namespace {

constexpr std::size_t shortest_line = 20;  // characters, for WordRule::letters

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Which bytes words are made of.
constexpr std::array<bool, 256> bytes_of_words(WordRule rule) {
  std::array<bool, 256> inside{};
  for (std::size_t c = 0; c < inside.size(); ++c) {
    inside[c] = rule == WordRule::letters ? c >= 'a' && c <= 'z' : c != ' ' && (c < '\t' || c > '\r');
  }
  return inside;
}
constexpr std::array<bool, 256> in_blanks = bytes_of_words(WordRule::blanks);
constexpr std::array<bool, 256> in_letters = bytes_of_words(WordRule::letters);

}  // namespace

void Sentences::take_line() {
  const std::size_t end = std::min(text_.find('\n'), text_.size());
  const std::string_view line = text_.substr(0, end);
  text_.remove_prefix(std::min(end + 1, text_.size()));
  if (rule_ == WordRule::letters && characters(line) < shortest_line) {
    line_ = {};
    return;
  }
  if (is_ascii(line)) {
    lowered_.resize(line.size());
    std::transform(line.begin(), line.end(), lowered_.begin(), lower);
  } else {
    lowered_ = text::lowercase(rule_ == WordRule::letters ? text::without_accents(line) : line);
  }
  line_ = lowered_;
}

const std::vector<std::string_view>& Sentences::next() {
  words_.clear();
  const std::array<bool, 256>& inside_word = rule_ == WordRule::blanks ? in_blanks : in_letters;
  const auto inside = [&](char c) { return inside_word[static_cast<unsigned char>(c)]; };
  while (words_.empty() && (!line_.empty() || !text_.empty())) {
    if (line_.empty()) take_line();
    while (!line_.empty() && words_.size() < most_words) {
      const char* p = line_.data();
      const std::size_t size = line_.size();
      std::size_t begin = 0;
      while (begin < size && !inside(p[begin])) ++begin;
      std::size_t end = begin;
      while (end < size && inside(p[end])) ++end;
      if (end > begin) words_.push_back(line_.substr(begin, end - begin));
      line_.remove_prefix(end);
    }
  }
  if (phrases_ != nullptr) phrases_->join(words_);
  return words_;
}

}  // namespace lexigrad::word2vec
