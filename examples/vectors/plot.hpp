// plot.hpp: pictures of a training as SVG text: curves over steps, and words on a map before and after.
//
//   write_text_file("loss.svg", loss_svg({{"train", steps, train}, {"held out", steps, valid}}));
//   write_text_file("map.svg", map_svg(before, after, {.groups = {{"royal", {"king", "queen"}}}}));
//
// The files need nothing but themselves: no style sheet, script or font. Words may hold any bytes.
// Not a plotting library: what these two pictures need and no more. Read next: plot_loss.cpp, plot_map.cpp.
#pragma once
#include <string>
#include <vector>

#include "tensor/real.hpp"
#include "vectors/pca.hpp"
#include "vectors/table.hpp"

namespace lexigrad::vectors {

/// One line of a plot. Values that are NaN or infinite (or, on a logarithmic axis, not positive) leave a gap.
struct Curve {
  std::string name;
  std::vector<double> steps, values;  ///< of the same length
};

struct LossPlotOptions {
  std::string title = "Training loss";
  std::string x_label = "step";
  std::string y_label = "loss (nats per token)";
  bool log_y = false;
  int width = 900, height = 520;  ///< pixels
};

/// A line plot with axes, ticks and legend. Long curves are thinned to the least and the largest value per pixel
/// column. Throws ValueError when a curve's steps and values are of different lengths or the size is under 200 × 150.
std::string loss_svg(const std::vector<Curve>& curves, const LossPlotOptions& options = {});

/// A word and its place on a map, in any units. Places that are not finite are left out.
struct MapPoint {
  std::string word;
  double x = 0.0, y = 0.0;
};

/// Words of one colour. A word in several groups has the colour of the first.
struct MapGroup {
  std::string name;
  std::vector<std::string> words;
};

/// An arrow from one word to another, drawn where both are on the map.
struct MapArrow {
  std::string from, to;
};

struct MapOptions {
  std::vector<MapGroup> groups{};
  std::vector<MapArrow> arrows{};
  std::string before_title = "before training: noise";
  std::string after_title = "after training: meaning";
  int width = 1200, height = 640;  ///< pixels
};

/// Two scatter plots side by side, words as labels in the colour of their group, with a legend. Each plot is
/// stretched to fill its panel, each axis on its own: nearness and direction mean something, lengths do not. Labels
/// step aside for each other; one that finds no room is left out, and its dot still tells the word under the mouse.
/// Throws ValueError when the size is under 400 × 300.
std::string map_svg(const std::vector<MapPoint>& before, const std::vector<MapPoint>& after,
                    const MapOptions& options = {});

/// The known words of a list on the plane of their two principal components (of unit rows). Throws like pca().
std::vector<MapPoint> map_points(const WordTable& table, const std::vector<std::string>& words);

}  // namespace lexigrad::vectors
