// pretokenizer.hpp: a text cut into the pieces of GPT-2, inside which byte pairs are merged.
//
// The pieces are those of the published pattern
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// found by a scanner written by hand: a contraction in small letters; letters, numbers or other characters in a row,
// each with one blank before it if there is one; white space, which leaves its last character to the next piece.
// Joined, the pieces are the text again. Cutting needs nothing of what stands before a piece, so a text may be cut in
// advance at the places that last_cut() knows. Read next: categories.hpp for letters and numbers, bpe.hpp for what
// becomes of pieces.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lexigrad::text {

/// One byte behind the piece that begins at byte `at` (which must be inside the text). Bytes that are not UTF-8 count
/// as other characters, one each, as U+FFFD would: no byte is lost, and none is joined to a letter. Linear in the
/// piece.
std::size_t piece_end(std::string_view text, std::size_t at);

/// The ends of the next pieces from `at` on, as many as `ends` has room for or the text has; gives how many. The next
/// piece begins at the last of them.
std::size_t piece_ends(std::string_view text, std::size_t at, std::span<std::size_t> ends);

/// All pieces; they point into `text`.
std::vector<std::string_view> split_pieces(std::string_view text);

/// The last place in [from, text.size()) where a piece ends whatever stands before `from` and behind the text, so that
/// text.substr(0, place) and text.substr(place) have the pieces of the whole; nothing where there is none. Such places
/// are: white space after anything else, and a letter or number before anything of another kind. `from` must be at
/// least 1.
std::optional<std::size_t> last_cut(std::string_view text, std::size_t from = 1);

/// A text in parts of about 256 KiB that end at such places (longer where there are none), for several threads.
std::vector<std::string_view> cut_at_pieces(std::string_view text);

}  // namespace lexigrad::text
