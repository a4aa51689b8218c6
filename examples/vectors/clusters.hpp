// clusters.hpp: words in groups: k-means on the directions of their vectors.
//
//   Clusters groups = clusters(table, rows, 12);        // groups.of[i] in [0, 12) for rows[i]
//
// A way to colour a map; groups of k-means have no meaning of their own, and another seed gives others.
// Read next: layout.hpp, map.hpp.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

struct Clusters {
  std::vector<int> of;  ///< one per row: its group
  std::vector<std::vector<std::string>>
      typical;  ///< of each group three words near its middle that stand early in the table
};

/// Spherical k-means (Dhillon, Modha 2001): each row joins the centre with the largest cosine, each centre becomes the
/// direction of the sum of its rows; at most 25 rounds, from centres picked far apart (k-means++, Arthur, Vassilvitskii
/// 2007). Fewer groups than `count` where there are fewer rows. The same seed, the same groups, with any number of
/// threads. Throws ValueError when count < 1, IndexError for rows outside.
Clusters clusters(const WordTable& table, const std::vector<Index>& rows, int count, std::uint64_t seed = 1);

}  // namespace lexigrad::vectors
