// file_lines.hpp: lines of a tokenizer's file, and errors that name one. For bpe_files.cpp and bpe_ranks.cpp only.
#pragma once
#include <algorithm>
#include <filesystem>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::text {

[[noreturn]] inline void fail(const std::filesystem::path& path, std::string_view reason) {
  throw FileError("tokenizer", fmt::format("'{}' {}", path.string(), reason));
}

[[noreturn]] inline void fail_line(const std::filesystem::path& path, std::size_t line, std::string_view reason) {
  throw FileError("tokenizer", fmt::format("'{}' line {}: {}", path.string(), line, reason));
}

/// The lines of a file without their ends (LF or CR LF), and without empty ones at the end.
inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace lexigrad::text
