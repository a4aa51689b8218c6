// saving.cpp: writing the files.
#include "word2vec/saving.hpp"

#include "nn/atomic_file.hpp"
#include "vectors/map.hpp"
#include "vectors/word2vec_binary.hpp"
#include "vectors/word2vec_text.hpp"

namespace lexigrad::word2vec {

void write_files(const std::string& folder, const Vocabulary& vocabulary, const vectors::WordTable& table) {
  vectors::write_word2vec_text(folder + "/vectors.txt", table);
  vectors::write_word2vec_binary(folder + "/vectors.bin", table);
  save_vocabulary(folder + "/vocab.txt", vocabulary);
}

void write_map(const std::string& folder, const vectors::WordTable& table, const Tensor& noise) {
  const Index count = noise.dim(0);
  const vectors::WordTable before({table.words.begin(), table.words.begin() + count}, noise);
  write_text_file(folder + "/map.html", vectors::map_html(table, {.before = &before,
                                                                  .title = "what word2vec learned",
                                                                  .before_title = "noise",
                                                                  .after_title = "trained",
                                                                  .words = count}));
}

}  // namespace lexigrad::word2vec
