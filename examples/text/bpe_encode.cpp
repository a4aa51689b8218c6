// bpe_encode.cpp: text to ids: pieces looked up in the cache, then in the vocabulary, then merged; long texts in parts
// that end where a piece does.
#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "tensor/parallel.hpp"
#include "text/bpe.hpp"
#include "text/pretokenizer.hpp"
#include "text/word_cache.hpp"

namespace lexigrad::text {
namespace {

using Id = Bpe::Id;

constexpr std::size_t short_text = 2048;     // for fewer bytes a cache costs more than it saves
constexpr std::size_t parts_at_a_time = 32;  // ids of so many parts are held apart before they are joined

// Appends to a vector by a pointer: room is made for many ids at once, and what was not needed goes at the end.
class Writer {
 public:
  // For a text of so many bytes.
  Writer(std::vector<Id>& ids, std::size_t bytes)
      : ids_(ids), used_(ids.size()), step_(std::min<std::size_t>(bytes + WordCache::most, 16384)) {}
  ~Writer() { ids_.resize(used_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Id* room(std::size_t count) {
    if (ids_.size() - used_ < count) ids_.resize(used_ + std::max(count, step_));
    return ids_.data() + used_;
  }
  void advance(std::size_t count) { used_ += count; }
  void append(const std::vector<Id>& more) {
    std::copy(more.begin(), more.end(), room(more.size()));
    used_ += more.size();
  }

 private:
  std::vector<Id>& ids_;
  std::size_t used_, step_;
};

}  // namespace

void Bpe::encode_piece(std::string_view piece, std::uint64_t position, std::vector<Id>& ids) const {
  const auto found = find(piece);
  if (found && whole_[static_cast<std::size_t>(*found)] != 0) {
    ids.push_back(static_cast<Id>(*found));
    return;
  }
  const std::size_t from = ids.size();
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const auto byte = static_cast<unsigned char>(piece[i]);
    if (byte_ids_[byte] == MergeTable::none) {
      throw ValueError("encode", fmt::format("byte 0x{:02X} at offset {} has no token in this vocabulary of {}", byte,
                                             position + i, tokens_));
    }
    ids.push_back(byte_ids_[byte]);
  }
  merge_all(table_, ids, from);
}

// Some pieces are found at a time: the cache line of each is on its way while the others are looked for.
void Bpe::encode_ordinary(std::string_view text, std::uint64_t position, std::vector<Id>& ids, WordCache* cache) const {
  struct Place {
    std::size_t begin, size;
    WordCache::Key key;
    std::size_t pair;
  };
  std::array<std::size_t, 32> ends;
  std::array<Place, 32> places;
  Writer writer(ids, text.size());
  std::vector<Id> fresh;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t count = piece_ends(text, at, ends);
    for (std::size_t i = 0; i < count; at = ends[i++]) {
      Place& place = places[i];
      place = {at, ends[i] - at, {}, 0};
      if (cache == nullptr || place.size > WordCache::longest) continue;
      place.key = WordCache::key(text.data() + at, place.size, text.size() - at);
      place.pair = cache->pair_of(place.key);
      cache->prefetch(place.pair);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Place& place = places[i];
      const bool cached = cache != nullptr && place.size <= WordCache::longest;
      if (const auto* slot = cached ? cache->find(place.pair, place.key) : nullptr) {
        std::copy(slot->ids.begin(), slot->ids.end(), writer.room(WordCache::most));
        writer.advance(slot->count);
        continue;
      }
      fresh.clear();
      encode_piece(text.substr(place.begin, place.size), position + place.begin, fresh);
      writer.append(fresh);
      if (cached && fresh.size() <= WordCache::most) cache->put(place.pair, place.key, fresh);
    }
  }
}

void Bpe::encode_long(std::string_view text, std::uint64_t position, std::vector<Id>& ids, CachePool& caches) const {
  if (text.size() <= short_text) return encode_ordinary(text, position, ids, nullptr);
  const std::vector<std::string_view> parts = cut_at_pieces(text);
  const auto encode = [&](std::string_view part, std::vector<Id>& result) {
    const auto before = static_cast<std::uint64_t>(part.data() - text.data());
    caches.with_cache([&](WordCache& cache) { encode_ordinary(part, position + before, result, &cache); });
  };
  if (parts.size() == 1) return encode(text, ids);
  for (std::size_t first = 0; first < parts.size(); first += parts_at_a_time) {
    std::vector<std::vector<Id>> results(std::min(parts_at_a_time, parts.size() - first));
    parallel_for(static_cast<Index>(results.size()), 1, [&](Index begin, Index end) {
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        encode(parts[first + i], results[i]);
      }
    });
    for (const auto& result : results) ids.insert(ids.end(), result.begin(), result.end());
  }
}

// The first special token from byte `from` on: its place and its id; text.size() where there is none.
std::pair<std::size_t, Index> Bpe::next_special(std::string_view text, std::size_t from) const {
  for (std::size_t at = text.find('<', from); at != std::string_view::npos; at = text.find('<', at + 1)) {
    Index best = -1;
    for (const Index id : specials_) {
      const bool longer = best < 0 || bytes(id).size() > bytes(best).size();
      if (longer && text.substr(at).starts_with(bytes(id))) best = id;
    }
    if (best >= 0) return {at, best};
  }
  return {text.size(), -1};
}

void Bpe::refuse(Index special, std::uint64_t position) const {
  throw ValueError("encode", fmt::format("the text holds the special token {} at offset {}, which is refused",
                                         printable(bytes(special)), position));
}

void Bpe::encode(std::string_view text, std::vector<Id>& ids, Specials specials) const {
  CachePool caches;
  if (specials == Specials::ordinary) return encode_long(text, 0, ids, caches);
  for (std::size_t at = 0; at < text.size();) {
    const auto [place, special] = next_special(text, at);
    if (special >= 0 && specials == Specials::refused) refuse(special, place);
    encode_long(text.substr(at, place - at), at, ids, caches);
    if (special < 0) return;
    ids.push_back(static_cast<Id>(special));
    at = place + bytes(special).size();
  }
}

std::vector<Index> Bpe::encode(std::string_view text, Specials specials) const {
  std::vector<Id> ids;
  encode(text, ids, specials);
  return {ids.begin(), ids.end()};
}

Encoding Bpe::encode_with_offsets(std::string_view text, Specials specials) const {
  Encoding result{encode(text, specials), {0}};
  for (const Index id : result.ids) {  // the tokens are the text, cut
    result.offsets.push_back(result.offsets.back() + static_cast<Index>(bytes(id).size()));
  }
  return result;
}

}  // namespace lexigrad::text
