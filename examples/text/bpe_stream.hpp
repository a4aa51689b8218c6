// bpe_stream.hpp: text to ids and ids to text where they come in parts: large files, standard input, a model that
// writes one token after the other. What comes out does not depend on how the input was parted. Read next:
// token_file.hpp, where ids of a large text are kept.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/bpe.hpp"

namespace lexigrad::text {

class CachePool;

/// Encodes a text that comes in parts, in memory for one part and the longest piece (a stretch of text with no place to
/// cut it: a word, or a run of blanks). Large parts are encoded by several threads. The Bpe must outlive it.
class BpeStream {
 public:
  explicit BpeStream(const Bpe& bpe, Specials specials = Specials::ordinary);
  ~BpeStream();
  BpeStream(const BpeStream&) = delete;
  BpeStream& operator=(const BpeStream&) = delete;

  /// Takes the next part, and appends to `ids` what is certain by now. Throws as Bpe::encode does.
  void feed(std::string_view part, std::vector<Bpe::Id>& ids);
  /// The text is over: appends the rest. The next feed() begins a new text.
  void finish(std::vector<Bpe::Id>& ids);

 private:
  void take(bool all, std::vector<Bpe::Id>& ids);

  const Bpe& bpe_;
  Specials specials_;
  std::string rest_;            // not yet encoded
  std::size_t searched_ = 1;    // rest_ has no place to cut it before this
  std::uint64_t position_ = 0;  // of rest_ in the text, for errors
  std::unique_ptr<CachePool> caches_;
};

/// Decodes ids that come one by one to valid UTF-8: bytes of a character that is not whole yet are held back; what can
/// no longer become one is U+FFFD. All parts together are Bpe::decode_text of all ids. The Bpe must outlive it.
class BpeDecoder {
 public:
  explicit BpeDecoder(const Bpe& bpe) : bpe_(bpe) {}

  /// The text that is certain by now. Throws IndexError for an id without a token.
  std::string feed(Index id);
  /// No id follows: U+FFFD for what was held back, if anything.
  std::string finish();

 private:
  const Bpe& bpe_;
  std::string held_;  // at most three bytes
};

/// All of `bytes` as valid UTF-8, as Bpe::decode_text does it.
std::string valid_text(std::string_view bytes);

}  // namespace lexigrad::text
