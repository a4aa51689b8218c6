// sentences.cpp: cutting lines into words.
#include "word2vec/sentences.hpp"

#include <algorithm>

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

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

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
  const auto inside = [&](char c) { return rule_ == WordRule::blanks ? !is_blank(c) : is_letter(c); };
  while (words_.empty() && (!line_.empty() || !text_.empty())) {
    if (line_.empty()) take_line();
    while (!line_.empty() && words_.size() < most_words) {
      std::size_t begin = 0;
      while (begin < line_.size() && !inside(line_[begin])) ++begin;
      std::size_t end = begin;
      while (end < line_.size() && inside(line_[end])) ++end;
      if (end > begin) words_.push_back(line_.substr(begin, end - begin));
      line_.remove_prefix(end);
    }
  }
  if (phrases_ != nullptr) phrases_->join(words_);
  return words_;
}

}  // namespace lexigrad::word2vec
