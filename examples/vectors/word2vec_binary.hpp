// word2vec_binary.hpp: word vectors as word2vec's `-binary 1` and gensim's `binary=True` write them.
//
//   "2 3\n"  then for each word: its bytes, one blank, dim numbers (4 bytes, little-endian IEEE 754), and '\n' or not
//
// Reading is a walk over the words and a copy of the numbers: the file is mapped, and its rows are copied by several
// threads. Read next: formats.hpp (which picks the reader), word2vec_text.hpp.
#pragma once
#include <string>
#include <string_view>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

/// Reads a file, all rows or the first `rows` (0: all). Odd rows: policy.hpp. Throws FileError with the file and the
/// row when it cannot be read, has no header, ends early, has a row without a word, or more behind the last row than
/// one line end. Memory is taken for rows that are there, not for those promised.
WordTable read_word2vec_binary(const std::string& path, Index rows = 0);
/// The same from memory; `name` stands for the file in errors.
WordTable parse_word2vec_binary(std::string_view bytes, const std::string& name, Index rows = 0);

/// Writes the format with a '\n' behind each row, as word2vec does; numbers as 32-bit floats. The file appears complete
/// or not at all. Throws FileError; ValueError for words that the format cannot hold (empty, or with blank or newline).
void write_word2vec_binary(const std::string& path, const WordTable& table);

}  // namespace lexigrad::vectors
