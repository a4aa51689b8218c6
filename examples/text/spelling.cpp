// spelling.cpp: the distance of two spellings, and the nearest ones of a list.
#include "text/spelling.hpp"

#include <algorithm>
#include <array>

#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

constexpr std::size_t longest_compared = 64;  // code points; the distance takes time length x length

// Writes the code points of a text in lower case, one more than longest_compared at most.
void code_points(std::string_view text, std::u32string& to) {
  to.clear();
  for (std::size_t at = 0; at < text.size() && to.size() <= longest_compared;) {
    to += to_lower(next_code_point(text, at));
  }
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

}  // namespace

std::vector<std::string> near_spellings(std::string_view word, std::span<const std::string> words, Index count) {
  std::u32string wanted, other;
  code_points(word, wanted);
  if (wanted.empty() || wanted.size() > longest_compared) return {};
  const std::size_t limit = wanted.size() <= 4 ? 1 : 2;
  std::vector<std::pair<std::size_t, std::size_t>> found;  // distance and place in the list
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) continue;
    code_points(words[i], other);
    if (other.size() > std::min(wanted.size() + limit, longest_compared) || other.size() + limit < wanted.size()) {
      continue;
    }
    const std::size_t apart = distance(wanted, other);
    if (apart <= limit && apart < wanted.size()) found.emplace_back(apart, i);  // not every letter is another one
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> result;
  for (const auto& [apart, i] : found) {
    if (static_cast<Index>(result.size()) >= count) break;
    result.push_back(words[i]);
  }
  return result;
}

}  // namespace lexigrad::text
