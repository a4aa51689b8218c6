// encode.cpp: the commands encode, count and decode: text and ids, a part at a time.
#include <unistd.h>
#include <charconv>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "tensor/parallel.hpp"
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

  void write(const Ids& ids) {
    begin_document();
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
    begin_document();  // it may have had no ids
    if (format_ == Format::json) sink_.write("]");
    if (!is_binary(format_)) sink_.write("\n");
    inside_ = false;
  }
  void commit() { sink_.commit(); }

 private:
  void begin_document() {
    if (!inside_ && format_ == Format::json) sink_.write("[");
    first_ = first_ || !inside_;
    inside_ = true;
  }

  Sink sink_;
  Format format_;
  std::string bytes_;
  bool inside_ = false;  // a document
  bool first_ = true;    // no id of it was written
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

// A file that is worth no threads of its own.
bool is_small(const Options& o, const std::string& path) {
  std::error_code error;
  return !o.has_text && path != "-" && std::filesystem::is_regular_file(path, error) &&
         std::filesystem::file_size(path, error) <= (1U << 20) && !error;
}

// Calls take(ids) for the ids of each document as they come, and end(path) after the last ones. Small files that
// stand together are encoded side by side, some at a time.
template <class Take, class End>
void encode_documents(const Bpe& bpe, const Options& o, const std::vector<std::string>& paths, Take&& take, End&& end) {
  constexpr std::size_t most = 64;
  for (std::size_t first = 0; first < paths.size();) {
    std::size_t last = first;
    while (last < paths.size() && last - first < most && is_small(o, paths[last])) ++last;
    std::vector<Ids> encoded(last - first);
    parallel_for_each(std::ssize(encoded), 1, [&](Index i) {
      Ids& all = encoded[static_cast<std::size_t>(i)];
      encode_document(bpe, o, paths[first + static_cast<std::size_t>(i)],
                      [&](const Ids& some) { all.insert(all.end(), some.begin(), some.end()); });
    });
    for (const Ids& ids : encoded) {
      take(ids);
      end(paths[first++]);
    }
    if (first < paths.size() && !is_small(o, paths[first])) {
      encode_document(bpe, o, paths[first], take);
      end(paths[first++]);
    }
  }
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
  explicit NumberReader(std::string name) : name_(std::move(name)) {}

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
    throw FileError("decode",
                    fmt::format("{} line {}: '{}' is not part of a list of ids; expected numbers with blanks or "
                                "commas between",
                                name_, line_, printable(found)));
  }

  std::string name_, digits_;
  Index line_ = 1, ignored_ = 0;
};

}  // namespace

void encode(const Options& o) {
  keep_inputs(o, {o.out});
  const Bpe bpe = load_checked(o);
  IdSink sink(o);
  encode_documents(
      bpe, o, files_or_input(o), [&](const Ids& ids) { sink.write(ids); },
      [&](const std::string&) { sink.end_document(); });
  sink.commit();
}

void count(const Options& o) {
  const Bpe bpe = load_checked(o);
  const std::vector<std::string> files = files_or_input(o);
  Sink sink("");
  std::size_t total = 0, tokens = 0;
  encode_documents(
      bpe, o, files, [&](const Ids& ids) { tokens += ids.size(); },
      [&](const std::string& path) {
        sink.write(files.size() == 1 ? fmt::format("{}\n", tokens) : fmt::format("{:>12} {}\n", tokens, path));
        total += std::exchange(tokens, 0);
      });
  if (files.size() > 1) sink.write(fmt::format("{:>12} total\n", total));
  sink.commit();
}

void decode(const Options& o) {
  keep_inputs(o, {o.out});
  const Bpe bpe = load_tokenizer(o);
  Sink sink(o.out);
  for (const std::string& path : files_or_input(o)) {
    const std::string name = o.has_text ? "--ids" : path == "-" ? "standard input" : "'" + path + "'";
    NumberReader numbers(name);
    std::string rest;  // of an id in bytes
    std::vector<Index> ids;
    Index before = 0;
    const auto write = [&] {
      try {
        sink.write(bpe.decode(ids));
      } catch (const IndexError& error) {
        const std::string behind = before == 0 ? "" : fmt::format(" behind {} ids", before);
        throw IndexError("decode", fmt::format("{}{}: {}", name, behind, error.reason()));
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
