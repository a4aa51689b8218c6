// word2vec_text.hpp: word vectors as text: word2vec's format, and GloVe's, which is the same without the first line.
//
//   3 2                 count and dim; missing in GloVe files
//   cat 1 2             word, blank, dim numbers
//   dog -0.5 0.25
//
// Numbers are read and written with a decimal point whatever the locale says. Only the ASCII blank (or tab) ends a
// word: U+00A0 and its like are part of it. Read next: formats.hpp, which reads these files and all others.
#pragma once
#include <string>
#include <string_view>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

/// `detect` takes a first line of exactly two whole numbers for a header.
enum class TextFormat { detect, word2vec, glove };

/// Reads a file of word vectors. Blanks at line ends, CR LF, a byte-order mark and a missing last newline are fine.
/// All rows, or the first `rows` (0: all). Odd rows: policy.hpp.
/// Throws FileError with file and line when the file cannot be read, is empty or has no rows; when header and rows
/// disagree in count or width; for a line with too few or many columns, without a word, or with something that is no
/// number or lies outside the range of `real`. Memory is taken for the rows that are there, not for those promised.
WordTable read_vectors(const std::string& path, TextFormat format = TextFormat::detect, Index rows = 0);

/// The same from memory; `name` stands for the file in errors.
WordTable parse_vectors(std::string_view text, const std::string& name, TextFormat format = TextFormat::detect,
                        Index rows = 0);

/// Writes word2vec text. Numbers have the fewest digits that read back as the same `real`. The file appears complete
/// or not at all. Throws FileError; ValueError for words that the format cannot hold (empty, or with blank, tab,
/// newline).
void write_word2vec_text(const std::string& path, const WordTable& table);

}  // namespace lexigrad::vectors
