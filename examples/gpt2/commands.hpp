// commands.hpp: what the gpt2 program does with a model and its tokens; each function prints to standard output.
#pragma once
#include <string>
#include <vector>

#include "gpt2/tokens.hpp"
#include "models/generate.hpp"
#include "nn/transformer.hpp"

namespace lexigrad::gpt2 {

/// The tree of modules, and the sizes of the model in words.
void info(const Transformer& model);

/// Prints the prompt and what follows, as it comes; notices go to stderr. An empty prompt begins with the end of text.
/// Throws ValueError where there is none.
void generate(const Transformer& model, const Tokens& tokens, const std::string& prompt,
              const models::GenerateOptions& options, std::uint64_t seed);

/// Loss and perplexity of a file's text, with a window that slides by `stride`.
void score(const Transformer& model, const Tokens& tokens, const std::string& file, Index stride);

/// The `count` tokens whose rows of wte are nearest to that of each token, by cosine.
void neighbours(const Transformer& model, const Tokens& tokens, const std::vector<std::string>& words, Index count);

/// The cosine of each pair of tokens' rows in wte.
void cosines(const Transformer& model, const Tokens& tokens, const std::vector<std::string>& words);

/// The `count` likeliest tokens after a text.
void next(const Transformer& model, const Tokens& tokens, const std::string& text, Index count);

/// A text's whole way through the model on one screen.
void trace(const Transformer& model, const Tokens& tokens, const std::string& text);

/// The ids of a text that fits into the context. Throws ValueError for an empty one and one that is too long.
std::vector<Index> short_text(const Transformer& model, const Tokens& tokens, const std::string& text);

}  // namespace lexigrad::gpt2
