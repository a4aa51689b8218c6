// word2vec_binary.cpp: the words are found first, one after the other; then the numbers are copied in parallel.
#include "vectors/word2vec_binary.hpp"

#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "tensor/parallel.hpp"
#include "vectors/files.hpp"
#include "vectors/policy.hpp"

namespace lexigrad::vectors {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in the file");

constexpr std::size_t longest_word = 65536;  // a blank that comes later is that of another file format

[[noreturn]] void fail(const std::string& name, const std::string& reason) {
  throw FileError("read_vectors", fmt::format("{}: {}", name, reason));
}

struct Header {
  Index count = 0, dim = 0;
  std::size_t bytes = 0;  // its length with the line end
};

// "count dim\n", perhaps with blanks or a carriage return at the end.
Header parse_header(std::string_view bytes, const std::string& name) {
  const std::string_view line = bytes.substr(0, std::min<std::size_t>(bytes.size(), 64));
  const std::size_t end = line.find('\n');
  const auto wrong = [&] { fail(name, "expected the header \"count dim\" in the first line"); };
  if (bytes.empty()) fail(name, "the file is empty: neither a header nor words");
  if (end == std::string_view::npos) wrong();
  Header header;
  const char *at = line.data(), *stop = line.data() + end;
  for (Index* number : {&header.count, &header.dim}) {
    while (at != stop && *at == ' ') ++at;
    const auto [next, error] = std::from_chars(at, stop, *number);
    if (error != std::errc{} || *number < 0) wrong();
    at = next;
  }
  while (at != stop && (*at == ' ' || *at == '\r')) ++at;
  if (at != stop || header.dim < 1) wrong();
  header.bytes = end + 1;
  return header;
}

// The words, and where the numbers of each begin.
struct Rows {
  std::vector<std::string> words;
  std::vector<std::size_t> numbers;
};

Rows find_rows(std::string_view bytes, const Header& header, Index wanted, const std::string& name) {
  // What can be there at most: a row is one letter, a blank and the numbers.
  const std::size_t left = bytes.size() - header.bytes;
  if (static_cast<std::uint64_t>(header.dim) > left / sizeof(float)) {
    fail(name,
         fmt::format("the header says {} words of {} numbers, and {} bytes follow", header.count, header.dim, left));
  }
  const std::size_t width = static_cast<std::size_t>(header.dim) * sizeof(float);
  const auto most = static_cast<Index>(left / (width + 2));
  Rows rows;
  rows.words.reserve(static_cast<std::size_t>(std::min(wanted, most)));
  rows.numbers.reserve(rows.words.capacity());
  std::size_t at = header.bytes;
  for (Index row = 0; row < wanted; ++row) {
    // The line end of the row before, where it has one.
    while (at < bytes.size() && (bytes[at] == '\n' || bytes[at] == '\r')) ++at;
    const std::string_view head = bytes.substr(at, longest_word);
    const std::size_t length = head.find(' ');
    if (at == bytes.size() || (length != std::string_view::npos && bytes.size() - at - length - 1 < width)) {
      fail(name, fmt::format("the header says {} words, the file ends after {}", header.count, row));
    }
    if (length == std::string_view::npos)
      fail(name, fmt::format("row {}: no blank ends the word \"{}\"", row, printable(head)));
    if (length == 0) fail(name, fmt::format("row {}: the word is missing", row));
    if (head.substr(0, length).find_first_of(std::string_view("\0\n", 2)) != std::string_view::npos) {
      fail(name,
           fmt::format("row {}: \"{}\" is no word; perhaps the one before holds a blank, or the header's {} numbers "
                       "a word are not those of the rows",
                       row, printable(head.substr(0, length)), header.dim));
    }
    rows.words.emplace_back(head.substr(0, length));
    rows.numbers.push_back(at + length + 1);
    at += length + 1 + width;
  }
  while (wanted == header.count && at < bytes.size() && (bytes[at] == '\n' || bytes[at] == '\r')) ++at;
  if (wanted == header.count && at < bytes.size()) {
    fail(name, fmt::format("the header says {} words, and {} bytes follow them", header.count, bytes.size() - at));
  }
  return rows;
}

}  // namespace

WordTable parse_word2vec_binary(std::string_view bytes, const std::string& name, Index rows) {
  const Header header = parse_header(bytes, name);
  if (header.count == 0) return WordTable({}, Tensor(Shape{0, header.dim}));
  Rows found = find_rows(bytes, header, rows > 0 ? std::min(rows, header.count) : header.count, name);
  Tensor numbers(Shape{static_cast<Index>(found.words.size()), header.dim});
  real* out = numbers.mutable_data();
  parallel_for(numbers.dim(0), row_grain(header.dim), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      const char* from = bytes.data() + found.numbers[static_cast<std::size_t>(row)];
      real* to = out + row * header.dim;
      if constexpr (sizeof(real) == sizeof(float)) {
        std::memcpy(to, from, static_cast<std::size_t>(header.dim) * sizeof(float));
      } else {
        for (Index i = 0; i < header.dim; ++i) {
          float number = 0;
          std::memcpy(&number, from + static_cast<std::size_t>(i) * sizeof(float), sizeof(float));
          to[i] = static_cast<real>(number);
        }
      }
    }
  });
  return table_by_policy(std::move(found.words), std::move(numbers), name,
                         [](Index row) { return fmt::format("row {}", row); });
}

WordTable read_word2vec_binary(const std::string& path, Index rows) {
  const MappedFile file(path);
  return parse_word2vec_binary(file.bytes(), path, rows);
}

void write_word2vec_binary(const std::string& path, const WordTable& table) {
  for (const std::string& word : table.words) {
    if (!word.empty() && word.find_first_of(" \n") == std::string::npos) continue;
    throw ValueError("write_word2vec_binary",
                     fmt::format("the word \"{}\" is empty or holds a blank or newline", printable(word)));
  }
  AtomicFile file(path);
  std::string buffer = fmt::format("{} {}\n", table.size(), table.dim());
  std::vector<float> row(static_cast<std::size_t>(table.dim()));
  for (Index i = 0; i < table.size(); ++i) {
    const real* numbers = table.vectors.data() + i * table.dim();
    for (float& number : row) number = static_cast<float>(*numbers++);
    buffer += table.words[static_cast<std::size_t>(i)];
    buffer += ' ';
    buffer.append(reinterpret_cast<const char*>(row.data()), row.size() * sizeof(float));
    buffer += '\n';
    if (buffer.size() < (1 << 20)) continue;
    file.write(buffer);
    buffer.clear();
  }
  file.write(buffer);
  file.commit();
}

}  // namespace lexigrad::vectors
