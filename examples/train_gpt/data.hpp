// data.hpp: texts or a token file as two streams of ids, one to train on and one to validate with.
//
// The last part of the text is the validation part, as in nanoGPT: text is cut by its characters, a token file by its
// tokens. Read next: training.hpp.
#pragma once
#include "text/codec.hpp"
#include "text/tokens.hpp"
#include "train_gpt/options.hpp"

namespace lexigrad::train_gpt {

struct Data {
  text::Codec codec;
  text::Tokens train, validation;  ///< validation is empty where nothing is held back
};

/// Reads what the options say. A vocabulary of characters is that of the whole text, one of byte pairs is made of the
/// training part; between texts, byte-pair streams have `<|endoftext|>`. Throws FileError for files that cannot be
/// read, ValueError when the training part is shorter than the context or the validation part has nothing to predict.
Data read_data(const Options& options);

}  // namespace lexigrad::train_gpt
