// pieces.cpp: reading pieces and finding where they end.
#include "word2vec/pieces.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::word2vec {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\v\f";

}  // namespace

Texts::Texts(std::vector<std::string> paths) : paths_(std::move(paths)) {
  for (const std::string& path : paths_) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    const auto refuse = [&](std::string_view reason) {
      throw FileError("text", fmt::format("'{}' {}; expected a UTF-8 text file", path, reason));
    };
    if (status.type() == std::filesystem::file_type::not_found) refuse("does not exist");
    if (std::filesystem::is_directory(status)) refuse("is a folder");
    if (!std::filesystem::is_regular_file(status)) refuse("is no ordinary file, and a text is read more than once");
    sizes_.push_back(std::filesystem::file_size(path, error));
    if (error || !std::ifstream(path, std::ios::binary)) refuse("cannot be read");
  }
}

Texts::Texts(std::string_view text) : memory_(text), sizes_{text.size()} {}

std::uint64_t Texts::bytes() const { return std::accumulate(sizes_.begin(), sizes_.end(), std::uint64_t{0}); }

std::string Texts::name(std::size_t text) const { return paths_.empty() ? "the embedded corpus" : paths_.at(text); }

std::string Texts::read(Place place, std::size_t count) const {
  if (paths_.empty()) return std::string(memory_.substr(place.offset, count));
  std::ifstream file(paths_[place.text], std::ios::binary);
  std::string bytes(count, '\0');
  file.seekg(static_cast<std::streamoff>(place.offset));
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  if (static_cast<std::size_t>(file.gcount()) != count) {
    throw FileError(
        "text", fmt::format("'{}' cannot be read at offset {}, or has changed", name(place.text),
                            place.offset + static_cast<std::uint64_t>(std::max<std::streamsize>(file.gcount(), 0))));
  }
  return bytes;
}

std::string Texts::next(Place& place) const {
  while (place.text < sizes_.size() && place.offset >= sizes_[place.text]) place = {place.text + 1, 0};
  if (place.text >= sizes_.size()) return "";
  const std::uint64_t left = sizes_[place.text] - place.offset;
  std::string piece = read(place, static_cast<std::size_t>(std::min<std::uint64_t>(left, piece_bytes)));
  if (piece.size() < left) {
    std::size_t end = piece.rfind('\n');
    if (end == std::string::npos) end = piece.find_last_of(blanks);
    if (end == std::string::npos) {
      throw FileError("text",
                      fmt::format("'{}' has a word of over {} bytes at offset {}; expected words between blanks",
                                  name(place.text), piece_bytes, place.offset));
    }
    piece.resize(end + 1);
  }
  const bool first = place.offset == 0;
  place.offset += piece.size();
  if (first && piece.starts_with(byte_order_mark)) piece.erase(0, byte_order_mark.size());
  return piece.empty() ? next(place) : piece;
}

std::vector<Piece> next_pieces(const Texts& texts, Place& place, std::size_t count) {
  std::vector<Piece> pieces;
  while (pieces.size() < count) {
    const Place at = place;
    std::string text = texts.next(place);
    if (text.empty()) break;
    pieces.push_back({std::move(text), at.text == place.text ? at : Place{place.text, 0}});
  }
  return pieces;
}

}  // namespace lexigrad::word2vec
