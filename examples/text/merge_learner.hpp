// merge_learner.hpp: from counted pieces to merges, each the most frequent pair of its time.
//
// All pieces lie in one array of ids. For each pair its count is kept, and the places where it was seen; a merge visits
// only these, and changes the counts of the pairs on either side. Counts are exact at all times, so the work is that of
// the merges themselves, not of the text for each. Read next: merge_learner.cpp.
#pragma once
#include <functional>
#include <vector>

#include "text/bpe.hpp"
#include "text/piece_counts.hpp"

namespace lexigrad::text {

/// Merges in the order in which they were learned, until there are `tokens` tokens (bytes are 256 of them) or no pair
/// occurs `min_count` times. The rule for ties is told in bpe_training.hpp. `progress`, if set, hears of every 256th.
std::vector<Bpe::Merge> learn_merges(const PieceCounts& pieces, std::size_t tokens, Index min_count,
                                     const std::function<void(Index)>& progress);

}  // namespace lexigrad::text
