// saving.hpp: the folder that a run leaves behind.
#pragma once
#include <string>

#include "vectors/table.hpp"
#include "word2vec/vocabulary.hpp"

namespace lexigrad::word2vec {

/// Makes the folder and tries to write into it, before any training. Throws FileError naming the path.
void prepare_folder(const std::string& path);

/// Writes vectors.txt (word2vec text), vectors.bin (word2vec binary) and vocab.txt; each appears complete or not at
/// all.
void write_files(const std::string& folder, const Vocabulary& vocabulary, const vectors::WordTable& table);

}  // namespace lexigrad::word2vec
