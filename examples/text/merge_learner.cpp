// merge_learner.cpp: the array of ids, the table of pairs, the heap, and one merge after the other.
#include "text/merge_learner.hpp"

#include <algorithm>
#include <limits>
#include <queue>
#include <string>
#include <unordered_map>

#include "tensor/error.hpp"
#include "text/byte_alphabet.hpp"
#include "text/hashing.hpp"

namespace lexigrad::text {
namespace {

using Id = Bpe::Id;
using Place = std::uint32_t;                  // in the array of ids
constexpr Id border = MergeTable::none;       // between two pieces
constexpr Id covered = MergeTable::none - 1;  // the right half of a merged pair, and bytes inside a token

std::uint64_t key_of(Id left, Id right) { return std::uint64_t{left} << 32 | right; }

struct Pair {
  std::uint64_t key = 0;
  Index count = 0;
  Index heard = -1;           // the last merge that made it more frequent
  std::vector<Place> places;  // where it was seen; some are out of date
};

// Pairs by their key: open addressing over places in a vector.
class PairTable {
 public:
  PairTable() : slots_(1 << 16, 0) {}

  Pair& operator[](std::uint64_t key) {
    std::size_t slot = slot_of(key);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      if (pairs_[slots_[slot] - 1].key == key) return pairs_[slots_[slot] - 1];
    }
    pairs_.push_back({key, 0, -1, {}});
    slots_[slot] = static_cast<std::uint32_t>(pairs_.size());
    if (2 * pairs_.size() > slots_.size()) grow();
    return pairs_.back();
  }
  std::vector<Pair>& all() { return pairs_; }

 private:
  std::size_t slot_of(std::uint64_t key) const { return static_cast<std::size_t>(spread(key)) & (slots_.size() - 1); }
  void grow() {
    slots_.assign(2 * slots_.size(), 0);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      std::size_t slot = slot_of(pairs_[i].key);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<Pair> pairs_;
  std::vector<std::uint32_t> slots_;
};

class Learner {
 public:
  explicit Learner(const PieceCounts& pieces) {
    std::array<Id, 256> byte_ids{};
    for (const std::uint8_t byte : bytes_by_alphabet()) {
      byte_ids[byte] = static_cast<Id>(tokens_.size());
      name_token(std::string(1, static_cast<char>(byte)));
    }
    lay_out(pieces, byte_ids);
    for (Place at = 1; at + 1 < ids_.size(); ++at) {
      if (ids_[at] != border && ids_[at + 1] != border) more(ids_[at], ids_[at + 1], weights_[at], at, -1);
    }
    for (const Pair& pair : pairs_.all()) heap_.push({pair.count, pair.key});
  }

  std::size_t tokens() const { return tokens_.size(); }

  // False when no pair occurs often enough.
  bool learn_one(Index min_count) {
    while (!heap_.empty()) {
      const Candidate top = heap_.top();
      heap_.pop();
      Pair& pair = pairs_[top.key];
      if (pair.count != top.count) {  // it has become rarer since
        if (pair.count > 0) heap_.push({pair.count, pair.key});
        continue;
      }
      if (pair.count < min_count) return false;
      merge(static_cast<Id>(top.key >> 32), static_cast<Id>(top.key), pair);
      return true;
    }
    return false;
  }

  std::vector<Bpe::Merge> take_merges() { return std::move(merges_); }

 private:
  struct Candidate {
    Index count;
    std::uint64_t key;
    // Of two, the one that comes later: the rarer, or of the same count the one with the greater key.
    bool operator<(const Candidate& other) const {
      return count != other.count ? count < other.count : key > other.key;
    }
  };

  // Gives the bytes an id, or finds the one they have: two merges may make the same token ("aa" + "aa", "aaa" + "a").
  Id name_token(const std::string& bytes) {
    const auto [place, fresh] = known_.emplace(bytes, static_cast<Id>(tokens_.size()));
    if (fresh) tokens_.push_back(bytes);
    return place->second;
  }

  void lay_out(const PieceCounts& pieces, const std::array<Id, 256>& byte_ids) {
    const std::size_t size = pieces.bytes() + pieces.size() + 1;
    if (size > std::numeric_limits<Place>::max()) throw ValueError("train", "the different pieces are over 4 GiB");
    ids_.reserve(size);
    weights_.reserve(size);
    ids_.push_back(border);
    weights_.push_back(0);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      for (const char byte : pieces.piece(i)) {
        ids_.push_back(byte_ids[static_cast<unsigned char>(byte)]);
        weights_.push_back(pieces.count(i));
      }
      ids_.push_back(border);
      weights_.push_back(0);
    }
    before_.resize(ids_.size());
    for (Place at = 1; at < before_.size(); ++at) before_[at] = at - 1;
  }

  void more(Id left, Id right, Index weight, Place place, Index merge) {
    Pair& pair = pairs_[key_of(left, right)];
    pair.count += weight;
    pair.places.push_back(place);
    if (pair.heard == merge) return;
    pair.heard = merge;
    heard_.push_back(pair.key);
  }

  void fewer(Id left, Id right, Index weight) { pairs_[key_of(left, right)].count -= weight; }

  void merge(Id left, Id right, Pair& pair) {
    std::vector<Place> places = std::move(pair.places);
    pair.places = {};
    pair.count = 0;                                              // below, what overlaps is taken off once more
    if (left == right) std::sort(places.begin(), places.end());  // of a run, the leftmost two
    const auto number = static_cast<Index>(merges_.size());
    merges_.emplace_back(tokens_[left], tokens_[right]);
    const Id made = name_token(tokens_[left] + tokens_[right]);
    heard_.clear();
    for (const Place at : places) merge_at(at, left, right, made, number);
    pairs_[key_of(left, right)].count = 0;
    for (const std::uint64_t key : heard_) {
      if (const Index count = pairs_[key].count; count > 0) heap_.push({count, key});
    }
  }

  void merge_at(Place at, Id left, Id right, Id made, Index number) {
    if (ids_[at] != left) return;
    const Place middle = at + static_cast<Place>(tokens_[left].size());
    if (ids_[middle] != right) return;
    const Place behind = middle + static_cast<Place>(tokens_[right].size()), before = before_[at];
    const Index weight = weights_[at];
    ids_[at] = made;
    ids_[middle] = covered;
    before_[behind] = at;
    if (ids_[before] != border) {
      fewer(ids_[before], left, weight);
      more(ids_[before], made, weight, before, number);
    }
    if (ids_[behind] != border) {
      fewer(right, ids_[behind], weight);
      more(made, ids_[behind], weight, at, number);
    }
  }

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, Id> known_;
  std::vector<Bpe::Merge> merges_;
  std::vector<Id> ids_;         // a border, the bytes of the first piece, a border …; a token stands where it begins
  std::vector<Place> before_;   // where the token before the one that begins here begins
  std::vector<Index> weights_;  // how often the piece of this place occurs
  PairTable pairs_;
  std::vector<std::uint64_t> heard_;  // pairs that the present merge made more frequent
  std::priority_queue<Candidate> heap_;
};

}  // namespace

std::vector<Bpe::Merge> learn_merges(const PieceCounts& pieces, std::size_t tokens, Index min_count,
                                     const std::function<void(Index)>& progress) {
  Learner learner(pieces);
  for (Index merges = 0; learner.tokens() < tokens && learner.learn_one(min_count); ++merges) {
    if (progress && merges % 256 == 0) progress(merges);
  }
  return learner.take_merges();
}

}  // namespace lexigrad::text
