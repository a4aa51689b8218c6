// saving.hpp: the folder that a run leaves behind.
#pragma once
#include <string>

#include "vectors/table.hpp"
#include "word2vec/vocabulary.hpp"

namespace lexigrad::word2vec {

/// Writes vectors.txt (word2vec text), vectors.bin (word2vec binary) and vocab.txt; each appears complete or not at
/// all.
void write_files(const std::string& folder, const Vocabulary& vocabulary, const vectors::WordTable& table);

/// Writes map.html with the commonest words, now and as they began: one for each row of `noise` [words, dim].
void write_map(const std::string& folder, const vectors::WordTable& table, const Tensor& noise);

}  // namespace lexigrad::word2vec
