// vocabulary.cpp: counting out the order of a vocabulary. Files are in vocabulary_file.cpp.
#include "text/vocabulary.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "text/spelling.hpp"

namespace lexigrad::text {
namespace {

void check(const VocabularyOptions& options) {
  if (options.min_count < 1) {
    throw ValueError("vocabulary", fmt::format("min-count is {}; the least is 1", options.min_count));
  }
  const Index least = Vocabulary::first_word + 1;
  if (options.max_size != 0 && options.max_size < least) {
    throw ValueError("vocabulary",
                     fmt::format("a vocabulary of at most {} entries has no room for words: {} are special; "
                                 "the least is {}, and 0 is no limit",
                                 options.max_size, Vocabulary::first_word, least));
  }
}

}  // namespace

Vocabulary::Vocabulary() {
  add(std::string(end_of_text_token), 0);
  add(std::string(unknown_token), 0);
}

bool Vocabulary::add(std::string token, Index count) {
  if (!ids_.emplace(token, size()).second) return false;
  tokens_.push_back(std::move(token));
  counts_.push_back(count);
  return true;
}

Vocabulary Vocabulary::from_counts(const std::unordered_map<std::string, Index>& counts,
                                   const VocabularyOptions& options) {
  check(options);
  using Entry = std::pair<const std::string, Index>;
  std::vector<const Entry*> order;
  Index greatest = 0, total = 0;
  for (const Entry& entry : counts) {
    if (entry.first == end_of_text_token || entry.first == unknown_token) {
      throw ValueError("vocabulary",
                       fmt::format("'{}' is a special token and cannot be a word of a text", entry.first));
    }
    greatest = std::max(greatest, entry.second);
    total += entry.second;
    if (entry.second >= options.min_count) order.push_back(&entry);
  }
  if (greatest == 0) throw ValueError("vocabulary", "there are no words to make a vocabulary of");
  if (order.empty()) {
    throw ValueError("vocabulary",
                     fmt::format("all words are below the minimum count: the most frequent word occurs {} "
                                 "time{}, min-count is {}",
                                 greatest, greatest == 1 ? "" : "s", options.min_count));
  }
  std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return a->second != b->second ? a->second > b->second : a->first < b->first;
  });
  if (options.max_size != 0) {
    order.resize(std::min(order.size(), static_cast<std::size_t>(options.max_size - first_word)));
  }
  Vocabulary result;
  for (const Entry* entry : order) {
    result.add(entry->first, entry->second);
    total -= entry->second;
  }
  result.counts_[end_of_text] = options.end_of_text_count;
  result.counts_[unknown] = total;
  return result;
}

std::optional<Index> Vocabulary::find(std::string_view token) const {
  const auto found = ids_.find(token);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

Index Vocabulary::id(std::string_view token) const {
  const Index found = find(token).value_or(unknown);
  return found == end_of_text ? unknown : found;
}

const std::string& Vocabulary::token(Index id) const {
  if (id < 0 || id >= size()) {
    throw IndexError("vocabulary", fmt::format("id {} is outside the vocabulary of {}", id, size()));
  }
  return tokens_[static_cast<std::size_t>(id)];
}

Index Vocabulary::count(Index id) const {
  token(id);  // for its check
  return counts_[static_cast<std::size_t>(id)];
}

std::vector<std::string> Vocabulary::near_spellings(std::string_view word, Index n) const {
  return text::near_spellings(word, std::span(tokens_).subspan(first_word), n);
}

}  // namespace lexigrad::text
