// screen.hpp: the answers as one screen of text, the same before training and after.
#pragma once
#include <string>

#include "train_embeddings/meaning.hpp"

namespace lexigrad::train_embeddings {

/// Some 30 lines, each at most 100 columns, with a newline at the end.
std::string screen(const Meaning& meaning, std::string_view title);

}  // namespace lexigrad::train_embeddings
