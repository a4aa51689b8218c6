// plot_map.cpp: map_svg: two panels of words; each label takes the first free place near its dot.
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "vectors/plot.hpp"
#include "vectors/svg.hpp"

namespace lexigrad::vectors {
namespace {

constexpr double font = 12.5, dot_radius = 2.6;
constexpr std::size_t longest_label = 24;  // characters
constexpr std::string_view ungrouped = "#6b6b6b";

struct Box {
  double x = 0, y = 0, w = 0, h = 0;
  int side = 0;  // of a label: where its dot is not: 1 right of the dot, -1 left, 0 above or below

  bool overlaps(const Box& o) const { return x < o.x + o.w && o.x < x + w && y < o.y + o.h && o.y < y + h; }
  bool inside(const Box& o) const { return x >= o.x && y >= o.y && x + w <= o.x + o.w && y + h <= o.y + o.h; }
};

struct Mark {
  const MapPoint* point;
  std::string label;
  std::string_view colour;
  double x, y;  // pixels
};

using Colours = std::unordered_map<std::string, std::string_view>;  // by word

// From the points' units to the pixels of `panel`, less a margin that leaves room for labels.
std::vector<Mark> place_points(const std::vector<MapPoint>& points, const Box& panel, const Colours& colours) {
  double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  std::vector<Mark> marks;
  for (const MapPoint& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    const double at[2] = {point.x, point.y};
    for (int k = 0; k < 2; ++k) low[k] = std::min(low[k], at[k]), high[k] = std::max(high[k], at[k]);
    const auto colour = colours.find(point.word);
    marks.push_back(
        {&point, svg::shorten(point.word, longest_label), colour == colours.end() ? ungrouped : colour->second, 0, 0});
  }
  const auto along = [&](int k, double value) {
    // Half each, so that the difference of very large numbers does not overflow. All points in one place: the middle.
    return high[k] > low[k] ? (value / 2 - low[k] / 2) / (high[k] / 2 - low[k] / 2) : 0.5;
  };
  constexpr double side = 36, above = 22;
  for (Mark& mark : marks) {
    mark.x = panel.x + side + along(0, mark.point->x) * (panel.w - 2 * side);
    mark.y = panel.y + panel.h - above - along(1, mark.point->y) * (panel.h - 2 * above);
  }
  return marks;
}

// The box of a label at direction (dx, dy) from its dot, each -1, 0 or 1, with a gap in pixels between the two.
Box label_box(const Mark& mark, int dx, int dy, double gap) {
  const double w = svg::text_width(mark.label, font), h = font * 1.05;
  const double diagonal = dx != 0 && dy != 0 ? 0.7 : 1.0;
  return {mark.x + dx * gap * diagonal + (dx - 1) * w / 2, mark.y + dy * gap * diagonal + (dy - 1) * h / 2, w, h, dx};
}

bool free_of(const Box& box, const std::vector<Box>& taken) {
  return std::none_of(taken.begin(), taken.end(), [&](const Box& other) { return box.overlaps(other); });
}

// The nearest place of a label that is free of all in `taken` and in `lines`; of width 0 where there is none.
Box find_place(const Mark& mark, const Box& panel, const std::vector<Box>& taken, const std::vector<Box>& lines) {
  static constexpr int directions[8][2] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {-1, -1}, {1, 1}, {-1, 1}};
  for (const double gap : {5.0, 12.0, 20.0, 29.0}) {
    for (const auto& [dx, dy] : directions) {
      const Box box = label_box(mark, dx, dy, gap);
      if (box.inside(panel) && free_of(box, taken) && free_of(box, lines)) return box;
    }
  }
  return {};
}

// Greedy placement: labels in order, places from near to far, free of dots and of earlier labels, and of arrows where
// that can be had. Returns a box per mark, of width 0 where none was free.
std::vector<Box> place_labels(const std::vector<Mark>& marks, const std::vector<Box>& lines, const Box& panel) {
  std::vector<Box> taken, boxes;
  for (const Mark& mark : marks)
    taken.push_back({mark.x - dot_radius, mark.y - dot_radius, 2 * dot_radius, 2 * dot_radius});
  for (const Mark& mark : marks) {
    Box found = find_place(mark, panel, taken, lines);
    if (found.w == 0 && !lines.empty()) found = find_place(mark, panel, taken, {});
    if (found.w > 0) taken.push_back(found);
    boxes.push_back(found);
  }
  return boxes;
}

void draw_arrow(svg::Drawing& drawing, const Mark& from, const Mark& to) {
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::hypot(dx, dy);
  if (length < 16) return;  // no room for a head
  const double ux = dx / length, uy = dy / length;
  const double tip_x = to.x - 5 * ux, tip_y = to.y - 5 * uy, base_x = tip_x - 9 * ux, base_y = tip_y - 9 * uy;
  drawing.line(from.x + 4 * ux, from.y + 4 * uy, base_x, base_y, "#8a8a8a", 1.3);
  drawing.raw(fmt::format(R"(<polygon points="{} {} {} {} {} {}" fill="#8a8a8a"/>)", svg::number(tip_x),
                          svg::number(tip_y), svg::number(base_x - 4 * uy), svg::number(base_y + 4 * ux),
                          svg::number(base_x + 4 * uy), svg::number(base_y - 4 * ux)));
}

using Arrow = std::pair<const Mark*, const Mark*>;

std::vector<Arrow> find_arrows(const std::vector<Mark>& marks, const std::vector<MapArrow>& arrows) {
  std::unordered_map<std::string, const Mark*> by_word;
  for (const Mark& mark : marks) by_word.try_emplace(mark.point->word, &mark);
  std::vector<Arrow> found;
  for (const MapArrow& arrow : arrows) {
    const auto from = by_word.find(arrow.from), to = by_word.find(arrow.to);
    if (from != by_word.end() && to != by_word.end()) found.emplace_back(from->second, to->second);
  }
  return found;
}

// Small boxes along the arrows, for labels to keep off.
std::vector<Box> boxes_along(const std::vector<Arrow>& arrows) {
  constexpr double size = 4.0;
  std::vector<Box> boxes;
  for (const auto& [from, to] : arrows) {
    const int count = static_cast<int>(std::hypot(to->x - from->x, to->y - from->y) / size);
    for (int i = 1; i < count; ++i) {
      const double x = from->x + (to->x - from->x) * i / count, y = from->y + (to->y - from->y) * i / count;
      boxes.push_back({x - size / 2, y - size / 2, size, size});
    }
  }
  return boxes;
}

void draw_panel(svg::Drawing& drawing, const Box& panel, const std::string& title, const std::vector<MapPoint>& points,
                const Colours& colours, const MapOptions& options) {
  drawing.rectangle(panel.x, panel.y, panel.w, panel.h, "#fafafa", "#c8c8c8");
  // Bold letters are about a fifth wider.
  drawing.text(panel.x + panel.w / 2, panel.y - 12, svg::fit(title, 16 * 1.2, panel.w),
               {.size = 16, .anchor = "middle", .weight = "bold", .tip = title});
  const std::vector<Mark> marks = place_points(points, panel, colours);
  if (marks.empty())
    drawing.text(panel.x + panel.w / 2, panel.y + panel.h / 2, "no words", {.fill = ungrouped, .anchor = "middle"});
  const std::vector<Arrow> arrows = find_arrows(marks, options.arrows);
  const Box inner{panel.x + 2, panel.y + 2, panel.w - 4, panel.h - 4};
  const std::vector<Box> boxes = place_labels(marks, boxes_along(arrows), inner);
  for (const auto& [from, to] : arrows) draw_arrow(drawing, *from, *to);
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const Mark& mark = marks[i];
    const Box& box = boxes[i];
    drawing.circle(mark.x, mark.y, dot_radius, mark.colour, mark.point->word);
    if (box.w == 0) {
      ++left_out;
      continue;
    }
    // A label that had to go far is tied to its dot by a thin line to the nearest point of its box.
    const double near_x = std::clamp(mark.x, box.x, box.x + box.w), near_y = std::clamp(mark.y, box.y, box.y + box.h);
    if (std::hypot(near_x - mark.x, near_y - mark.y) > 8) drawing.line(mark.x, mark.y, near_x, near_y, "#b0b0b0", 0.7);
    // Anchored at the end next to the dot, so that a font wider than supposed grows away from it.
    const double x = box.x + box.w * (1 - box.side) / 2;
    drawing.text(x, box.y + box.h * 0.8, mark.label,
                 {.size = font,
                  .fill = mark.colour,
                  .anchor = box.side > 0   ? "start"
                            : box.side < 0 ? "end"
                                           : "middle",
                  .tip = mark.point->word,
                  .halo = true});
  }
  if (left_out > 0) {
    drawing.text(panel.x + panel.w, panel.y + panel.h + 15, fmt::format("{} labels without room", left_out),
                 {.size = 11, .fill = ungrouped, .anchor = "end"});
  }
}

