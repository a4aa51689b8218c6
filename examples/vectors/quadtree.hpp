// quadtree.hpp: points on a plane in nested squares, each with its count and centre, for forces between all pairs of
// points in n log n (Barnes, Hut 1986). Used by layout.cpp alone.
#pragma once
#include <vector>

#include "vectors/layout.hpp"

namespace lexigrad::vectors {

class Quadtree {
 public:
  explicit Quadtree(const std::vector<Point>& points);

  /// The numbers of the points in the order of the squares: points that follow each other lie near each other and walk
  /// through the same cells.
  const std::vector<int>& order() const { return order_; }

  /// For q = 1 / (1 + |p - x|²): Σ q² · (p - x), the repulsion of t-SNE that is not yet divided by its normaliser, and
  /// Σ q, p's share of that, over all points x but one at p. A cell that looks smaller than theta from p counts as many
  /// points at its centre.
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
    int child = -1;          // the first of four that follow each other; -1: a leaf
    int begin = 0, end = 0;  // of a leaf: its points
  };

  void fill(int cell, Point corner, double width, int begin, int end, int depth);

  std::vector<Cell> cells_;
  std::vector<int> order_;
  std::vector<Point> sorted_;  // in that order
};

}  // namespace lexigrad::vectors
