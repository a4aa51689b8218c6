// summary.cpp: laying the tree out.
#include "nn/summary.hpp"

#include <algorithm>

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// 38597376 → "38,597,376", whatever the locale.
std::string grouped(Index count) {
  std::string digits = std::to_string(count);
  for (auto i = static_cast<Index>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  return digits;
}

// "blocks.0.attn" → {"blocks.0", "attn"}: the number of a list's element stays with the list.
std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    if (!parts.empty() && part.find_first_not_of("0123456789") == std::string::npos) {
      parts.back() += "." + part;
    } else {
      parts.push_back(part);
    }
    begin = end + 1;
  }
  return parts;
}

}  // namespace

std::string summary_text(const std::vector<SummaryLine>& lines, const NamedParameters& parameters) {
  std::string text;
  for (const SummaryLine& line : lines) {
    const std::vector<std::string> parts = parts_of(line.name);
    const std::string left = std::string(2 * parts.size(), ' ') + (parts.empty() ? line.kind : parts.back());
    if (!line.kind.empty()) {
      text += line.name.empty() ? left + "\n" : fmt::format("{:<28} {}\n", left, line.kind);
      continue;
    }
    text += fmt::format("{:<28} {:<16} {:>13}{}\n", left, to_string(line.shape),
                        line.tied ? "shared" : grouped(line.shape.size()), line.frozen ? "  frozen" : "");
  }
  text += grouped(count_numbers(parameters)) + " parameters";
  const Index trainable = count_numbers(parameters, true);
  if (trainable != count_numbers(parameters)) text += fmt::format(", {} of them trainable", grouped(trainable));
  std::string ties;
  for (const NamedParameter& p : parameters) {
    for (const std::string& tie : p.ties) ties += fmt::format("{}{} → {}", ties.empty() ? "" : ", ", tie, p.name);
  }
  if (!ties.empty()) text += ", of which tied: " + ties;
  return text;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
