// answers.cpp: columns, bars and JSON lines.
#include "explore/answers.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "nn/printable.hpp"

namespace lexigrad::explore {
namespace {

constexpr double bar_width = 24.0;  // characters

// A bar of eighths of a character: "██████▌".
std::string bar(double share) {
  static const char* const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int length = static_cast<int>(std::lround(std::clamp(std::abs(share), 0.0, 1.0) * bar_width * 8.0));
  std::string text;
  for (int i = 0; i < length / 8; ++i) text += "█";
  return text + eighths[length % 8];
}

}  // namespace

void Screen::head(std::string_view text) const {
  if (style_ == Style::terminal) fmt::print("\x1B[1m{}\x1B[0m\n", text);
  if (style_ == Style::plain) fmt::print("{}\n", text);
}

void Screen::list(const vectors::WordTable& table, const std::vector<vectors::Scored>& found, double full) const {
  if (style_ == Style::json) return;
  int place = 0;
  for (const auto& [id, score] : found) {
    const std::string word = printable(table.words[static_cast<std::size_t>(id)]);
    if (style_ == Style::plain) {
      fmt::print("{:>4}  {:<20}  {:+.4f}\n", ++place, word, score);
    } else {
      const int colour = score < 0 ? 31 : 36;
      fmt::print("{:>4}  {:<20}  {:+.4f}  \x1B[{}m{}\x1B[0m\n", ++place, word, score, colour, bar(score / full));
    }
  }
}

void Screen::note(std::string_view text) const {
  if (style_ != Style::json) fmt::print("{}\n", text);
}

void Screen::object(const Json& object) const {
  if (style_ == Style::json) fmt::print("{}\n", object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json to_json(const vectors::WordTable& table, const std::vector<vectors::Scored>& found) {
  Json list = Json::array();
  for (const auto& [id, score] : found) {
    list.push_back({{"word", table.words[static_cast<std::size_t>(id)]}, {"score", score}});
  }
  return list;
}

}  // namespace lexigrad::explore
