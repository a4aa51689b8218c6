// formats.hpp: a table from whatever holds one, and into whatever is asked for: the format is seen from the content.
//
//   load_table("glove.6B.100d.txt")         word2vec text, or GloVe, which has no first line
//   load_table("GoogleNews.bin.gz")         word2vec binary; all but safetensors packed by gzip, too
//   load_table("table.npy")                 NumPy, with the words in table.txt beside it
//   load_table("out")                       a folder of train_embeddings: vectors.txt, or model.safetensors, vocab.txt
//   load_table("gpt2")                      a folder of GPT-2: wte of model.safetensors, the tokens of vocab.json
//
// Tokens of GPT-2 keep the alphabet of its files, where Ġ is the blank: "Ġking". Odd rows: policy.hpp.
// Read next: word2vec_text.hpp, word2vec_binary.hpp, npy.hpp, checkpoint_table.cpp.
#pragma once
#include <string>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

/// How a file is to be read; `detect` looks at its first bytes.
enum class Format { detect, word2vec, glove, binary, npy, safetensors };
/// "detect", "word2vec", "glove", "binary", "npy", "safetensors". Throws ValueError for another name.
Format format_named(std::string_view name);

struct LoadOptions {
  Format format = Format::detect;
  Index rows = 0;           ///< the first so many words; 0: all
  std::string words = "";   ///< the list of words of .npy and safetensors files; "": found beside them
  std::string tensor = "";  ///< which tensor of a safetensors file; "": wte.weight or its like
};

/// Throws FileError as the readers do; for a folder without a table, naming what was looked for.
WordTable load_table(const std::string& path, const LoadOptions& options = {});

/// Writes the format that the name's ending says: .bin, .npy (with the words in .txt beside it), .safetensors (the
/// same), anything else word2vec text; each but the two with a list of words also with .gz behind. Throws FileError,
/// also where the list would take the place of a text that is no list of words; ValueError for words that the format
/// cannot hold.
void save_table(const std::string& path, const WordTable& table);

/// The table of a folder that holds model.safetensors and vocab.txt or vocab.json, or of such a file; see LoadOptions.
WordTable load_checkpoint_table(const std::string& path, const LoadOptions& options);

}  // namespace lexigrad::vectors
