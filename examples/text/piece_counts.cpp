// piece_counts.cpp: looking a piece up, and making room.
#include "text/piece_counts.hpp"

#include <cstring>
#include <limits>

#include "tensor/error.hpp"
#include "text/hashing.hpp"

namespace lexigrad::text {
void PieceCounts::add(std::string_view piece, Index count) {
  const std::uint64_t hash = hash_of(piece);
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && entry.size == piece.size() &&
        std::memcmp(bytes_.data() + entry.begin, piece.data(), piece.size()) == 0) {
      entry.count += count;
      return;
    }
  }
  if (entries_.size() >= std::numeric_limits<std::uint32_t>::max() / 4) {
    throw ValueError("train", "the text has more than a billion different pieces");
  }
  entries_.push_back({bytes_.size(), piece.size(), hash, count});
  bytes_ += piece;
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  if (2 * entries_.size() > slots_.size()) grow();
}

void PieceCounts::add(const PieceCounts& other) {
  for (std::size_t i = 0; i < other.size(); ++i) add(other.piece(i), other.count(i));
}

void PieceCounts::grow() {
  slots_.assign(2 * slots_.size(), 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace lexigrad::text
