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

}  // namespace

std::string summary_text(const std::vector<SummaryLine>& lines, const NamedParameters& parameters) {
  std::string text;
  for (const SummaryLine& line : lines) {
    const auto depth =
        static_cast<std::size_t>(line.name.empty() ? 0 : 1 + std::count(line.name.begin(), line.name.end(), '.'));
    const std::string own = line.name.substr(line.name.rfind('.') + 1);
    const std::string left = std::string(2 * depth, ' ') + (line.name.empty() ? line.kind : own);
    if (!line.kind.empty()) {
      text += line.name.empty() ? left + "\n" : fmt::format("{:<28} {}\n", left, line.kind);
      continue;
    }
    text += fmt::format("{:<28} {:<16} {:>13}{}{}\n", left, to_string(line.shape),
                        line.tied ? "shared" : grouped(line.shape.size()), line.frozen ? "  frozen" : "", "");
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
