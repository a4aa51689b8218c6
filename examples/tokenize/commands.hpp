// commands.hpp: what each command of tokenize does. All throw the errors of text/ and of streams.hpp.
// Read next: encode.cpp, then show.cpp.
#pragma once
#include "tokenize/options.hpp"

namespace lexigrad::tokenize {

void encode(const Options& options);  ///< text to ids
void count(const Options& options);   ///< how many ids
void decode(const Options& options);  ///< ids to bytes
void show(const Options& options);    ///< the pieces, for the eye
void train(const Options& options);   ///< a tokenizer from text

}  // namespace lexigrad::tokenize
