// axis.hpp: a direction of meaning between two sets of words, and where other words lie along it.
//
//   Axis gender = make_axis(table, {"woman", "girl"}, {"man", "boy"});
//   double x = project(table, gender, "queen");      // over 0: towards the first set
//   double a = auc(project(table, gender, names_f), project(table, gender, names_m));   // 1: parted without error
//
// An axis is a difference of means, not a trained classifier. Read next: evaluate.hpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "vectors/neighbours.hpp"

namespace lexigrad::vectors {

struct Axis {
  std::vector<double> direction;  ///< [dim], length 1
};

/// The mean of the unit rows of one set minus that of the other, scaled to length 1. Throws IndexError for unknown
/// words; ValueError for an empty set, a word without a direction, or sets whose means are the same.
Axis make_axis(const WordTable& table, const std::vector<std::string>& positive,
               const std::vector<std::string>& negative);

/// The cosine of a word with the axis, in [-1, 1]; 0 for a word without a direction. Throws IndexError for unknown
/// words, ShapeError when the axis is of another width.
double project(const WordTable& table, const Axis& axis, std::string_view word);
std::vector<double> project(const WordTable& table, const Axis& axis, const std::vector<std::string>& words);

/// How much of a direction lies in few of its dimensions: Σ of its `count` largest squares over Σ of all squares. 1
/// when it points along `count` dimensions, count / dim when it is equal in all. That of noise is far above the latter,
/// since the largest are picked after the draw: 0.39 for a twelfth of many independent normal numbers. Throws
/// ValueError when count is not in [1, dim], or when the direction has no length.
double share_of_strongest(const std::vector<double>& direction, Index count);

/// The chance that a positive score is larger than a negative one, ties counted half: 1 parted without error, 0.5
/// noise. It is the Mann-Whitney U over the count of pairs (Hanley, McNeil 1982). O(n log n).
/// Throws ValueError when a side is empty or holds NaN.
double auc(const std::vector<double>& positive, const std::vector<double>& negative);

struct Extremes {
  std::vector<Scored> positive, negative;  ///< outermost first
};

/// The `count` words that lie furthest out at each end, from `candidates` (rows) or, when it is empty, the whole
/// table; rows without a direction are left out. Throws ValueError when count < 0, IndexError for rows outside.
Extremes extremes(const WordTable& table, const Axis& axis, Index count, std::vector<Index> candidates = {});

}  // namespace lexigrad::vectors
