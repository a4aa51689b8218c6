// lock_free.hpp: training without waiting: every thread moves the rows of its own windows at once, in both tables, and
// takes what others are writing as it comes ("Hogwild", Niu, Recht, Ré, Wright 2011).
//
// This is the one exception to the rule that results do not depend on threads. Two threads that move one row at the
// same moment may lose a part of a step, and no two runs give the same bits; with one thread they do. What is raced on
// are plain numbers, which the processor reads and writes whole. Nothing else in the library may be written like this.
#pragma once
#include <span>

#include "word2vec/training.hpp"

namespace lexigrad::word2vec {

/// What a round of pieces brought.
struct RoundResult {
  double loss = 0.0;
  Index inputs = 0;
  Index words = 0;
};

/// Trains on some pieces, a thread for each at a time. `groups(i)` are those of piece i, `rate(words)` is the learning
/// rate after so many words of the round.
RoundResult train_lock_free(Model& model, Index pieces, const std::function<std::vector<Group>(Index)>& groups,
                            const std::function<double(Index)>& rate);

}  // namespace lexigrad::word2vec
