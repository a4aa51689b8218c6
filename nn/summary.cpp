// summary.cpp: laying the tree out.
#include "nn/summary.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// 38597376 → "38,597,376", whatever the locale.
std::string grouped(Index count) {
  std::string digits = std::to_string(count);
  for (auto i = static_cast<Index>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  return digits;
}

// "blocks.0.attn" → "    attn", "blocks.0" → "  blocks.0": the number of a list's element stays with the list.
std::string indented(const std::string& name) {
  std::size_t depth = name.empty() ? 0 : 1, last = 0;
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    if (name[i] != '.' || (name[i + 1] >= '0' && name[i + 1] <= '9')) continue;
    ++depth;
    last = i + 1;
  }
  return std::string(2 * depth, ' ') + name.substr(last);
}

}  // namespace

std::string detail::module_line(const std::string& name, std::string_view kind) {
  return name.empty() ? fmt::format("{}\n", kind) : fmt::format("{:<28} {}\n", indented(name), kind);
}

// The second name of a tie has no numbers of its own.
std::string detail::parameter_line(const std::string& name, const Parameter& p) {
  return fmt::format("{:<28} {:<16} {:>13}{}\n", indented(name), to_string(p.shape()),
                     p.name() != name ? "shared" : grouped(p.size()), p.frozen() ? "  frozen" : "");
}

std::string detail::totals(const NamedParameters& parameters) {
  std::string text = grouped(count_numbers(parameters)) + " parameters";
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
