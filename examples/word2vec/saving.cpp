// saving.cpp: writing the files.
#include "word2vec/saving.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "nn/atomic_file.hpp"
#include "vectors/word2vec_text.hpp"

namespace lexigrad::word2vec {
namespace {

// word2vec binary: "count dim\n", then for each row the word, a blank, dim 32-bit floats and a line feed.
void write_word2vec_binary(const std::string& path, const vectors::WordTable& table) {
  AtomicFile file(path);
  file.write(fmt::format("{} {}\n", table.size(), table.dim()));
  const auto dim = static_cast<std::size_t>(table.dim());
  std::vector<float> row(dim);
  for (std::size_t i = 0; i < table.words.size(); ++i) {
    const real* numbers = table.vectors.data() + i * dim;
    for (std::size_t k = 0; k < dim; ++k) row[k] = static_cast<float>(numbers[k]);
    file.write(table.words[i] + " ");
    file.write(row.data(), dim * sizeof(float));
    file.write("\n");
  }
  file.commit();
}

}  // namespace

void prepare_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error || !std::filesystem::is_directory(path)) {
    throw FileError("--out", fmt::format("{}: is not a folder and cannot be made one ({})", path,
                                         error ? error.message() : "a file has that name"));
  }
  AtomicFile probe(path + "/vectors.txt");  // never committed: it only shows that files can be made here
}

void write_files(const std::string& folder, const Vocabulary& vocabulary, const vectors::WordTable& table) {
  vectors::write_word2vec_text(folder + "/vectors.txt", table);
  write_word2vec_binary(folder + "/vectors.bin", table);
  save_vocabulary(folder + "/vocab.txt", vocabulary);
}

}  // namespace lexigrad::word2vec
