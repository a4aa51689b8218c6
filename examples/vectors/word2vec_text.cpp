// word2vec_text.cpp: the reader finds all lines first, checks them against the header, and then parses rows in
// parallel.
#include "vectors/word2vec_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <limits>
#include <optional>

#include <fmt/compile.h>
#include <fmt/format.h>

#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "tensor/parallel.hpp"
#include "vectors/files.hpp"
#include "vectors/policy.hpp"

namespace lexigrad::vectors {
namespace {

constexpr std::string_view separators = " \t";

struct Header {
  Index count = 0, dim = 0;
};

struct Source {
  std::string name;
  std::vector<std::string_view> lines;  // without line ends and trailing blanks
  std::optional<Header> header;         // of line 1
  Index dim = 0;

  std::size_t first() const { return header ? 1 : 0; }  // the line of row 0
  Index rows() const { return static_cast<Index>(lines.size() - first()); }
  std::string_view row(Index i) const { return lines[first() + static_cast<std::size_t>(i)]; }
  Index line_of_row(Index i) const { return i + static_cast<Index>(first()) + 1; }

  [[noreturn]] void fail(Index line, const std::string& reason) const {
    throw FileError("read_vectors", fmt::format("{}:{}: {}", name, line, reason));
  }
};

// The first `most` lines.
std::vector<std::string_view> split_lines(std::string_view text, Index most) {
  std::vector<std::string_view> lines;
  while (!text.empty() && static_cast<Index>(lines.size()) < most) {
    const void* end = std::memchr(text.data(), '\n', text.size());
    const std::size_t length =
        end == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(end) - text.data());
    std::string_view line = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// Takes the next column off the front of `rest`; empty when there is none.
std::string_view take_column(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(separators), rest.size()));
  const std::string_view column = rest.substr(0, rest.find_first_of(separators));
  rest.remove_prefix(column.size());
  return column;
}

Index count_columns(std::string_view line) {
  Index count = 0;
  while (!take_column(line).empty()) ++count;
  return count;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Header> parse_header(const Source& source, TextFormat format) {
  if (format == TextFormat::glove) return std::nullopt;
  std::string_view rest = source.lines[0];
  const std::string_view count = take_column(rest), dim = take_column(rest);
  if (!all_digits(count) || !all_digits(dim) || !take_column(rest).empty()) {
    if (format == TextFormat::detect) return std::nullopt;
    source.fail(1, "expected the header \"count dim\"");
  }
  Header header;
  const auto a = std::from_chars(count.data(), count.data() + count.size(), header.count);
  const auto b = std::from_chars(dim.data(), dim.data() + dim.size(), header.dim);
  constexpr Index most = Index{1} << 62;  // of a Shape
  if (a.ec != std::errc{} || b.ec != std::errc{} || header.count > most || header.dim > most) {
    source.fail(1, "the header's numbers are too large");
  }
  return header;
}

// Everything that can be known before a number is parsed and before memory is taken for the rows.
// `wanted` > 0: only so many rows are read, and the header may promise more.
void check_sizes(Source& source, Index wanted) {
  const std::optional<Header>& header = source.header;
  const Index last = static_cast<Index>(source.lines.size());
  if (source.rows() == 0) {
    source.dim = header->dim;
    if (header->count == 0) return;  // an empty table, rightly described
    source.fail(last, fmt::format("the header promises {} words of {} numbers, but no row follows", header->count,
                                  header->dim));
  }
  for (Index row = 0; row < source.rows(); ++row) {
    if (source.row(row).empty()) source.fail(source.line_of_row(row), "an empty line");
  }
  source.dim = count_columns(source.row(0)) - 1;
  if (header && source.dim != header->dim) {
    source.fail(2, fmt::format("the header says {} numbers a word, this line has {}", header->dim, source.dim));
  }
  if (source.dim < 1) source.fail(source.line_of_row(0), "a word without numbers");
  if (header && source.rows() < (wanted > 0 ? std::min(wanted, header->count) : header->count)) {
    source.fail(last, fmt::format("the header says {} words, the file ends after {}", header->count, source.rows()));
  }
  if (header && source.rows() > header->count) {
    source.fail(source.line_of_row(header->count),
                fmt::format("the header says {} words, the file has {}", header->count, source.rows()));
  }
}

[[noreturn]] void fail_columns(const Source& source, Index row) {
  const Index found = std::max<Index>(count_columns(source.row(row)) - 1, 0);
  source.fail(source.line_of_row(row), fmt::format("{} numbers a word expected, this line has {}", source.dim, found));
}

// One number from [at, end); returns the position behind it.
const char* parse_number(const Source& source, Index row, Index column, const char* at, const char* end, real& out) {
  // from_chars knows no plus sign; a second sign behind it is then refused as it should be.
  const char* begin = at + 1 < end && *at == '+' && at[1] != '-' ? at + 1 : at;
  auto [next, error] = std::from_chars(begin, end, out);
  if (error == std::errc::result_out_of_range) {  // perhaps only too small for a float: then it is 0 or nearly
    double wide = 0.0;
    error = std::from_chars(begin, end, wide).ec;
    out = static_cast<real>(wide);
    if (out > std::numeric_limits<real>::max() || out < std::numeric_limits<real>::lowest())
      error = std::errc::result_out_of_range;
  }
  if (error == std::errc{} && (next == end || *next == ' ' || *next == '\t')) return next;
  const std::string_view text = std::string_view(at, static_cast<std::size_t>(end - at));
  source.fail(
      source.line_of_row(row),
      fmt::format(
          "number {}, \"{}\", {}", column + 1, printable(text.substr(0, text.find_first_of(separators))),
          error == std::errc::result_out_of_range ? "is outside the range of the number type" : "is not a number"));
}

void parse_row(const Source& source, Index row, std::string& word, real* out) {
  const std::string_view line = source.row(row);
  const char* at = line.data();
  const char* const end = at + line.size();
  while (at != end && *at != ' ' && *at != '\t') ++at;
  if (at == line.data()) source.fail(source.line_of_row(row), "the word is missing");
  word.assign(line.data(), at);
  for (Index column = 0; column < source.dim; ++column) {
    while (at != end && (*at == ' ' || *at == '\t')) ++at;
    if (at == end) fail_columns(source, row);
    at = parse_number(source, row, column, at, end, out[column]);
  }
  if (at != end) fail_columns(source, row);  // trailing blanks are cut already, so that something stands here
}

}  // namespace

WordTable parse_vectors(std::string_view text, const std::string& name, TextFormat format, Index rows) {
  text = without_mark(text);
  const Index most =
      rows > 0 && rows < std::numeric_limits<Index>::max() ? rows + 1 : std::numeric_limits<Index>::max();
  Source source{name, split_lines(text, most), std::nullopt, 0};
  if (source.lines.empty()) {
    source.fail(1, text.empty() ? "the file is empty: neither a header nor words"
                                : "only blank lines: neither a header nor words");
  }
  source.header = parse_header(source, format);
  if (rows > 0 && source.rows() > rows) source.lines.pop_back();  // there is no header, so one line was too many
  check_sizes(source, rows);
  // A row of dim numbers takes at least 1 + 2 · dim bytes, so that what is allocated below never exceeds twice the
  // file.
  for (Index row = 0; row < source.rows(); ++row) {
    if (static_cast<Index>(source.row(row).size()) / 2 < source.dim) fail_columns(source, row);
  }
  std::vector<std::string> words(static_cast<std::size_t>(source.rows()));
  Tensor numbers(Shape{source.rows(), source.dim});
  real* out = numbers.mutable_data();
  parallel_for(source.rows(), row_grain(source.dim), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row)
      parse_row(source, row, words[static_cast<std::size_t>(row)], out + row * source.dim);
  });
  return table_by_policy(std::move(words), std::move(numbers), name,
                         [&](Index row) { return fmt::format("line {}", source.line_of_row(row)); });
}

