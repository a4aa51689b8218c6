// support.hpp: texts for the tests of word2vec: in memory, and in files that go again.
#pragma once
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/compare.hpp"
#include "word2vec/training.hpp"

namespace lexigrad::word2vec {

/// A file that lives as long as the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes) {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() / fmt::format("lexigrad-word2vec-{}-{}", ::getpid(), ++count);
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline Vocabulary vocabulary_of(std::string_view text, Index min_count = 1, Index max_size = 0) {
  return count_words(Texts(text), WordRule::blanks, {min_count, max_size});
}

/// Lines of `count` words in all, some common and some rare.
inline std::string random_text(Index count) {
  Rng rng(5);
  std::string text;
  for (Index i = 0; i < count; ++i) {
    const double u = rng.uniform();
    text += fmt::format("w{}{}", static_cast<int>(u * u * u * 300.0), i % 11 == 10 ? "\n" : " ");
  }
  return text;
}

}  // namespace lexigrad::word2vec