// Rows of the legend: group indices that fit side by side.
std::vector<std::vector<std::size_t>> legend_rows(const std::vector<MapGroup>& groups, double width) {
  std::vector<std::vector<std::size_t>> rows;
  double used = 0.0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double entry = 40 + svg::text_width(svg::shorten(groups[i].name, 40), 13);
    if (rows.empty() || used + entry > width) rows.emplace_back(), used = 0.0;
    rows.back().push_back(i);
    used += entry;
  }
  return rows;
}

void draw_legend(svg::Drawing& drawing, const std::vector<MapGroup>& groups,
                 const std::vector<std::vector<std::size_t>>& rows, double width, double y) {
  for (const auto& row : rows) {
    double used = 0.0;
    for (const std::size_t i : row) used += 40 + svg::text_width(svg::shorten(groups[i].name, 40), 13);
    double x = (width - used) / 2 + 10;
    for (const std::size_t i : row) {
      const std::string name = svg::shorten(groups[i].name, 40);
      drawing.circle(x, y - 4.5, 5, svg::colour(i), groups[i].name);
      drawing.text(x + 11, y, name, {.size = 13, .tip = groups[i].name});
      x += 40 + svg::text_width(name, 13);
    }
    y += 20;
  }
}

}  // namespace

std::string map_svg(const std::vector<MapPoint>& before, const std::vector<MapPoint>& after,
                    const MapOptions& options) {
  if (options.width < 400 || options.height < 300) {
    throw ValueError("map_svg", fmt::format("{} x {} pixels are too few", options.width, options.height));
  }
  Colours colours;
  for (std::size_t i = 0; i < options.groups.size(); ++i) {
    for (const std::string& word : options.groups[i].words) colours.try_emplace(word, svg::colour(i));
  }
  constexpr double edge = 16, title = 42, gap = 20;
  const auto rows = legend_rows(options.groups, options.width - 2 * edge);
  const double legend = 26 + 20 * static_cast<double>(rows.size());
  const double w = (options.width - 2 * edge - gap) / 2, h = std::max(100.0, options.height - title - legend);
  svg::Drawing drawing(options.width, options.height, options.before_title + " / " + options.after_title);
  draw_panel(drawing, {edge, title, w, h}, options.before_title, before, colours, options);
  draw_panel(drawing, {edge + w + gap, title, w, h}, options.after_title, after, colours, options);
  draw_legend(drawing, options.groups, rows, options.width, title + h + 33);
  return drawing.finish();
}

std::vector<MapPoint> map_points(const WordTable& table, const std::vector<std::string>& words) {
  const std::vector<Index> rows = table.known(words);
  const Pca plane = pca(table.unit_rows(), rows);
  std::vector<MapPoint> points;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    points.push_back({table.words[static_cast<std::size_t>(rows[i])], plane.points[i][0], plane.points[i][1]});
  }
  return points;
}

}  // namespace lexigrad::vectors
