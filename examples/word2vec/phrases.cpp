// phrases.cpp: finding phrases and joining them.
#include "word2vec/phrases.hpp"

#include <numeric>
#include <string>

#include "word2vec/counting.hpp"

namespace lexigrad::word2vec {
namespace {

// No word has a blank in it, so a pair falls apart in one way only.
void pair_of(std::string_view a, std::string_view b, std::string& pair) {
  pair.assign(a);
  pair += ' ';
  pair += b;
}

}  // namespace

void Phrases::Pass::add(std::string_view pair) {
  pairs.add(pair);
  joined.emplace_back(pair);
  joined.back()[pair.find(' ')] = '_';
}

void Phrases::Pass::join(std::vector<std::string_view>& words) const {
  std::string pair;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < words.size(); ++i, ++kept) {
    words[kept] = words[i];
    if (i + 1 == words.size()) continue;
    pair_of(words[i], words[i + 1], pair);
    if (const Index phrase = pairs.find(pair); phrase >= 0) {
      words[kept] = joined[static_cast<std::size_t>(phrase)];
      ++i;
    }
  }
  words.resize(kept);
}

void Phrases::join(std::vector<std::string_view>& words) const {
  for (const Pass& pass : passes_) pass.join(words);
}

Index Phrases::size() const {
  return std::accumulate(passes_.begin(), passes_.end(), Index{0},
                         [](Index sum, const Pass& pass) { return sum + pass.pairs.size(); });
}

Phrases find_phrases(const Texts& texts, WordRule rule, const PhraseOptions& options) {
  Phrases phrases;
  for (Index pass = 0; pass < options.passes; ++pass) {
    const Counts words = count_sentences(texts, rule, &phrases, count_each_word);
    const auto total = static_cast<double>(std::accumulate(words.counts.begin(), words.counts.end(), Index{0}));
    const auto often = [&](std::string_view word) { return words.of(word) >= options.least; };
    const Counts pairs = count_sentences(
        texts, rule, &phrases, [&](const std::vector<std::string_view>& sentence, Counts& counts, std::vector<Index>&) {
          std::string pair;
          for (std::size_t i = 1; i < sentence.size(); ++i) {
            if (!often(sentence[i - 1]) || !often(sentence[i])) continue;
            pair_of(sentence[i - 1], sentence[i], pair);
            counts.add(pair, 1);
          }
        });
    Phrases::Pass found;
    for (Index i = 0; i < pairs.index.size(); ++i) {
      const std::string_view pair = pairs.index.word(i);
      const std::size_t blank = pair.find(' ');
      const auto a = static_cast<double>(words.of(pair.substr(0, blank)));
      const auto b = static_cast<double>(words.of(pair.substr(blank + 1)));
      const auto beyond = static_cast<double>(pairs.counts[static_cast<std::size_t>(i)] - options.least);
      if (beyond * total / (a * b) > options.threshold) found.add(pair);
    }
    phrases.passes_.push_back(std::move(found));
  }
  return phrases;
}

}  // namespace lexigrad::word2vec
