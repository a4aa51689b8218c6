// vocabulary.cpp: counting out the order of a vocabulary, and words spelt alike. Files are in vocabulary_file.cpp.
#include "text/vocabulary.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

constexpr std::size_t longest_compared = 64;  // code points; the distance takes time length x length

std::u32string code_points(std::string_view text) {
  std::u32string result;
  for (std::size_t at = 0; at < text.size() && result.size() <= longest_compared;) {
    result += to_lower(next_code_point(text, at));
  }
  return result;
}

// Optimal string alignment distance: insertions, deletions, changes and swaps of neighbours, each letter touched once.
std::size_t distance(std::u32string_view a, std::u32string_view b) {
  std::array<std::array<std::size_t, longest_compared + 1>, 3> rows{};  // of a[..i-2], a[..i-1], a[..i]
  auto row = [&](std::size_t i) -> auto& { return rows[i % 3]; };
  for (std::size_t j = 0; j <= b.size(); ++j) row(0)[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row(i)[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = row(i - 1)[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      std::size_t best = std::min({change, row(i - 1)[j] + 1, row(i)[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) best = std::min(best, row(i - 2)[j - 2] + 1);
      row(i)[j] = best;
    }
  }
  return row(a.size())[b.size()];
}

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
  const std::u32string wanted = code_points(word);
  if (wanted.empty() || wanted.size() > longest_compared || n < 1) return {};
  const std::size_t limit = wanted.size() <= 4 ? 1 : 2;
  std::vector<std::pair<std::size_t, Index>> found;  // distance and id; ids are in the order of the counts already
  for (Index id = first_word; id < size(); ++id) {
    if (tokens_[static_cast<std::size_t>(id)] == word) continue;
    const std::u32string other = code_points(tokens_[static_cast<std::size_t>(id)]);
    if (other.size() > longest_compared) continue;
    const std::size_t gap = other.size() > wanted.size() ? other.size() - wanted.size() : wanted.size() - other.size();
    if (gap > limit) continue;
    const std::size_t apart = distance(wanted, other);
    if (apart <= limit && apart < wanted.size()) found.emplace_back(apart, id);  // not every letter is another one
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> result;
  for (const auto& [apart, id] : found) {
    if (static_cast<Index>(result.size()) == n) break;
    result.push_back(token(id));
  }
  return result;
}

}  // namespace lexigrad::text
