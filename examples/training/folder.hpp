// folder.hpp: the folder that a run writes to, and the mark by which a resumed run knows its text again.
//
// Read next: step.hpp, one step of training.
#pragma once
#include <string>
#include <vector>

#include "nn/checkpoint.hpp"
#include "text/tokens.hpp"

namespace lexigrad::training {

/// The file of a run's folder that it is resumed from.
inline constexpr const char* checkpoint_name = "checkpoint.safetensors";

/// Makes the folder and tries to write into it, before any training. Throws FileError naming the path.
void prepare_folder(const std::string& path);

/// A number that tells one stream of tokens from another (FNV-1a, 64 bits), and their count. Of more than 2^24 tokens,
/// that many at equal distances are looked at.
std::string fingerprint(const text::Tokens& tokens);

/// The mark of a run's text: both streams, and how each token is spelt, since other texts may have the same ids.
std::string text_mark(const text::Tokens& train, const text::Tokens& held_out, const std::vector<std::string>& words);

/// Throws FileError when the metadata's "text" is not this mark: the run in `folder` had another text.
void check_text(const Metadata& metadata, const std::string& mark, const std::string& folder);

}  // namespace lexigrad::training
