// pca.hpp: the two directions in which some rows of a table differ most: a flat picture of a high space.
//
//   Pca map = pca(table.unit_rows(), table.known(words));     // map.points[i] = {x, y} of the i-th known word
//
// Two components, since that is what a map needs; not a general eigensolver. Read next: plot.hpp.
#pragma once
#include <array>
#include <vector>

#include "tensor/tensor.hpp"

namespace lexigrad::vectors {

struct Pca {
  std::vector<std::array<double, 2>> points;      ///< one per row: its coordinates along the two components
  std::array<std::vector<double>, 2> components;  ///< [dim] each, length 1 and orthogonal; all 0 when there is none
  std::array<double, 2> variance{};               ///< of the points along each component (divided by n - 1)
  double total_variance = 0.0;                    ///< over all dims; variance / total_variance is what the map shows
};

/// The two first principal components of the given rows of `vectors` [n, dim] (Pearson 1901), by orthogonal iteration
/// in double from a fixed start: the same rows give the same map. The largest loading of a component is positive.
/// Fewer than two rows, or equal ones, give points at 0. Components of nearly equal variance mix freely.
/// Throws ShapeError when the rank is not 2, IndexError for rows outside, ValueError for NaN or infinity in a row.
Pca pca(const Tensor& vectors, const std::vector<Index>& rows);

}  // namespace lexigrad::vectors
