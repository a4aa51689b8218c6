// plot_loss.cpp: loss_svg: scales, axes, thinned curves, legend.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "vectors/plot.hpp"
#include "vectors/svg.hpp"

namespace lexigrad::vectors {
namespace {

constexpr double right = 24, bottom = 58;  // margins in pixels; those at the left and the top grow with what is in them
constexpr double legend_top = 54, legend_line = 20, legend_font = 13;

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void take(double x) {
    low = std::min(low, x);
    high = std::max(high, x);
  }
};

// From data to pixels. On a logarithmic axis the range is one of logarithms.
struct Scale {
  Range x, y;
  bool log_y = false;
  bool empty = false;              // nothing to show
  double left = 76.0, top = 76.0;  // of the plot area
  double width = 0.0, height = 0.0;

  bool shows(double step, double value) const {
    return std::isfinite(step) && std::isfinite(value) && (!log_y || value > 0.0);
  }
  double map_y(double value) const { return log_y ? std::log10(value) : value; }
  double px(double step) const { return left + (step - x.low) / (x.high - x.low) * width; }
  double py(double value) const { return top + (y.high - map_y(value)) / (y.high - y.low) * height; }
};

// An entry of the legend: where its line begins and its text stands.
struct Entry {
  std::string name;
  double x, y;
};

// Between title and plot, where no curve can run through it; as many lines as it takes.
std::vector<Entry> make_legend(const std::vector<Curve>& curves, double left, double end) {
  std::vector<Entry> entries;
  double x = left, y = legend_top;
  for (const Curve& curve : curves) {
    std::string name = svg::fit(svg::shorten(curve.name, 40), legend_font, end - left - 28);
    const double width = 28 + svg::text_width(name, legend_font);
    if (x > left && x + width > end) x = left, y += legend_line;
    entries.push_back({std::move(name), x, y});
    x += width + 22;
  }
  return entries;
}

std::vector<double> y_ticks(const Scale& scale) {
  if (scale.log_y) return svg::log_ticks(std::pow(10.0, scale.y.low), std::pow(10.0, scale.y.high));
  return svg::linear_ticks(scale.y.low, scale.y.high, std::clamp(static_cast<int>(scale.height / 50), 2, 6));
}

// The ranges of what is to be shown, a little wider than the values.
Scale make_ranges(const std::vector<Curve>& curves, const LossPlotOptions& options) {
  Scale scale;
  scale.log_y = options.log_y;
  for (const Curve& curve : curves) {
    for (std::size_t i = 0; i < curve.steps.size(); ++i) {
      if (!scale.shows(curve.steps[i], curve.values[i])) continue;
      scale.x.take(curve.steps[i]);
      scale.y.take(scale.map_y(curve.values[i]));
    }
  }
  if (!(scale.x.low <= scale.x.high)) {
    scale.empty = true;
    scale.x = scale.y = {0.0, 1.0};
  }
  if (scale.x.low == scale.x.high) scale.x.high = scale.x.low + std::max(1.0, std::abs(scale.x.low));
  double spread = scale.y.high - scale.y.low;
  // Below six digits, ticks would all have the same label: what differs less is drawn as a flat line.
  const double largest = options.log_y ? 1.0 : std::max(std::abs(scale.y.low), std::abs(scale.y.high));
  if (spread < 1e-4 * largest) spread = 0.0;
  const double margin = spread > 0.0 ? 0.05 * spread : largest > 0.0 ? 0.1 * largest : 0.1;
  // A curve that comes near to zero stands on the zero line rather than a little above an odd number.
  const bool from_zero = !options.log_y && scale.y.low >= 0.0 && scale.y.low < 0.25 * scale.y.high;
  scale.y = {from_zero ? 0.0 : scale.y.low - margin, scale.y.high + margin};
  return scale;
}

// The plot area: what legend and tick labels leave of the picture, and at least a tenth of it.
void place_area(Scale& scale, const std::vector<Curve>& curves, const LossPlotOptions& options) {
  scale.height = options.height - scale.top - bottom;
  double widest = 0.0;
  for (const double tick : y_ticks(scale)) widest = std::max(widest, svg::text_width(svg::tick_label(tick), 12));
  scale.left = std::max(scale.left, 40 + widest);
  scale.width = std::max(0.1 * options.width, options.width - scale.left - right);
  const std::vector<Entry> legend = make_legend(curves, scale.left, scale.left + scale.width);
  if (!legend.empty()) scale.top += legend.back().y - legend_top;
  scale.height = std::max(0.1 * options.height, options.height - scale.top - bottom);
}

void draw_axes(svg::Drawing& drawing, const Scale& scale, const LossPlotOptions& options) {
  const double left = scale.left, top = scale.top, floor = top + scale.height, end = left + scale.width;
  double free = floor + 20;  // where the next label may stand without touching the one before
  for (const double tick : y_ticks(scale)) {
    const double y = scale.py(tick);
    drawing.line(left, y, end, y, "#e4e4e4", 1);
    if (y + 4 > free) continue;
    drawing.text(left - 8, y + 4, svg::tick_label(tick), {.fill = "#444444", .anchor = "end"});
    free = y + 4 - 13;
  }
  free = 0.0;
  for (const double tick :
       svg::linear_ticks(scale.x.low, scale.x.high, std::clamp(static_cast<int>(scale.width / 90), 2, 8))) {
    drawing.line(scale.px(tick), floor, scale.px(tick), floor + 5, "#444444", 1);
    const double half = svg::text_width(svg::tick_label(tick), 12) / 2 + 3;
    const double x = std::min(scale.px(tick), options.width - half);  // a long label at the end would be cut
    if (x - half < free) continue;
    drawing.text(x, floor + 20, svg::tick_label(tick), {.fill = "#444444", .anchor = "middle"});
    free = x + half;
  }
  drawing.line(left, top, left, floor, "#444444", 1);
  drawing.line(left, floor, end, floor, "#444444", 1);
  drawing.text(left + scale.width / 2, floor + 44, svg::fit(options.x_label, 13, scale.width),
               {.size = 13, .anchor = "middle"});
  const double middle = top + scale.height / 2;
  drawing.text(20, middle, svg::fit(options.y_label + (options.log_y ? ", logarithmic" : ""), 13, options.height - 8),
               {.size = 13, .anchor = "middle", .transform = fmt::format("rotate(-90 20 {})", svg::number(middle))});
  if (scale.empty) drawing.text(left + scale.width / 2, middle, "no data", {.fill = "#6b6b6b", .anchor = "middle"});
  // Bold letters are about a fifth wider.
  drawing.text(left, 28, svg::fit(options.title, 17 * 1.2, options.width - left - 8),
               {.size = 17, .weight = "bold", .tip = options.title});
}

struct Pixel {
  double x, y;
};

// One unbroken piece of a curve, thinned: of the points in one pixel column the first, lowest, highest and last.
std::string path_of(const std::vector<Pixel>& points) {
  std::string path;
  const auto add = [&](std::size_t i) {
    path += fmt::format("{}{} {}", path.empty() ? "M" : " L", svg::number(points[i].x), svg::number(points[i].y));
  };
  for (std::size_t begin = 0, end = 0; begin < points.size(); begin = end) {
    std::size_t low = begin, high = begin;
    for (; end < points.size() && std::floor(points[end].x) == std::floor(points[begin].x); ++end) {
      if (points[end].y < points[low].y) low = end;
      if (points[end].y > points[high].y) high = end;
    }
    std::vector<std::size_t> keep{begin, std::min(low, high), std::max(low, high), end - 1};
    keep.erase(std::unique(keep.begin(), keep.end()), keep.end());
    for (const std::size_t i : keep) add(i);
  }
  return path;
}

void draw_curve(svg::Drawing& drawing, const Scale& scale, const Curve& curve, std::string_view stroke) {
  std::vector<Pixel> piece;
  const auto flush = [&] {
    if (piece.size() == 1) drawing.circle(piece[0].x, piece[0].y, 2.5, stroke, curve.name);
    if (piece.size() > 1) {
      // Several points per pixel make a band: drawn thin and pale, so that other curves are seen through it.
      const bool band = static_cast<double>(piece.size()) > 2 * (piece.back().x - piece.front().x);
      drawing.raw(fmt::format(R"(<path d="{}" fill="none" stroke="{}" {} stroke-linejoin="round"/>)", path_of(piece),
                              stroke, band ? R"(stroke-width="0.8" stroke-opacity="0.6")" : R"(stroke-width="1.8")"));
    }
    piece.clear();
  };
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    if (scale.shows(curve.steps[i], curve.values[i])) {
      piece.push_back({scale.px(curve.steps[i]), scale.py(curve.values[i])});
    } else {
      flush();
    }
  }
  flush();
}

