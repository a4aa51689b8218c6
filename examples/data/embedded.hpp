// embedded.hpp: the texts that are built into the programs. Their sources stand beside this file.
#pragma once
#include <string_view>

namespace lexigrad::data {

/// corpus.txt: one small text in simple English, written for this project. See README.md in this folder.
std::string_view corpus();
/// lists.txt: words by kind, `name: words` a line; lines that begin with # are notes.
std::string_view lists();

}  // namespace lexigrad::data
