// beginning.hpp: a table that does not begin as noise: rows of pretrained word vectors. Read next: training.hpp.
#pragma once
#include <string>

#include "train_embeddings/lexicon.hpp"
#include "train_embeddings/training.hpp"

namespace lexigrad::train_embeddings {

/// Writes the rows of the words that the file has (as they stand, or in lower case) into the table, less their mean and
/// scaled as a whole to the deviation of the noise they replace, so that only directions and relative lengths come from
/// the file. Other rows stay noise. Gives a line that says how many words were found. Throws FileError as load_table()
/// does, and when the width is not the table's or no word is found.
std::string begin_with(Model& model, const Lexicon& lexicon, const std::string& path);

}  // namespace lexigrad::train_embeddings
