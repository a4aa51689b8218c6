// bpe_ranks.cpp: a tokenizer out of a file of ranks, as tiktoken has them: tokens in base64 with their ids, no merges.
// Two neighbours are merged where together they are a token, so every seam of every token is looked at once, in
// advance.
#include <algorithm>
#include <charconv>
#include <unordered_map>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "text/bpe_parts.hpp"
#include "text/byte_alphabet.hpp"
#include "text/file_lines.hpp"
#include "text/reading.hpp"

namespace lexigrad::text {
namespace {

namespace fs = std::filesystem;
using Id = Bpe::Id;
constexpr std::size_t longest_rank_token = 1024;  // each of its places is looked at as a seam

std::optional<std::string> from_base64(std::string_view word) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (word.empty() || word.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = word.ends_with("==") ? 2 : word.ends_with('=') ? 1 : 0;
  std::string bytes;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool pad = i >= word.size() - padding;
    const std::size_t digit = pad ? 0 : digits.find(word[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if (i % 4 != 3) continue;
    for (const int shift : {16, 8, 0}) bytes += static_cast<char>(bits >> shift & 0xFF);
    bits = 0;
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

// The bytes of each id of a file of ranks.
std::vector<std::optional<std::string>> read_ranks(const fs::path& path) {
  const std::string text = read_bytes(path.string(), "a file of ranks (.tiktoken)");
  const std::vector<std::string_view> lines = lines_of(text);
  std::vector<std::optional<std::string>> tokens;
  const std::size_t most = 2 * lines.size() + 256;  // holes are allowed, but not a table of nothing else
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const std::size_t blank = std::min(line.find(' '), line.size());
    auto bytes = from_base64(line.substr(0, blank));
    if (!bytes)
      fail_line(path, i + 1,
                fmt::format("expected a token in base64, a blank and its rank, not '{}'", printable(line)));
    if (bytes->size() > longest_rank_token)
      fail_line(path, i + 1, fmt::format("the token has more than {} bytes", longest_rank_token));
    std::uint64_t id = 0;
    const std::string_view number = line.substr(std::min(blank + 1, line.size()));
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), id);
    if (error != std::errc() || end != number.data() + number.size()) {
      fail_line(path, i + 1, fmt::format("the rank '{}' is not a whole number from 0 on", printable(number)));
    }
    if (id >= most)
      fail_line(path, i + 1, fmt::format("the rank {} is out of all proportion to {} lines", id, lines.size()));
    if (id >= tokens.size()) tokens.resize(static_cast<std::size_t>(id) + 1);
    if (tokens[static_cast<std::size_t>(id)]) fail_line(path, i + 1, fmt::format("the rank {} is there twice", id));
    tokens[static_cast<std::size_t>(id)] = std::move(bytes);
  }
  if (tokens.empty()) fail(path, "holds no ranks");
  return tokens;
}

}  // namespace

Bpe Bpe::load_tiktoken(const fs::path& file) {
  Parts parts;
  parts.tokens = read_ranks(file);
  parts.whole_tokens = true;
  std::unordered_map<std::string_view, Id> ids;
  for (std::size_t id = 0; id < parts.tokens.size(); ++id) {
    if (!parts.tokens[id]) continue;
    const auto [before, fresh] = ids.emplace(*parts.tokens[id], static_cast<Id>(id));
    if (!fresh)
      fail(file, fmt::format("gives the ranks {} and {} to the same token '{}'", before->second, id,
                             printable(spell(*parts.tokens[id]))));
  }
  for (const auto& [bytes, id] : ids) {  // wherever it can be cut into two tokens
    for (std::size_t seam = 1; seam < bytes.size(); ++seam) {
      const auto left = ids.find(bytes.substr(0, seam)), right = ids.find(bytes.substr(seam));
      if (left != ids.end() && right != ids.end()) parts.merges.push_back({left->second, right->second, {id, id}});
    }
  }
  if (!ids.contains(end_of_text_name)) {
    const auto hole = std::find(parts.tokens.begin(), parts.tokens.end(), std::nullopt);
    parts.specials.push_back(hole - parts.tokens.begin());
    if (hole == parts.tokens.end()) {
      parts.tokens.emplace_back(end_of_text_name);
    } else {
      *hole = end_of_text_name;
    }
  }
  return Bpe(std::move(parts));
}

}  // namespace lexigrad::text
