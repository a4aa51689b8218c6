// layout.hpp: words on a plane so that near ones stay near: t-SNE with the Barnes-Hut approximation.
//
//   std::vector<Point> places = layout(table, rows);           // one for each row
//   align(other_places, places);                               // turned so that two pictures can be compared
//
// Distances between far groups, sizes of groups and the directions of the axes of such a picture mean nothing; what
// lies side by side does. PCA (pca.hpp) keeps directions and loses nearness. Read next: quadtree.hpp, map.hpp.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

using Point = std::array<double, 2>;

/// Fewer rows than this are laid out by one thread.
constexpr Index few_words = 5000;

struct LayoutOptions {
  double perplexity = 20.0;  ///< about how many neighbours count for a word
  int rounds = 300;          ///< steps of gradient descent
  double theta = 0.7;        ///< at most 0.7: how wide a far cell may look and still count as one point; 0: exact
  /// Called after each round with the count of rounds done; for progress.
  std::function<void(int)> progress = {};
};

/// t-SNE (van der Maaten, Hinton 2008) on cosine distances of the 3 · perplexity nearest neighbours, found exactly,
/// with repulsion by a quadtree (van der Maaten 2014), from the two principal components. O(n² dim) for the neighbours,
/// at the speed of matrix products, and O(n log n) a round. No random numbers: the same rows give the same picture,
/// with any number of threads. Rows without a direction lie at the middle. Throws IndexError for rows outside,
/// ValueError for a perplexity below 1.
std::vector<Point> layout(const WordTable& table, const std::vector<Index>& rows, const LayoutOptions& options = {});

/// Moves, turns, mirrors and scales `points` as a whole so that they come as near as possible to `target`, place by
/// place (Procrustes; Schönemann 1966). Throws ValueError when the counts differ.
void align(std::vector<Point>& points, const std::vector<Point>& target);

}  // namespace lexigrad::vectors
