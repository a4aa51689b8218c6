// answers.hpp: what a command found out, and the three ways to show it: for eyes, for pipes, for programs.
//
// A terminal gets bars and bold heads; a pipe plain columns; --json one object a line. Words of a file may hold any
// bytes: on a screen they are made printable, in JSON bytes that are not UTF-8 become U+FFFD.
// Read next: commands.hpp.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "vectors/search.hpp"

namespace lexigrad::explore {

using Json = nlohmann::ordered_json;

enum class Style { terminal, plain, json };

/// Prints answers in one style.
class Screen {
 public:
  explicit Screen(Style style) : style_(style) {}

  Style style() const { return style_; }
  /// A line above a list; nothing in JSON.
  void head(std::string_view text) const;
  /// Numbered words with scores, a bar for each on a terminal, where 0 to `full` fill it; nothing in JSON.
  void list(const vectors::WordTable& table, const std::vector<vectors::Scored>& found, double full = 1.0) const;
  /// A sentence; nothing in JSON.
  void note(std::string_view text) const;
  /// One object, one line; nothing in the other styles.
  void object(const Json& object) const;

 private:
  Style style_;
};

/// [{"word": …, "score": …}, …]
Json to_json(const vectors::WordTable& table, const std::vector<vectors::Scored>& found);

}  // namespace lexigrad::explore
