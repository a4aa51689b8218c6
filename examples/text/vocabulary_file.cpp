// vocabulary_file.cpp: a vocabulary as lines of text (the format is told in vocabulary.hpp).
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <limits>
#include <sstream>

#include <fmt/format.h>

#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "text/utf8.hpp"
#include "text/vocabulary.hpp"

namespace lexigrad::text {
namespace {

constexpr std::string_view header_begin = "# lexigrad vocabulary 1: ";
constexpr std::string_view header_end = " tokens";
constexpr std::string_view header_form = "# lexigrad vocabulary 1: N tokens";

std::string escape(std::string_view token) {
  std::string result;
  for (const char c : token) {
    switch (c) {
      case '\t':
        result += "\\t";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\\':
        result += "\\\\";
        break;
      default:
        result += c;
    }
  }
  return result;
}

// A decimal number and nothing else; -1 when it is not one.
Index number(std::string_view text) {
  Index value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 ? value : -1;
}

// Takes the lines of a file one by one and knows where it is.
class Lines {
 public:
  Lines(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  bool at_end() const { return at_ == text_.size(); }
  Index line() const { return line_; }

  std::string_view next() {
    ++line_;
    const std::size_t end = text_.find('\n', at_);
    // Without its line end, the last count may have lost digits and look right all the same.
    if (end == std::string_view::npos) fail("the line does not end; is the file cut?");
    std::string_view result = text_.substr(at_, end - at_);
    at_ = end + 1;
    if (result.ends_with('\r')) result.remove_suffix(1);
    return result;
  }

  [[noreturn]] void fail(std::string_view reason) const {
    throw FileError("vocabulary", fmt::format("'{}' line {}: {}", name_, std::max(line_, Index{1}), reason));
  }

 private:
  std::string_view text_, name_;
  std::size_t at_ = 0;
  Index line_ = 0;
};

std::string unescape(std::string_view text, const Lines& lines) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    switch (next) {
      case 't':
        result += '\t';
        break;
      case 'n':
        result += '\n';
        break;
      case 'r':
        result += '\r';
        break;
      case '\\':
        result += '\\';
        break;
      default:
        lines.fail("a backslash must be followed by t, n, r or another backslash");
    }
    ++i;
  }
  return result;
}

Index read_header(Lines& lines) {
  std::string_view header = lines.at_end() ? std::string_view{} : lines.next();
  Index count = -1;
  if (header.starts_with(header_begin) && header.ends_with(header_end)) {
    header.remove_prefix(header_begin.size());
    count = number(header.substr(0, header.size() - std::min(header.size(), header_end.size())));
  }
  if (count < 0) lines.fail(fmt::format("this is no vocabulary file: expected '{}'", header_form));
  return count;
}

std::pair<std::string, Index> read_entry(Lines& lines) {
  const std::string_view line = lines.next();
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos || tab + 1 == line.size()) lines.fail("expected a token, a tab and its count");
  if (tab == 0) lines.fail("the token is empty");
  const std::string_view token = line.substr(0, tab);
  if (first_invalid(token)) lines.fail("the token is not UTF-8");
  const Index count = number(line.substr(tab + 1));
  if (count < 0)
    lines.fail(fmt::format("the count '{}' is not a whole number from 0 on", printable(line.substr(tab + 1))));
  return {unescape(token, lines), count};
}

std::string shown(const std::string& token) { return printable(escape(token)); }

std::string error_text() { return errno == 0 ? "unknown error" : std::strerror(errno); }

}  // namespace

std::string Vocabulary::to_text() const {
  std::string text = fmt::format("{}{}{}\n", header_begin, size(), header_end);
  for (std::size_t i = 0; i < tokens_.size(); ++i) text += fmt::format("{}\t{}\n", escape(tokens_[i]), counts_[i]);
  return text;
}

Vocabulary Vocabulary::from_text(std::string_view text, std::string_view name) {
  Lines lines(text, name);
  const Index expected = read_header(lines);
  Vocabulary result;
  Index total = 0;
  for (Index id = 0; !lines.at_end(); ++id) {
    auto [token, count] = read_entry(lines);
    if (count > std::numeric_limits<Index>::max() - total) lines.fail("the counts add up to more than can be counted");
    total += count;
    if (id < first_word) {
      const std::string& special = result.token(id);
      if (token != special) lines.fail(fmt::format("expected the special token {}, not '{}'", special, shown(token)));
      result.counts_[static_cast<std::size_t>(id)] = count;
    } else if (const auto before = result.find(token)) {
      lines.fail(fmt::format("'{}' is there twice, first in line {}", shown(token), *before + 2));
    } else {
      result.add(std::move(token), count);
    }
    if (id >= expected) lines.fail(fmt::format("line 1 says {} tokens, but there are more", expected));
  }
  if (lines.line() - 1 < expected) {
    lines.fail(fmt::format("the file ends after {} of {} tokens; is it cut?", lines.line() - 1, expected));
  }
  if (expected <= first_word) lines.fail("there are no words, only special tokens");
  return result;
}

void Vocabulary::save(const std::filesystem::path& path) const { write_text_file(path.string(), to_text()); }

Vocabulary Vocabulary::load(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  const bool folder = is_directory(status), device = is_character_file(status) || is_block_file(status);
  if (!file || folder || device) {
    throw FileError("vocabulary",
                    fmt::format("cannot read '{}': {}; expected a vocabulary file, as save() writes it", path.string(),
                                folder   ? "it is a folder"
                                : device ? "it is a device"
                                         : error_text()));
  }
  text << file.rdbuf();
  if (file.bad()) throw FileError("vocabulary", fmt::format("cannot read '{}': {}", path.string(), error_text()));
  return from_text(text.view(), path.string());
}

}  // namespace lexigrad::text
