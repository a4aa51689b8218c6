// vocabulary.cpp: from counts to ids.
#include "word2vec/vocabulary.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "nn/atomic_file.hpp"
#include "tensor/error.hpp"
#include "text/hashing.hpp"
#include "word2vec/counting.hpp"

namespace lexigrad::word2vec {

Vocabulary count_words(const Texts& texts, WordRule rule, const VocabularyOptions& options, const Phrases* phrases) {
  Vocabulary vocabulary;
  const Counts counted = count_sentences(texts, rule, phrases, count_each_word, &vocabulary.text, options.most_kept);
  if (counted.counts.empty()) throw ValueError("vocabulary", "the text has no words");
  std::vector<Index> order(counted.counts.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto count = [&](Index i) { return counted.counts[static_cast<std::size_t>(i)]; };
  order.erase(std::remove_if(order.begin(), order.end(), [&](Index i) { return count(i) < options.min_count; }),
              order.end());
  if (order.empty()) {
    const auto greatest = std::max_element(counted.counts.begin(), counted.counts.end());
    throw ValueError("vocabulary",
                     fmt::format("no word occurs {} times (--min-count); the commonest, \"{}\", occurs {}",
                                 options.min_count, counted.index.word(greatest - counted.counts.begin()), *greatest));
  }
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return count(a) != count(b) ? count(a) > count(b) : counted.index.word(a) < counted.index.word(b);
  });
  if (options.max_size > 0 && options.max_size < static_cast<Index>(order.size())) {
    order.resize(static_cast<std::size_t>(options.max_size));
  }
  vocabulary.all_words = std::accumulate(counted.counts.begin(), counted.counts.end(), Index{0});
  for (const Index i : order) {
    vocabulary.words.emplace_back(counted.index.word(i));
    vocabulary.counts.push_back(count(i));
    vocabulary.total += count(i);
    vocabulary.index.add(vocabulary.words.back());
  }
  std::vector<std::int32_t> ids(counted.counts.size(), -1);
  for (std::size_t id = 0; id < order.size(); ++id)
    ids[static_cast<std::size_t>(order[id])] = static_cast<std::int32_t>(id);
  for (std::vector<std::int32_t>& numbering : vocabulary.text.ids) {
    for (std::int32_t& id : numbering) id = ids[static_cast<std::size_t>(id)];
  }
  return vocabulary;
}

std::string Vocabulary::fingerprint() const {
  text::Fnv1a hash;
  for (std::size_t i = 0; i < words.size(); ++i) {
    hash.mix(words[i]);
    hash.mix(static_cast<std::uint64_t>(counts[i]));
  }
  return fmt::format("{} words {:016x}", all_words, hash.value());
}

void save_vocabulary(const std::string& path, const Vocabulary& vocabulary) {
  std::string text;
  for (std::size_t i = 0; i < vocabulary.words.size(); ++i) {
    text += fmt::format("{} {}\n", vocabulary.words[i], vocabulary.counts[i]);
  }
  write_text_file(path, text);
}

}  // namespace lexigrad::word2vec
