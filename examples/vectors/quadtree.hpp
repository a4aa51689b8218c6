// quadtree.hpp: points on a plane in nested squares, each with its count and centre, for forces between all pairs of
// points in n log n. Used by layout.cpp alone.
#pragma once
#include <vector>

#include "vectors/layout.hpp"

namespace lexigrad::vectors {

class Quadtree {
 public:
  explicit Quadtree(const std::vector<Point>& points);

  /// Σ over the other points, or cells that look smaller than theta, of count · q² · (p - centre), and of count · q,
  /// where q = 1 / (1 + |p - centre|²): the repulsion of t-SNE, not yet divided by its normaliser, and p's share of
  /// that.
  struct Repulsion {
    Point force{0.0, 0.0};
    double normaliser = 0.0;
  };
  Repulsion repulsion(const Point& p, double theta) const;

 private:
  struct Cell {
    Point centre{0.0, 0.0};  // of mass
    double count = 0.0;
    double width = 0.0;
    int child = -1;  // the first of four that follow each other; -1: a leaf
  };

  void fill(int cell, Point corner, double width, std::vector<Point>::iterator begin, std::vector<Point>::iterator end,
            int depth);

  std::vector<Cell> cells_;
};

}  // namespace lexigrad::vectors
