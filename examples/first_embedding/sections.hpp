// sections.hpp: the five parts of the guided tour, one function each, in the order in which they are printed.
//
// Every number they print is computed when they run; only GPT-2's ids and sizes are typed in. Read next: lookup.cpp.
#pragma once
#include <string>

#include "tensor/random.hpp"

namespace lexigrad::first_embedding {

/// 1: a table, three ids, three rows: a lookup.
void show_lookup(const Rng& rng);
/// 2: what an id is: a label. GPT-2's own ids.
void show_labels();
/// 3: which rows one training step moves, with a head of its own and with a tied one.
void show_one_step(const Rng& rng);
/// 4: "The cat sat on the": the chance of "mat" before training, after 1, 20 and 100 steps.
void show_learning(const Rng& rng);
/// 5: how large real tables are, and their share of the model.
void show_sizes(const Rng& rng);

/// 38597376 → "38,597,376"
std::string thousands(Index number);
/// A heading: a line with the number and the title of a part.
void heading(int number, const char* title);

}  // namespace lexigrad::first_embedding
