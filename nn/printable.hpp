// printable.hpp: words of a file as an error may print them. A file may call a tensor anything: a line end, an escape
// sequence that repaints the terminal, ten megabytes. The message stays one line that can be read.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// `text` on one line: bytes of control characters, of marks that turn the direction of writing or end a line, and
/// bytes that are not UTF-8 become `\x1B`; of a long text the first 64 bytes or so and its size in bytes; "" when
/// empty.
std::string printable(std::string_view text);

/// Bytes of the well-formed UTF-8 sequence that `text` begins with, and the code point; 0 when it begins with none.
/// Refused are overlong forms, surrogates, values over U+10FFFF (the table of RFC 3629, section 4).
std::size_t decode_utf8(std::string_view text, char32_t& value);

}  // namespace lexigrad::inline LEXIGRAD_NS
