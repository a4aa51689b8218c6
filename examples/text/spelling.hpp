// spelling.hpp: words spelt like one that was not found, for error messages.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/shape.hpp"

namespace lexigrad::text {

/// Up to `count` of `words` spelt like `word`, which itself is not among them: nearest first, then in their order.
/// Capitals do not matter; one character added, left out, changed or swapped with its neighbour is distance 1; up to 1
/// in words of up to 4 characters, up to 2 in longer ones. Nothing for words over 64 characters.
/// Distance: optimal string alignment (Damerau 1964), over Unicode code points.
std::vector<std::string> near_spellings(std::string_view word, std::span<const std::string> words, Index count);

}  // namespace lexigrad::text
