// map_command.cpp: explore's `map`: the page, a still picture, files for the projector.
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "explore/commands.hpp"
#include "nn/atomic_file.hpp"
#include "vectors/formats.hpp"
#include "vectors/map.hpp"
#include "vectors/plot.hpp"

namespace lexigrad::explore {
namespace {

constexpr std::size_t words_of_picture = 150;

// The first words of the table that have a direction, on a plane.
std::vector<vectors::MapPoint> picture_points(const vectors::WordTable& table, const std::vector<std::string>& words) {
  return table.known(words).empty() ? std::vector<vectors::MapPoint>{} : vectors::map_points(table, words);
}

std::string picture(const vectors::WordTable& table, const vectors::WordTable* before) {
  std::vector<std::string> words;
  for (Index row = 0; row < table.size() && words.size() < words_of_picture; ++row) {
    if (table.has_direction(row)) words.push_back(table.words[static_cast<std::size_t>(row)]);
  }
  vectors::MapOptions options;
  options.before_title = "before";
  options.after_title = "after";
  if (before != nullptr) return vectors::map_svg(picture_points(*before, words), picture_points(table, words), options);
  // One table: its commonest words at the left, those that follow them at the right.
  const std::vector<std::string> first(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(words.size() / 2));
  const std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(words.size() / 2), words.end());
  options.before_title = fmt::format("the first {} words", first.size());
  options.after_title = fmt::format("the next {}", rest.size());
  return vectors::map_svg(picture_points(table, first), picture_points(table, rest), options);
}

// A line that is written over, on a terminal only.
void show_progress(const std::string& what, double share) {
  if (::isatty(STDERR_FILENO) != 1) return;
  fmt::print(stderr, "\r{}: {:>3.0f} %{}", what, 100.0 * share, share >= 1.0 ? "\n" : "");
}

}  // namespace

void make_map(const MapCommand& asked, const vectors::WordTable& table, const Screen& screen) {
  std::optional<vectors::WordTable> before;
  if (!asked.before.empty()) before = vectors::load_table(asked.before);
  vectors::PageOptions options;
  options.before = before ? &*before : nullptr;
  options.title = asked.title.empty() ? "Word map" : asked.title;
  options.words = asked.words;
  options.groups = asked.groups;
  options.progress = show_progress;
  write_text_file(asked.out, vectors::map_html(table, options));
  Json files = {asked.out};
  if (!asked.svg.empty()) {
    write_text_file(asked.svg, picture(table, options.before));
    files.push_back(asked.svg);
  }
  if (!asked.tsv.empty()) {
    vectors::write_projector_files(asked.tsv, table, asked.words);
    files.push_back(asked.tsv + ".vectors.tsv");
    files.push_back(asked.tsv + ".words.tsv");
  }
  for (const auto& file : files) screen.note(fmt::format("written: {}", file.get<std::string>()));
  screen.object({{"command", "map"}, {"files", files}});
}

}  // namespace lexigrad::explore