void draw_legend(svg::Drawing& drawing, const Scale& scale, const std::vector<Curve>& curves) {
  const std::vector<Entry> entries = make_legend(curves, scale.left, scale.left + scale.width);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    drawing.line(entry.x, entry.y - 4, entry.x + 22, entry.y - 4, svg::colour(i), 3);
    drawing.text(entry.x + 28, entry.y, entry.name, {.size = legend_font, .tip = curves[i].name});
  }
}

}  // namespace

std::string loss_svg(const std::vector<Curve>& curves, const LossPlotOptions& options) {
  if (options.width < 200 || options.height < 150) {
    throw ValueError("loss_svg", fmt::format("{} x {} pixels are too few", options.width, options.height));
  }
  for (const Curve& curve : curves) {
    if (curve.steps.size() == curve.values.size()) continue;
    throw ValueError("loss_svg", fmt::format("curve \"{}\" has {} steps and {} values", curve.name, curve.steps.size(),
                                             curve.values.size()));
  }
  Scale scale = make_ranges(curves, options);
  place_area(scale, curves, options);
  svg::Drawing drawing(options.width, options.height, options.title);
  draw_axes(drawing, scale, options);
  draw_legend(drawing, scale, curves);
  for (std::size_t i = 0; i < curves.size(); ++i) draw_curve(drawing, scale, curves[i], svg::colour(i));
  return drawing.finish();
}

}  // namespace lexigrad::vectors
