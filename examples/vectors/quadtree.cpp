// quadtree.cpp: built by parting the points at the middle of each square; walked with a stack.
#include "vectors/quadtree.hpp"

#include <algorithm>

namespace lexigrad::vectors {
namespace {

constexpr int deepest = 40;  // points nearer to each other than 2⁻⁴⁰ of the whole share a leaf

}  // namespace

Quadtree::Quadtree(const std::vector<Point>& points) {
  Point low{0.0, 0.0}, high{0.0, 0.0};
  if (!points.empty()) low = high = points[0];
  for (const Point& p : points) {
    for (std::size_t k = 0; k < 2; ++k) low[k] = std::min(low[k], p[k]), high[k] = std::max(high[k], p[k]);
  }
  const double width = std::max({high[0] - low[0], high[1] - low[1], 1e-12});
  std::vector<Point> sorted = points;
  cells_.reserve(2 * points.size() + 1);
  cells_.emplace_back();
  fill(0, low, width, sorted.begin(), sorted.end(), 0);
}

void Quadtree::fill(int cell, Point corner, double width, std::vector<Point>::iterator begin,
                    std::vector<Point>::iterator end, int depth) {
  Point sum{0.0, 0.0};
  for (auto p = begin; p != end; ++p) sum[0] += (*p)[0], sum[1] += (*p)[1];
  const auto count = static_cast<double>(end - begin);
  Cell& own = cells_[static_cast<std::size_t>(cell)];
  own.count = count;
  own.width = width;
  if (begin != end) own.centre = {sum[0] / count, sum[1] / count};
  if (end - begin <= 1 || depth == deepest) return;
  const int child = static_cast<int>(cells_.size());
  own.child = child;
  cells_.resize(cells_.size() + 4);  // `own` is not to be used from here on
  const double half = width / 2.0;
  const Point middle{corner[0] + half, corner[1] + half};
  const auto left_end = std::partition(begin, end, [&](const Point& p) { return p[0] < middle[0]; });
  const auto below = [&](const Point& p) { return p[1] < middle[1]; };
  const auto left_middle = std::partition(begin, left_end, below);
  const auto right_middle = std::partition(left_end, end, below);
  fill(child, corner, half, begin, left_middle, depth + 1);
  fill(child + 1, {corner[0], middle[1]}, half, left_middle, left_end, depth + 1);
  fill(child + 2, {middle[0], corner[1]}, half, left_end, right_middle, depth + 1);
  fill(child + 3, middle, half, right_middle, end, depth + 1);
}

Quadtree::Repulsion Quadtree::repulsion(const Point& p, double theta) const {
  Repulsion result;
  int stack[4 * deepest];
  int height = 0;
  stack[height++] = 0;
  while (height > 0) {
    const Cell& cell = cells_[static_cast<std::size_t>(stack[--height])];
    if (cell.count == 0.0) continue;
    const double dx = p[0] - cell.centre[0], dy = p[1] - cell.centre[1];
    const double distance = dx * dx + dy * dy;
    if (cell.child >= 0 && cell.width * cell.width > theta * theta * distance) {
      for (int k = 0; k < 4; ++k) stack[height++] = cell.child + k;
      continue;
    }
    // The point itself is among the leaves with q = 1 and no force; its 1 is taken off by the caller's sum.
    const double q = 1.0 / (1.0 + distance);
    result.normaliser += cell.count * q;
    result.force[0] += cell.count * q * q * dx;
    result.force[1] += cell.count * q * q * dy;
  }
  result.normaliser -= 1.0;
  return result;
}

}  // namespace lexigrad::vectors
