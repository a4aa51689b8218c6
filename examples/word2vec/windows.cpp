// windows.cpp: sentences into windows, windows into groups.
#include "word2vec/windows.hpp"

#include <algorithm>
#include <numeric>

namespace lexigrad::word2vec {
namespace {

// A group as it grows.
class Growing {
 public:
  Growing(const WindowOptions& options, const AliasTable& negatives)
      : options_(options),
        negatives_(negatives),
        most_of_one_((options.cbow ? 4.0 : 2.0) / std::max(options.rate, 1e-9)),
        times_(counters) {
    begin();
  }

  void read_words(Index count) { words_ += count; }
  Index windows() const { return static_cast<Index>(starts_.size()) - 1; }
  bool full() const { return burst_ || windows() == options_.group; }

  /// The window of word i in a sentence.
  void add(const std::vector<Index>& sentence, Index i, Draws& draws) {
    const auto size = static_cast<Index>(sentence.size());
    const Index radius =
        options_.fixed ? options_.window : 1 + static_cast<Index>(draws.next() * static_cast<double>(options_.window));
    const Index first = std::max<Index>(i - radius, 0), last = std::min(i + radius, size - 1);
    if (first == last) return;
    for (Index j = first; j <= last; ++j) {
      if (j == i) continue;
      const Index word = sentence[static_cast<std::size_t>(j)];
      contexts_.push_back(word);
      burst_ |= ++times(word) >= most_of_one_;
    }
    starts_.push_back(static_cast<Index>(contexts_.size()));
    samples_.push_back(sentence[static_cast<std::size_t>(i)]);
    for (Index k = 0; k < options_.negative; ++k) samples_.push_back(negatives_.draw(draws.next()));
  }

  Group take() {
    const Index count = windows();
    for (const Index word : contexts_) times(word) = 0;
    burst_ = false;
    Group group;
    group.words = words_;
    group.inputs = options_.cbow ? count : static_cast<Index>(contexts_.size());
    group.windows = {Ids(std::move(contexts_)), std::move(starts_),
                     Ids(Shape{count, 1 + options_.negative}, std::move(samples_)), options_.cbow, options_.cbow};
    words_ = 0;
    begin();
    return group;
  }

 private:
  std::int32_t& times(Index word) { return times_[static_cast<std::size_t>(word) % counters]; }

  void begin() {
    const auto count = static_cast<std::size_t>(options_.group);
    contexts_.clear();
    contexts_.reserve(count * static_cast<std::size_t>(options_.window + 2));  // about a window's mean
    starts_.assign(1, 0);
    samples_.clear();
    samples_.reserve(count * static_cast<std::size_t>(1 + options_.negative));
  }

  const WindowOptions& options_;
  const AliasTable& negatives_;
  // A word that is rare in the text may fill a group all the same, in a list or where lines are repeated. Counters of
  // all words would not stay in the cache; a rare word that shares one with a common word at worst ends a group early.
  static constexpr std::size_t counters = 1 << 14;
  double most_of_one_;
  std::vector<std::int32_t> times_;  // words are contexts in this group
  bool burst_ = false;               // a word came to most_of_one_
  Index words_ = 0;
  std::vector<Index> contexts_, starts_, samples_;
};

}  // namespace

namespace {

constexpr Index largest_group = 256, least_group = 8;

// See WindowOptions::group. A word's row has a score for each time it is a context, or for each input of the windows
// that it is a sample of.
Index group_for(const WindowOptions& o, const Vocabulary& vocabulary, const std::vector<float>& keep) {
  const std::vector<double> weights = negative_weights(vocabulary.counts);
  double kept = 0.0, most = 0.0;
  for (std::size_t i = 0; i < keep.size(); ++i) {
    const double count = static_cast<double>(vocabulary.counts[i]) * static_cast<double>(keep[i]);
    kept += count;
    most = std::max(most, count);
  }
  const double share = most / kept;
  const double drawn = weights.front() / std::accumulate(weights.begin(), weights.end(), 0.0);
  const double contexts = static_cast<double>(o.fixed ? 2 * o.window : o.window + 1), inputs = o.cbow ? 1.0 : contexts;
  const double scores = std::max(contexts * share, inputs * (share + static_cast<double>(o.negative) * drawn));
  const double group = 2.0 / std::max(o.rate * scores, 1e-9);
  return static_cast<Index>(std::clamp(group, double{least_group}, double{largest_group}));
}

}  // namespace

WindowMaker::WindowMaker(const Vocabulary& vocabulary, const WindowOptions& options)
    : vocabulary_(&vocabulary), options_(options), negatives_(negative_weights(vocabulary.counts)) {
  for (const Index count : vocabulary.counts) {
    const double share = static_cast<double>(count) / static_cast<double>(vocabulary.total);
    keep_.push_back(static_cast<float>(keep_chance(share, options.sample)));
  }
  if (options_.group == 0) options_.group = group_for(options_, vocabulary, keep_);
}

std::vector<Group> WindowMaker::groups(std::string_view piece, const Rng& rng) const {
  Sentences sentences(piece, options_.rule, options_.phrases);
  const auto next_ids = [&](std::vector<Index>& ids) {
    const std::vector<std::string_view>& words = sentences.next();
    vocabulary_->index.find(words, ids);
    return !words.empty();
  };
  return groups_of(next_ids, rng);
}

std::vector<Group> WindowMaker::groups(std::size_t piece, const Rng& rng) const {
  NumberedSentences sentences(vocabulary_->text, piece);
  return groups_of([&](std::vector<Index>& ids) { return sentences.next(ids); }, rng);
}

template <class NextIds>
std::vector<Group> WindowMaker::groups_of(const NextIds& next_ids, const Rng& rng) const {
  std::vector<Group> result;
  Growing group(options_, negatives_);
  Draws draws(rng);
  std::vector<Index> ids, kept;
  while (next_ids(ids)) {
    kept.clear();
    Index known = 0;
    for (const Index id : ids) {
      if (id < 0) continue;
      ++known;
      const float keep = keep_[static_cast<std::size_t>(id)];
      if (keep >= 1.0F || draws.next() < static_cast<double>(keep)) kept.push_back(id);
    }
    group.read_words(known);
    for (Index i = 0; i < static_cast<Index>(kept.size()); ++i) {
      group.add(kept, i, draws);
      if (group.full()) result.push_back(group.take());
    }
  }
  result.push_back(group.take());  // maybe without windows, but not without words
  return result;
}

}  // namespace lexigrad::word2vec
