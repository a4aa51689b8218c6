// byte_alphabet.hpp: the printable stand-in of each byte, as files of merges and vocabularies spell tokens.
//
// GPT-2's: the visible characters of Latin-1 stand for themselves (33–126, 161–172, 174–255); the other 68 bytes get
// U+0100 on, in order. A blank is Ġ (U+0120), a line end Ċ (U+010A). Read next: bpe.hpp.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lexigrad::text {

/// The stand-in of each byte.
const std::array<char32_t, 256>& byte_alphabet();

/// The 256 bytes in the order in which GPT-2 gives them ids: by their stand-ins.
const std::array<std::uint8_t, 256>& bytes_by_alphabet();

/// Bytes as files spell them.
std::string spell(std::string_view bytes);

/// The bytes that a word of a file spells; nothing where it holds a character that stands for no byte.
std::optional<std::string> unspell(std::string_view word);

}  // namespace lexigrad::text
