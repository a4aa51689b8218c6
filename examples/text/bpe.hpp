// bpe.hpp: byte-pair encoding of bytes, as GPT-2 has it: text to ids and back, exact for every byte.
//
// A text is cut into pieces (pretokenizer.hpp). The bytes of a piece begin as one token each; then of all neighbours
// that may be merged those of the lowest rank are, the leftmost first, until none are left (Sennrich, Haddow and Birch
// 2016, over bytes: Radford et al. 2019). The merges in their order and the ids of the tokens are the tokenizer; they
// are read from files here (bpe_files.cpp) or learned (bpe_training.hpp). No normalization; no other model's pattern.
// Read next: bpe_stream.hpp, for text that comes in parts; bpe_merge.hpp, for the merging itself.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tensor/ids.hpp"
#include "text/bpe_merge.hpp"

namespace lexigrad::text {

struct BpeTrainingOptions;
class CachePool;
class WordCache;

/// What the name of a special token, "<|endoftext|>" say, is when it stands in a text.
enum class Specials {
  ordinary,    ///< text like any other: it gives no special id
  recognised,  ///< the special token; where two begin at one place, the longer
  refused      ///< a ValueError that names it and its place
};

/// Ids with their places: token i is the bytes [offsets[i], offsets[i + 1]) of the text.
struct Encoding {
  std::vector<Index> ids;
  std::vector<Index> offsets;  ///< one more than ids
};

/// A byte-pair tokenizer; see the head of this file. Copies share nothing; const functions may be called by several
/// threads at once.
class Bpe {
 public:
  using Id = std::uint32_t;                           ///< a token as it is stored; Index where ids are computed with
  using Merge = std::pair<std::string, std::string>;  ///< the bytes of two tokens that become one

  /// From merges alone. Ids are given as GPT-2 gives them: the 256 bytes in the order of byte_alphabet.hpp, then what
  /// each merge makes, then the special tokens. Throws ValueError naming a merge of what is neither a byte nor made
  /// before, a merge that is there twice, and a special token that is empty, twice there, or not written <…>.
  explicit Bpe(std::span<const Merge> merges, std::span<const std::string> specials = {});

  /// `merges`: vocab.bpe or merges.txt; a first line that begins with #version is skipped, LF or CR LF. `vocab`:
  /// encoder.json or vocab.json. Entries <…> that no merge makes are special tokens; other entries that no merge makes
  /// are never encoded to, but decoded. Throws FileError naming file and line, or key.
  static Bpe load(const std::filesystem::path& merges, const std::filesystem::path& vocab);
  /// The same files of a folder: vocab.bpe and encoder.json, or merges.txt and vocab.json, or one of each. Throws
  /// FileError that lists what was looked for.
  static Bpe load_folder(const std::filesystem::path& folder);
  /// A file of ranks as tiktoken has them: lines of a token in base64, a blank, its id; neighbours are merged where
  /// their bytes together are a token, in order of its id. "<|endoftext|>", which such files leave out, gets the lowest
  /// free id (50256 with GPT-2's file). Throws FileError naming file and line.
  static Bpe load_tiktoken(const std::filesystem::path& file);

  /// Learns from documents; bpe_training.hpp has the options, the rule for ties, and a form for text that comes in
  /// parts.
  static Bpe train(std::span<const std::string> documents, const BpeTrainingOptions& options);

  /// Writes vocab.json and merges.txt into the folder, which is made if need be; each file is there whole or not at
  /// all. Throws FileError.
  void save(const std::filesystem::path& folder) const;

  /// Ids are below this.
  Index size() const { return static_cast<Index>(begins_.size()) - 1; }
  /// Ids that have a token: size(), less by the holes that a file of ranks may have.
  Index tokens() const { return tokens_; }
  Index merges() const { return table_.size(); }  ///< pairs that may be merged
  /// The id of "<|endoftext|>", where there is one.
  std::optional<Index> end_of_text() const { return find(end_of_text_name); }
  /// The special tokens, by id.
  const std::vector<Index>& specials() const { return specials_; }

  /// The bytes of a token. Throws IndexError for an id without a token.
  std::string_view bytes(Index id) const;
  /// The id of the token with these bytes, special ones included, however it may be reached.
  std::optional<Index> find(std::string_view bytes) const;

  /// The ids of a text, of any bytes. Throws ValueError where a byte has no token (only vocabularies of few tokens lack
  /// any) and for what `specials` refuses. Long texts are encoded by several threads.
  std::vector<Index> encode(std::string_view text, Specials specials = Specials::ordinary) const;
  /// The same, appended to `ids`.
  void encode(std::string_view text, std::vector<Id>& ids, Specials specials = Specials::ordinary) const;
  /// The same with the place of each token.
  Encoding encode_with_offsets(std::string_view text, Specials specials = Specials::ordinary) const;

  /// The bytes of the ids, exact; they need not be UTF-8. Throws IndexError naming an id without a token, and its
  /// position.
  std::string decode(std::span<const Index> ids) const;
  std::string decode(std::span<const Id> ids) const;  ///< the same
  /// The same as text: U+FFFD for each longest part of a character that is not UTF-8 (the practice of The Unicode
  /// Standard, 3.9).
  std::string decode_text(std::span<const Index> ids) const;

  static constexpr std::string_view end_of_text_name = "<|endoftext|>";

 private:
  struct Parts;  // what the constructors and the readers of files put together: bpe_parts.hpp
  friend class BpeStream;
  explicit Bpe(Parts&& parts);

  void find_whole_tokens(bool all);
  std::pair<std::size_t, Index> next_special(std::string_view text, std::size_t from) const;
  [[noreturn]] void refuse(Index special, std::uint64_t position) const;
  void encode_piece(std::string_view piece, std::uint64_t position, std::vector<Id>& ids) const;
  void encode_ordinary(std::string_view text, std::uint64_t position, std::vector<Id>& ids, WordCache* cache) const;
  void encode_long(std::string_view text, std::uint64_t position, std::vector<Id>& ids, CachePool& caches) const;

  MergeTable table_;
  std::array<Id, 256> byte_ids_{};     // MergeTable::none where a byte has no token
  std::string all_bytes_;              // of all tokens, one behind the other
  std::vector<std::uint32_t> begins_;  // where each token begins in them; one more for the end
  std::vector<char> has_token_;        // 0 for a hole
  struct ByBytes {
    std::uint32_t tag;  // upper half of the hash
    Id id;              // none: the slot is empty
  };
  std::vector<ByBytes> by_bytes_;  // open-addressing hash table of ids, by their bytes
  std::vector<char> whole_;        // encoding the token's bytes gives the token: a piece may be looked up
  std::vector<Index> specials_;
  Index tokens_ = 0;
};

}  // namespace lexigrad::text
