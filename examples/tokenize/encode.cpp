// encode.cpp: the commands encode, count and decode: text and ids, a part at a time.
#include <unistd.h>
#include <charconv>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "text/bpe_stream.hpp"
#include "text/token_file.hpp"
#include "tokenize/commands.hpp"
#include "tokenize/streams.hpp"

namespace lexigrad::tokenize {
namespace {

using text::Bpe;
using Ids = std::vector<Bpe::Id>;

text::TokenWidth width_of(Format format) {
  return format == Format::u16 ? text::TokenWidth::two : text::TokenWidth::four;
}
bool is_binary(Format format) { return format == Format::u16 || format == Format::u32; }

// Ids as the options want them.
class IdSink {
 public:
  explicit IdSink(const Options& o) : sink_(o.out), format_(o.format) {
    cli::require(!is_binary(format_) || !o.out.empty() || ::isatty(STDOUT_FILENO) == 0,
                 "--format u16 and u32 are not for a terminal: expected --out FILE, or a pipe");
  }

  void begin_document() {
    if (format_ == Format::json) sink_.write("[");
    first_ = true;
  }
  void write(const Ids& ids) {
    bytes_.clear();
    if (is_binary(format_)) {
      text::append_ids(ids, width_of(format_), written_, bytes_);
    } else {
      for (const Bpe::Id id : ids) {
        if (!first_) bytes_ += format_ == Format::json ? "," : " ";
        first_ = false;
        bytes_ += fmt::format_int(id).c_str();
      }
    }
    written_ += static_cast<Index>(ids.size());
    sink_.write(bytes_);
  }
  void end_document() {
    if (format_ == Format::json) sink_.write("]");
    if (!is_binary(format_)) sink_.write("\n");
  }
  void commit() { sink_.commit(); }

 private:
  Sink sink_;
  Format format_;
  std::string bytes_;
  bool first_ = true;
  Index written_ = 0;
};

// Calls take(ids) for the ids of one document as they come.
template <class Take>
void encode_document(const Bpe& bpe, const Options& o, const std::string& path, Take&& take) {
  text::BpeStream stream(bpe, o.specials);
  Progress progress("tokenize: MB read:");
  Ids ids;
  double bytes = 0.0;
  const auto feed = [&](std::string_view part) {
    ids.clear();
    stream.feed(part, ids);
    take(ids);
    progress.at(1e-6 * (bytes += static_cast<double>(part.size())));
  };
  if (o.has_text) {
    feed(o.text);
  } else {
    read_parts(path, feed);
  }
  ids.clear();
  stream.finish(ids);
  if (o.end_of_text) ids.push_back(static_cast<Bpe::Id>(*bpe.end_of_text()));
  take(ids);
}

Bpe load_checked(const Options& o) {
  Bpe bpe = load_tokenizer(o);
  if (o.end_of_text && !bpe.end_of_text()) {
    throw ValueError("tokenize", "--end-of-text: this vocabulary has no <|endoftext|>");
  }
  return bpe;
}

// Numbers out of text that comes in parts, whatever stands between them; a part may end inside a number.
class NumberReader {
 public:
  // Appends the numbers that are whole by now. Throws FileError for what is no list of ids.
  void feed(std::string_view part, std::vector<Index>& ids) {
    for (const char c : part) {
      ++line_if(c);
      if (c >= '0' && c <= '9') {
        digits_ += c;
        if (digits_.size() > 18) fail(digits_);
      } else if (c == ' ' || (c >= '\t' && c <= '\r') || c == ',' || c == '[' || c == ']') {
        end(ids);
      } else {
        fail(std::string(1, c));
      }
    }
  }
  void end(std::vector<Index>& ids) {
    if (digits_.empty()) return;
    Index id = 0;
    std::from_chars(digits_.data(), digits_.data() + digits_.size(), id);
    ids.push_back(id);
    digits_.clear();
  }

 private:
  Index& line_if(char c) { return c == '\n' ? line_ : ignored_; }
  [[noreturn]] void fail(const std::string& found) const {
    throw FileError("decode", fmt::format("line {}: '{}' is not part of a list of ids; expected numbers with blanks or "
                                          "commas between",
                                          line_, printable(found)));
  }

  std::string digits_;
  Index line_ = 1, ignored_ = 0;
};

}  // namespace

void encode(const Options& o) {
  const Bpe bpe = load_checked(o);
  IdSink sink(o);
  for (const std::string& path : files_or_input(o)) {
    sink.begin_document();
    encode_document(bpe, o, path, [&](const Ids& ids) { sink.write(ids); });
    sink.end_document();
  }
  sink.commit();
}

void count(const Options& o) {
  const Bpe bpe = load_checked(o);
  const std::vector<std::string> files = files_or_input(o);
  Sink sink("");
  std::size_t total = 0;
  for (const std::string& path : files) {
    std::size_t tokens = 0;
    encode_document(bpe, o, path, [&](const Ids& ids) { tokens += ids.size(); });
    total += tokens;
    sink.write(files.size() == 1 ? fmt::format("{}\n", tokens) : fmt::format("{:>12} {}\n", tokens, path));
  }
  if (files.size() > 1) sink.write(fmt::format("{:>12} total\n", total));
  sink.commit();
}

void decode(const Options& o) {
  const Bpe bpe = load_tokenizer(o);
  Sink sink(o.out);
  for (const std::string& path : files_or_input(o)) {
    NumberReader numbers;
    std::string rest;  // of an id in bytes
    std::vector<Index> ids;
    Index before = 0;
    const auto write = [&] {
      try {
        sink.write(bpe.decode(ids));
      } catch (const IndexError& error) {
        throw IndexError("decode",
                         before == 0 ? error.reason() : fmt::format("behind {} ids, {}", before, error.reason()));
      }
      before += static_cast<Index>(ids.size());
      ids.clear();
    };
    const auto feed = [&](std::string_view part) {
      if (is_binary(o.format)) {
        rest += part;
        rest.erase(0, text::read_ids(rest, width_of(o.format), ids));
      } else {
        numbers.feed(part, ids);
      }
      write();
    };
    if (o.has_text) {
      feed(o.text);
    } else {
      read_parts(path, feed);
    }
    numbers.end(ids);
    write();
    if (!rest.empty()) {
      throw FileError(
          "decode",
          fmt::format("'{}' ends inside an id: {} bytes too many; is it cut, or of another width?", path, rest.size()));
    }
  }
  sink.commit();
}

}  // namespace lexigrad::tokenize
