// quadtree.cpp: built by parting the points at the middle of each square; walked with a stack.
#include "vectors/quadtree.hpp"

#include <algorithm>
#include <numeric>

namespace lexigrad::vectors {
namespace {

constexpr int deepest = 40;     // points nearer to each other than 2⁻⁴⁰ of the whole share a leaf
constexpr int leaf_points = 8;  // fewer cells to walk through; within a leaf all pairs are cheaper

void add(Quadtree::Repulsion& sum, const Point& p, const Point& x, double count) {
  const double dx = p[0] - x[0], dy = p[1] - x[1], q = 1.0 / (1.0 + dx * dx + dy * dy);
  sum.normaliser += count * q;
  sum.force[0] += count * q * q * dx;
  sum.force[1] += count * q * q * dy;
}

}  // namespace

Quadtree::Quadtree(const std::vector<Point>& points) : order_(points.size()), sorted_(points) {
  Point low{0.0, 0.0}, high{0.0, 0.0};
  if (!points.empty()) low = high = points[0];
  for (const Point& p : points) {
    for (std::size_t k = 0; k < 2; ++k) low[k] = std::min(low[k], p[k]), high[k] = std::max(high[k], p[k]);
  }
  std::iota(order_.begin(), order_.end(), 0);
  cells_.reserve(points.size() + 1);
  cells_.emplace_back();
  fill(0, low, std::max({high[0] - low[0], high[1] - low[1], 1e-12}), 0, static_cast<int>(points.size()), 0);
  for (std::size_t i = 0; i < order_.size(); ++i) sorted_[i] = points[static_cast<std::size_t>(order_[i])];
}

// Parts order_[begin, end); sorted_ still holds the points in the order they were given in.
void Quadtree::fill(int cell, Point corner, double width, int begin, int end, int depth) {
  Cell& own = cells_[static_cast<std::size_t>(cell)];
  own.begin = begin;
  own.end = end;
  own.width = width;
  own.count = static_cast<double>(end - begin);
  const auto place = [&](int i) -> const Point& { return sorted_[static_cast<std::size_t>(i)]; };
  for (int i = begin; i < end; ++i) {
    const Point& p = place(order_[static_cast<std::size_t>(i)]);
    own.centre = {own.centre[0] + p[0] / own.count, own.centre[1] + p[1] / own.count};
  }
  if (end - begin <= leaf_points || depth == deepest) return;
  const int child = static_cast<int>(cells_.size());
  own.child = child;
  cells_.resize(cells_.size() + 4);  // `own` is not to be used from here on
  const double half = width / 2.0;
  const Point middle{corner[0] + half, corner[1] + half};
  const auto part = [&](int from, int to, std::size_t axis) {
    const auto split = std::partition(order_.begin() + from, order_.begin() + to,
                                      [&](int i) { return place(i)[axis] < middle[axis]; });
    return static_cast<int>(split - order_.begin());
  };
  const int right = part(begin, end, 0), upper_left = part(begin, right, 1), upper_right = part(right, end, 1);
  fill(child, corner, half, begin, upper_left, depth + 1);
  fill(child + 1, {corner[0], middle[1]}, half, upper_left, right, depth + 1);
  fill(child + 2, {middle[0], corner[1]}, half, right, upper_right, depth + 1);
  fill(child + 3, middle, half, upper_right, end, depth + 1);
}

Quadtree::Repulsion Quadtree::repulsion(const Point& p, double theta) const {
  Repulsion sum;
  int stack[4 * deepest];
  int height = 0;
  stack[height++] = 0;
  while (height > 0) {
    const Cell& cell = cells_[static_cast<std::size_t>(stack[--height])];
    const double dx = p[0] - cell.centre[0], dy = p[1] - cell.centre[1];
    const bool one_place = cell.child < 0 && cell.count > leaf_points;  // a leaf at the deepest level
    if (one_place || cell.width * cell.width < theta * theta * (dx * dx + dy * dy)) {
      add(sum, p, cell.centre, cell.count);
    } else if (cell.child < 0) {
      for (int i = cell.begin; i < cell.end; ++i) add(sum, p, sorted_[static_cast<std::size_t>(i)], 1.0);
    } else {
      for (int k = 0; k < 4; ++k) {
        if (cells_[static_cast<std::size_t>(cell.child + k)].count > 0.0) stack[height++] = cell.child + k;
      }
    }
  }
  sum.normaliser -= 1.0;  // the point itself, which exerts no force
  return sum;
}

}  // namespace lexigrad::vectors
