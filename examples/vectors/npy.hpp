// npy.hpp: tables as NumPy's `.npy` files, which hold numbers and no words: these stand in a text file of their own.
//
//   np.save("table.npy", vectors)                            [words, dim], float16, float32 or float64, either order
//   open("table.txt", "w").write("\n".join(words))           one word a line, in the order of the rows
//
// Versions 1.0 to 3.0 of the format, little-endian. Arrays of objects (pickles) are refused. Read next: formats.hpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.hpp"

namespace lexigrad::vectors {

/// The array of a file [rows, dim], or its first `rows` (0: all). `name` stands for the file in errors. Throws
/// FileError when it is no .npy file, holds no two-dimensional array of floats, or has not the bytes that its header
/// tells.
Tensor parse_npy(std::string_view bytes, const std::string& name, Index rows = 0);
/// Writes a tensor as float32 (float64 in a build with double), row-major. The file appears complete or not at all.
/// Throws FileError.
void write_npy(const std::string& path, const Tensor& tensor);

/// The words of a list, one a line: of a line with a tab what stands before it, and where each line ends with a blank
/// and a whole number (word2vec's vocabularies) what stands before that. CR LF, a byte-order mark and a missing last
/// line end are fine. Throws FileError for an empty line, naming it.
std::vector<std::string> parse_words(std::string_view text, const std::string& name);
/// Such a list of words. Throws ValueError for a word that is empty or holds a tab or line end.
std::string word_list(const std::vector<std::string>& words);

}  // namespace lexigrad::vectors
