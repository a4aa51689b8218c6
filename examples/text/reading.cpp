// reading.cpp: reads a file whole and refuses what is not a text.
#include "text/reading.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

[[noreturn]] void fail(std::string_view name, std::string_view reason) {
  throw FileError("text", fmt::format("'{}' {}", name, reason));
}

std::string read_all(std::istream& input, std::string_view name) {
  std::string bytes;
  std::vector<char> chunk(std::size_t{1} << 20);
  errno = 0;
  while (input) {
    input.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    bytes.append(chunk.data(), static_cast<std::size_t>(input.gcount()));
  }
  if (input.bad()) fail(name, fmt::format("cannot be read: {}", std::strerror(errno)));
  return bytes;
}

// The line, counted from 1, that holds the byte `at`; LF, CR LF and CR each end a line.
std::size_t line_of(std::string_view bytes, std::size_t at) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < at; ++i) {
    if (bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n')) ++line;
  }
  return line;
}

bool is_control_byte(char byte) {
  const auto b = static_cast<unsigned char>(byte);
  return (b < 0x20 && !(b >= '\t' && b <= '\r')) || b == 0x7F;
}

// U+0080 … U+009F but U+0085, which is a line end: bytes C2 80 … C2 9F.
std::optional<std::size_t> find_c1_control(std::string_view text) {
  for (std::size_t at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
    if (kind(decode(text, at).value) == Kind::control) return at;
  }
  return std::nullopt;
}

void check(std::string_view bytes, std::string_view name) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    fail(name, "looks like UTF-16; expected UTF-8 text (iconv -f UTF-16 -t UTF-8 converts it)");
  }
  const auto binary = std::find_if(bytes.begin(), bytes.end(), is_control_byte);
  if (binary != bytes.end()) {
    fail(name, fmt::format("looks like a binary file: byte 0x{:02X} at offset {}; expected UTF-8 text",
                           static_cast<unsigned char>(*binary), binary - bytes.begin()));
  }
  if (const auto bad = first_invalid(bytes)) {
    fail(name,
         fmt::format("is not UTF-8: malformed bytes from 0x{:02X} at offset {}, line {}; expected UTF-8 text (iconv "
                     "converts it, e.g. iconv -f WINDOWS-1252 -t UTF-8)",
                     static_cast<unsigned char>(bytes[*bad]), *bad, line_of(bytes, *bad)));
  }
  if (const auto bad = find_c1_control(bytes)) {
    fail(name, fmt::format("holds the control character U+{:04X} at offset {}, line {}; Windows-1252 text that was "
                           "converted as if it were Latin-1 has such ones",
                           static_cast<std::uint32_t>(decode(bytes, *bad).value), *bad, line_of(bytes, *bad)));
  }
}

void line_feeds_only(std::string& text) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < text.size(); ++from) {
    const bool carriage_return = text[from] == '\r';
    if (carriage_return && from + 1 < text.size() && text[from + 1] == '\n') continue;  // the LF is still to come
    text[to++] = carriage_return ? '\n' : text[from];
  }
  text.resize(to);
}

}  // namespace

std::string clean_text(std::string bytes, std::string_view name) {
  if (bytes.empty()) fail(name, "is empty; expected UTF-8 text");
  check(bytes, name);
  if (bytes.starts_with(byte_order_mark)) bytes.erase(0, byte_order_mark.size());
  if (is_blank(bytes)) fail(name, "holds nothing but white space; expected UTF-8 text");
  line_feeds_only(bytes);
  return bytes;
}

std::string read_bytes(const std::string& path, std::string_view expected) {
  if (path == "-") return read_all(std::cin, "standard input");
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  const auto refuse = [&](std::string_view reason) { fail(path, fmt::format("{}; expected {}", reason, expected)); };
  if (status.type() == std::filesystem::file_type::not_found) refuse("does not exist");
  if (std::filesystem::is_directory(status)) refuse("is a folder");
  if (is_character_file(status) || is_block_file(status)) refuse("is a device");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(fmt::format("cannot be opened: {}", std::strerror(errno)));
  return read_all(file, path);
}

std::string read_text(const std::string& path) {
  std::string bytes = read_bytes(path, "a UTF-8 text file");
  return clean_text(std::move(bytes), path == "-" ? "standard input" : path);
}

std::vector<std::string> split_documents(std::string_view text) {
  std::vector<std::string> documents;
  std::size_t begin = 0, end = 0;  // the document being collected: [begin, end); empty between documents
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t line_end = std::min(text.find('\n', at), text.size());
    if (!is_blank(text.substr(at, line_end - at))) {
      if (begin == end) begin = at;
      end = line_end;
    } else if (begin != end) {
      documents.emplace_back(text.substr(begin, end - begin));
      begin = end = line_end;
    }
    at = line_end + 1;
  }
  if (begin != end) documents.emplace_back(text.substr(begin, end - begin));
  return documents;
}

std::vector<std::string> read_documents(std::span<const std::string> paths) {
  std::vector<std::string> documents;
  for (const std::string& path : paths) {
    std::vector<std::string> more = split_documents(read_text(path));
    documents.insert(documents.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
  }
  return documents;
}

}  // namespace lexigrad::text
