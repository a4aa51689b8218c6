// pieces.hpp: texts of any size, read piece by piece: no more than a few pieces are in memory at a time.
//
// A piece ends with a line where it can, else at a blank, so no word is ever cut. Where pieces end depends on the text
// alone, never on threads: they are the units of work, of random numbers and of going on after a stop.
// Read next: sentences.hpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lexigrad::word2vec {

/// A place in a list of texts: so many bytes into one of them.
struct Place {
  std::size_t text = 0;      ///< which one
  std::uint64_t offset = 0;  ///< bytes before it
};

/// One or more texts, to be read from the beginning as often as needed.
class Texts {
 public:
  static constexpr std::size_t piece_bytes = std::size_t{1} << 16;  ///< most that a piece holds

  /// Files. Throws FileError for one that is missing, a folder, a device or a pipe (it cannot be read twice).
  explicit Texts(std::vector<std::string> paths);
  /// A text in memory, which must outlive the object.
  explicit Texts(std::string_view text);

  /// The next piece, beginning at `place`, which moves behind it; "" at the end. A byte-order mark is left out. Throws
  /// FileError when a file cannot be read, and for a word longer than a piece.
  std::string next(Place& place) const;

  std::uint64_t bytes() const;                         ///< of all texts
  std::string name(std::size_t text) const;            ///< for errors
  std::size_t count() const { return sizes_.size(); }  ///< of texts

 private:
  std::string read(Place place, std::size_t count) const;

  std::vector<std::string> paths_;
  std::string_view memory_;
  std::vector<std::uint64_t> sizes_;
};

struct Piece {
  std::string text;
  Place at;  ///< where it begins
};
/// Up to `count` pieces from `place` on, which moves behind them.
std::vector<Piece> next_pieces(const Texts& texts, Place& place, std::size_t count);

}  // namespace lexigrad::word2vec
