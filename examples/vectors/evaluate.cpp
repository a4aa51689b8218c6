// evaluate.cpp: analogies over all pairs of pairs, and cosines over all pairs of words.
#include "vectors/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "tensor/parallel.hpp"
#include "vectors/neighbours.hpp"

namespace lexigrad::vectors {
namespace {

// The row of a word that can be asked with, or -1, and then the word is noted once.
Index usable_row(const WordTable& table, const std::string& word, std::vector<std::string>& unknown) {
  const auto row = table.find(word);
  if (row && table.has_direction(*row)) return *row;
  if (std::find(unknown.begin(), unknown.end(), word) == unknown.end()) unknown.push_back(word);
  return -1;
}

bool answers(const WordTable& table, std::pair<Index, Index> p, std::pair<Index, Index> q) {
  const std::vector<double> query = analogy_query(table, p.first, p.second, q.first);
  // (a, b) asked with c, where c = a - b by chance, is a question without an answer.
  if (std::all_of(query.begin(), query.end(), [](double x) { return x == 0.0; })) return false;
  const std::vector<Scored> best = nearest(table, query, 1, {p.first, p.second, q.first});
  return !best.empty() && best[0].id == q.second;
}

}  // namespace

PairAccuracy pair_accuracy(const WordTable& table, const std::vector<WordPair>& pairs) {
  table.check_unchanged();
  PairAccuracy result;
  std::vector<std::pair<Index, Index>> rows;
  for (const auto& [first, second] : pairs) {
    const Index a = usable_row(table, first, result.unknown), b = usable_row(table, second, result.unknown);
    if (a < 0 || b < 0) {
      ++result.skipped_pairs;
    } else {
      rows.emplace_back(a, b);
    }
  }
  const Index count = static_cast<Index>(rows.size());
  result.asked = count * (count - 1);
  // One question a chunk; each asks all words, so that it is worth a thread for all but the smallest tables.
  const Index grain = row_grain(table.size() * std::max<Index>(table.dim(), 1), 65536);
  result.right = static_cast<Index>(parallel_sum(count * count, grain, [&](Index begin, Index end) {
    Index right = 0;
    for (Index i = begin; i < end; ++i) {
      const auto p = static_cast<std::size_t>(i / count), q = static_cast<std::size_t>(i % count);
      if (p != q && answers(table, rows[p], rows[q])) ++right;
    }
    return right;
  }));
  return result;
}

PairStatistics pair_statistics(const WordTable& table, const std::vector<std::string>& words) {
  table.check_unchanged();
  PairStatistics result;
  std::vector<Index> rows;
  std::vector<std::string> unknown;
  for (const std::string& word : words) {
    const Index row = usable_row(table, word, unknown);
    if (row >= 0) rows.push_back(row);
  }
  result.words = static_cast<Index>(rows.size());
  result.unknown = static_cast<Index>(unknown.size());
  result.pairs = result.words * (result.words - 1) / 2;
  double sum = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<double> unit = table.unit_row(rows[i]);
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      const double cosine = std::min(1.0, std::abs(table.unit_dot(rows[j], unit)));
      sum += cosine;
      result.largest = std::max(result.largest, cosine);
    }
  }
  if (result.pairs > 0) result.mean_absolute = sum / static_cast<double>(result.pairs);
  return result;
}

}  // namespace lexigrad::vectors
