// numbered_text.cpp: numbers to bytes and back.
#include "word2vec/numbered_text.hpp"

namespace lexigrad::word2vec {

void pack_sentence(const std::vector<Index>& numbers, std::string& bytes) {
  for (const Index number : numbers) {
    auto left = static_cast<std::uint32_t>(number + 1);
    for (; left >= 0x80; left >>= 7) bytes += static_cast<char>(left | 0x80);
    bytes += static_cast<char>(left);
  }
  bytes += '\0';
}

NumberedSentences::NumberedSentences(const NumberedText& text, std::size_t piece)
    : ids_(text.ids[text.pieces[piece].numbering]), left_(text.pieces[piece].bytes) {}

bool NumberedSentences::next(std::vector<Index>& ids) {
  ids.clear();
  if (left_.empty()) return false;
  std::size_t at = 0;
  const auto byte = [&] { return static_cast<unsigned char>(left_[at++]); };
  for (std::uint32_t first = byte(); first != 0; first = byte()) {
    std::uint32_t number = first & 0x7F;
    for (int shift = 7; first >= 0x80; shift += 7) {
      first = byte();
      number |= (first & 0x7F) << shift;
    }
    ids.push_back(ids_[number - 1]);
  }
  left_.remove_prefix(at);
  return true;
}

}  // namespace lexigrad::word2vec
