// evaluate.hpp: numbers that say whether a table has learned what a list of word pairs says.
//
//   PairAccuracy result = pair_accuracy(table, {{"man", "woman"}, {"king", "queen"}, {"boy", "girl"}});
//   fmt::print("{} of {} right\n", result.right, result.asked);          // of 3 · 2 = 6
//
// Read next: neighbours.hpp (the rule of an analogy).
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

using WordPair = std::pair<std::string, std::string>;

struct PairAccuracy {
  Index asked = 0, right = 0;
  Index skipped_pairs = 0;           ///< pairs left out because of an unknown word or one without a direction
  std::vector<std::string> unknown;  ///< those words, each once, in the order of the pairs

  double share() const { return asked == 0 ? 0.0 : static_cast<double>(right) / static_cast<double>(asked); }
};

/// For all ordered p ≠ q of the pairs (first, second): first_p : second_p = first_q : ? is right when the nearest word,
/// without the three that were asked with, is second_q. All words of the table are candidates. O(pairs² · words · dim).
/// Throws StateError.
PairAccuracy pair_accuracy(const WordTable& table, const std::vector<WordPair>& pairs);

struct PairStatistics {
  Index words = 0, pairs = 0;  ///< words known, and the unordered pairs of them
  Index unknown = 0;           ///< words left out: unknown, or without a direction
  double mean_absolute = 0.0;  ///< mean of |cosine| over the pairs
  double largest = 0.0;        ///< the largest |cosine| of a pair
};

/// How far from orthogonal the vectors of some words are. In dim dimensions, noise has a mean |cosine| of about
/// sqrt(2 / (pi · dim)): 0.10 for 64. Everything is 0 for fewer than two known words. Throws StateError.
PairStatistics pair_statistics(const WordTable& table, const std::vector<std::string>& words);

}  // namespace lexigrad::vectors
