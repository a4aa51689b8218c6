// bpe_stream.cpp: where a text that is not over yet may be cut, and which bytes may still become a character.
#include "text/bpe_stream.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "text/pretokenizer.hpp"
#include "text/word_cache.hpp"

namespace lexigrad::text {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct Sequence {
  std::size_t bytes = 1;  // of the character, or of the longest part of one that the bytes begin with; at least 1
  bool whole = false;     // a character
  bool open = false;      // the bytes end before it is decided
};

// The sequence that `bytes` (not empty) begins with; the ranges are those of table 3-7 of The Unicode Standard.
Sequence sequence_of(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, true, false};
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0) return {};
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  for (std::size_t i = 1; i < length; ++i) {
    if (i == bytes.size()) return {i, false, true};
    const bool fits = i == 1 ? byte(i) >= low && byte(i) <= high : byte(i) >= 0x80 && byte(i) <= 0xBF;
    if (!fits) return {i, false, false};
  }
  return {length, true, false};
}

// Moves what is certain from `bytes` to the result.
std::string take_valid(std::string_view& bytes, bool all) {
  std::string text;
  while (!bytes.empty()) {
    const Sequence here = sequence_of(bytes);
    if (here.open && !all) break;
    text += here.whole ? bytes.substr(0, here.bytes) : replacement;
    bytes.remove_prefix(here.bytes);
  }
  return text;
}

}  // namespace

std::string valid_text(std::string_view bytes) { return take_valid(bytes, true); }

std::string BpeDecoder::feed(Index id) {
  held_ += bpe_.bytes(id);
  std::string_view rest = held_;
  std::string text = take_valid(rest, false);
  held_.erase(0, held_.size() - rest.size());
  return text;
}

std::string BpeDecoder::finish() {
  const std::string text = valid_text(held_);
  held_.clear();
  return text;
}

BpeStream::BpeStream(const Bpe& bpe, Specials specials)
    : bpe_(bpe), specials_(specials), caches_(std::make_unique<CachePool>()) {}

BpeStream::~BpeStream() = default;

void BpeStream::feed(std::string_view part, std::vector<Bpe::Id>& ids) {
  rest_ += part;
  take(false, ids);
}

void BpeStream::finish(std::vector<Bpe::Id>& ids) {
  take(true, ids);
  position_ = 0;
}

// Encodes what is certain, and drops it from rest_.
void BpeStream::take(bool all, std::vector<Bpe::Id>& ids) {
  const std::string_view text = rest_;
  std::size_t done = 0;
  const auto encode_to = [&](std::size_t end) {
    bpe_.encode_long(text.substr(done, end - done), position_ + done, ids, *caches_);
    done = end;
  };
  // A special token that has not come whole yet must not be cut: `kept` bytes at the end may be the beginning of one.
  std::size_t kept = 0;
  while (specials_ != Specials::ordinary) {
    for (const Index id : bpe_.specials()) kept = std::max(kept, bpe_.bytes(id).size() - 1);
    const auto [place, special] = bpe_.next_special(text, done);
    if (special < 0 || (!all && place + kept >= text.size())) break;
    if (specials_ == Specials::refused) bpe_.refuse(special, position_ + place);
    encode_to(place);
    ids.push_back(static_cast<Bpe::Id>(special));
    done = place + bpe_.bytes(special).size();
  }
  const std::string_view settled = text.substr(done, all ? text.size() : std::max(text.size() - done, kept) - kept);
  const std::optional<std::size_t> cut = all ? settled.size() : last_cut(settled, done == 0 ? searched_ : 1);
  if (cut) encode_to(done + *cut);
  searched_ = done == 0 ? std::max<std::size_t>(settled.size(), 4) - 3 : 1;
  position_ += done;
  rest_.erase(0, done);
}

}  // namespace lexigrad::text