WordTable read_vectors(const std::string& path, TextFormat format, Index rows) {
  const MappedFile file(path);
  return parse_vectors(file.bytes(), path, format, rows);
}

void write_word2vec_text(const std::string& path, const WordTable& table) {
  for (const std::string& word : table.words) {
    if (word.empty() || word.find_first_of(" \t\n") != std::string::npos) {
      throw ValueError("write_word2vec_text",
                       fmt::format("the word \"{}\" is empty or holds a blank, tab or newline", printable(word)));
    }
  }
  AtomicFile file(path);
  file.write(fmt::format("{} {}\n", table.size(), table.dim()));
  // Parts of some rows are made by all threads, and written in their order.
  constexpr Index part_rows = 512, parts_at_once = 16;
  for (Index first = 0; first < table.size(); first += part_rows * parts_at_once) {
    const Index count = std::min(part_rows * parts_at_once, table.size() - first);
    std::vector<fmt::memory_buffer> parts(static_cast<std::size_t>((count + part_rows - 1) / part_rows));
    parallel_for(count, part_rows, [&](Index begin, Index end) {
      fmt::memory_buffer& part = parts[static_cast<std::size_t>(begin / part_rows)];
      const real* number = table.vectors.data() + (first + begin) * table.dim();
      for (Index row = first + begin; row < first + end; ++row) {
        part.append(table.words[static_cast<std::size_t>(row)]);
        for (Index i = 0; i < table.dim(); ++i) fmt::format_to(std::back_inserter(part), FMT_COMPILE(" {}"), *number++);
        part.push_back('\n');
      }
    });
    for (const fmt::memory_buffer& part : parts) file.write(part.data(), part.size());
  }
  file.commit();
}

}  // namespace lexigrad::vectors
