// search.cpp: blocks of scores, candidates of each block, and the exact order of what is left.
//
// The bound: a float sum of n products, however it is ordered, differs from the true one by at most n · u · Σ|a b|,
// with u = 2⁻²⁴ (Higham 2002, section 3.1), and Σ|a b| ≤ |a| |b|. Rounding the query, the scales, the score, the bound
// and the bar to float adds less than 16 u.
#include "vectors/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "tensor/create.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::vectors {
namespace {

// Rows whose squares or products leave the range of float are scored in double at once; their lengths are outside
// these.
constexpr double shortest = 1e-15, longest = 1e15;

constexpr Index most_queries = 64;  // multiplied at once: enough for the matrix product's full speed
constexpr Index few_queries = 8;
constexpr Index block_numbers = 1 << 17;  // scores of a block, 512 KB: they stay in the cache of a core

struct Prepared {
  std::vector<double> numbers;  // scaled to length 1 for cosines
  double length = 0.0;          // of numbers
  std::vector<Index> excluded;  // sorted
};

struct Candidate {
  Index row;
  double low, high;  // bounds on the score
};

// Collects the rows of one block that may be among the `count` best.
class Candidates {
 public:
  static constexpr double lowest = -std::numeric_limits<double>::infinity();

  /// `bar`: `count` rows of the table are known to reach it.
  Candidates(Index count, double bar) : count_(static_cast<std::size_t>(count)), bar_(bar) {}

  // What an upper bound has to reach.
  double bar() const { return bar_; }
  void add(const Candidate& candidate) {
    kept_.push_back(candidate);
    if (kept_.size() >= full_) tidy();
  }
  // Drops what can no longer be among the best: `count` others have a lower bound above its upper one.
  void tidy() {
    if (kept_.size() > count_) {
      if (count_ == 0) return kept_.clear();
      lows_.clear();
      for (const Candidate& candidate : kept_) lows_.push_back(candidate.low);
      const auto place = lows_.begin() + static_cast<std::ptrdiff_t>(count_) - 1;
      std::nth_element(lows_.begin(), place, lows_.end(), std::greater<>());
      bar_ = std::max(bar_, *place);
      std::erase_if(kept_, [&](const Candidate& candidate) { return candidate.high < bar_; });
    }
    full_ = 2 * std::max(kept_.size(), count_) + 256;  // equal scores may all stay: twice as many before the next time
  }
  const std::vector<Candidate>& kept() const { return kept_; }

 private:
  std::size_t count_;
  std::size_t full_ = 2 * count_ + 256;
  double bar_;
  std::vector<Candidate> kept_;
  std::vector<double> lows_;
};

Prepared prepare(const WordTable& table, const Query& query, Similarity similarity) {
  if (static_cast<Index>(query.numbers.size()) != table.dim()) {
    throw ShapeError("nearest", {operand("vectors", table.vectors)},
                     fmt::format("the query has {} numbers", query.numbers.size()));
  }
  Prepared result{query.numbers, 0.0, query.excluded};
  for (const double x : query.numbers) result.length = std::hypot(result.length, x);
  if (!std::isfinite(result.length) || result.length == 0.0) {
    throw ValueError("nearest", "the query has no direction (it is zero or not finite)");
  }
  for (const Index row : query.excluded) {
    if (row < 0 || row >= table.size())
      throw IndexError("nearest", fmt::format("row {} is outside the {} words", row, table.size()));
  }
  std::sort(result.excluded.begin(), result.excluded.end());
  if (similarity == Similarity::cosine) {
    for (double& x : result.numbers) x /= result.length;
    result.length = 1.0;
  }
  return result;
}

double exact_score(const WordTable& table, const Prepared& query, Index row, Similarity similarity) {
  const double along = table.unit_dot(row, query.numbers);
  return similarity == Similarity::cosine ? std::clamp(along, -1.0, 1.0) : along * table.length(row);
}

// Rows of a block: what a product is to be multiplied with for a score, and how far the score may then be from the true
// one, for a query of length 1. The scale is NaN for rows that are looked at one by one: without a direction, or with
// lengths that single precision cannot be trusted with.
struct Scales {
  std::vector<real> scale, error;
};

// A group of at most most_queries, as the matrix that the table is multiplied with.
struct Group {
  const WordTable& table;
  std::vector<Prepared> queries;
  Similarity similarity;
  Tensor matrix;  // [queries, dim]

  Index size() const { return static_cast<Index>(queries.size()); }

  // 1 / length of rows [begin, end) for cosines, 1 for dot products.
  Scales scales(Index begin, Index end) const {
    const bool cosine = similarity == Similarity::cosine;
    const double bound = (static_cast<double>(table.dim()) + 16.0) * 0x1p-24;
    const auto count = static_cast<std::size_t>(end - begin);
    Scales result{std::vector<real>(count), std::vector<real>(count, static_cast<real>(bound))};
    for (std::size_t i = 0; i < count; ++i) {
      const double inverse = table.inverse_length(begin + static_cast<Index>(i));
      const bool usual = inverse > 1.0 / longest && inverse < 1.0 / shortest;
      const double scale = cosine ? inverse : 1.0;
      result.scale[i] = usual ? static_cast<real>(scale) : std::numeric_limits<real>::quiet_NaN();
      if (usual && !cosine) result.error[i] = static_cast<real>(bound / inverse);
    }
    return result;
  }

  // Looks through the products of query q with the rows from `begin` on. Most reach the bar by no means, so runs of
  // them are asked together first, in a loop without branches.
  void scan(const real* products, const Scales& rows, Index q, Index begin, Candidates& found) const {
    const Prepared& query = queries[static_cast<std::size_t>(q)];
    const bool usual_query = query.length > shortest && query.length < longest;
    const real *scale = rows.scale.data(), *error = rows.error.data();
    const auto length = static_cast<real>(query.length);
    constexpr std::size_t run = 64;
    for (std::size_t first = 0; first < rows.scale.size(); first += run) {
      const std::size_t last = std::min(first + run, rows.scale.size());
      const auto bar = static_cast<real>(found.bar());
      int reach = 0;
      for (std::size_t i = first; i < last; ++i) {
        reach += products[i] * scale[i] + error[i] * length < bar ? 0 : 1;  // 1 for NaN
      }
      if (usual_query && reach == 0) continue;
      for (std::size_t i = first; i < last; ++i) {
        const Index row = begin + static_cast<Index>(i);
        double score = static_cast<double>(products[i] * scale[i]), off = static_cast<double>(error[i] * length);
        if (!usual_query || std::isnan(score)) {
          if (!table.has_direction(row)) continue;
          score = exact_score(table, query, row, similarity);
          off = 0.0;
        }
        if (score + off >= found.bar()) found.add({row, score - off, score + off});
      }
    }
  }

  // For each query the candidates among rows [begin, end). `bars` are what they have to reach at least.
  std::vector<std::vector<Candidate>> look(Index begin, Index end, Index count, const std::vector<double>& bars) const {
    // [queries, rows]. Of many queries, rows of the table are the left operand: that one is read where it lies.
    const Tensor part = table.vectors.rows(begin, end - begin);
    const Tensor products =
        size() <= few_queries ? matmul(matrix, part, Transpose::b) : transpose(matmul(part, matrix, Transpose::b));
    const Scales rows = scales(begin, end);
    std::vector<std::vector<Candidate>> found;
    for (std::size_t q = 0; q < queries.size(); ++q) {
      Candidates best(places(q, count), bars[q]);
      scan(products.data() + static_cast<Index>(q) * (end - begin), rows, static_cast<Index>(q), begin, best);
      best.tidy();
      found.push_back(best.kept());
    }
    return found;
  }

  // Excluded rows may take places among the best, and go in the end.
  Index places(std::size_t q, Index count) const { return count + static_cast<Index>(queries[q].excluded.size()); }

  // The candidates of all blocks for each query. Blocks are looked through in rounds, each of eight times as many as
  // the one before: what a round found is the bar for the next, so that few rows of the many reach it.
  std::vector<std::vector<Candidate>> candidates(Index count) const {
    const Index block = std::max<Index>(1024, block_numbers / std::max<Index>(size(), 16));
    std::vector<std::vector<std::vector<Candidate>>> found(
        static_cast<std::size_t>((table.size() + block - 1) / block));
    std::vector<std::vector<Candidate>> merged(queries.size());
    std::vector<double> bars(queries.size(), Candidates::lowest);
    const Index blocks = std::ssize(found);
    Index seen = 0;
    for (Index round = 1; seen < blocks; round *= 8) {
      const Index first = seen;
      seen = std::min(blocks, seen + round);
      parallel_for_each(seen - first, 1, [&](Index i) {
        const Index begin = (first + i) * block;
        found[static_cast<std::size_t>(first + i)] = look(begin, std::min(begin + block, table.size()), count, bars);
      });
      for (std::size_t q = 0; q < queries.size(); ++q) {
        Candidates all(places(q, count), bars[q]);
        for (const Candidate& candidate : merged[q]) all.add(candidate);
        for (Index i = first; i < seen; ++i) {
          for (const Candidate& candidate : found[static_cast<std::size_t>(i)][q]) {
            if (candidate.high >= all.bar()) all.add(candidate);
          }
        }
        all.tidy();
        bars[q] = all.bar();
        merged[q] = all.kept();
      }
    }
    return merged;
  }

  std::vector<Scored> best(const std::vector<Candidate>& candidates, std::size_t q, Index count) const {
    std::vector<Scored> scored;
    for (const Candidate& candidate : candidates) {
      if (std::binary_search(queries[q].excluded.begin(), queries[q].excluded.end(), candidate.row)) continue;
      scored.push_back({candidate.row, exact_score(table, queries[q], candidate.row, similarity)});
    }
    const auto end = scored.begin() + std::min<Index>(count, static_cast<Index>(scored.size()));
    std::partial_sort(scored.begin(), end, scored.end(), [](const Scored& x, const Scored& y) {
      return x.score != y.score ? x.score > y.score : x.id < y.id;
    });
    scored.erase(end, scored.end());
    return scored;
  }
};

}  // namespace

std::vector<std::vector<Scored>> search(const WordTable& table, const std::vector<Query>& queries, Index count,
                                        Similarity similarity) {
  table.check_unchanged();
  if (count < 0) throw ValueError("nearest", fmt::format("cannot give {} words", count));
  count = std::min(count, table.size());
  std::vector<std::vector<Scored>> results;
  for (std::size_t begin = 0; begin < queries.size(); begin += most_queries) {
    const std::size_t end = std::min(queries.size(), begin + most_queries);
    Group group{table, {}, similarity, Tensor(Shape{static_cast<Index>(end - begin), table.dim()})};
    real* numbers = group.matrix.mutable_data();
    for (std::size_t q = begin; q < end; ++q) {
      group.queries.push_back(prepare(table, queries[q], similarity));
      for (const double x : group.queries.back().numbers) *numbers++ = static_cast<real>(x);
    }
    const auto candidates = group.candidates(count);
    for (std::size_t q = 0; q < candidates.size(); ++q) results.push_back(group.best(candidates[q], q, count));
  }
  return results;
}

std::vector<std::vector<Scored>> neighbours_of_rows(const WordTable& table, const std::vector<Index>& rows,
                                                    Index count) {
  std::vector<Query> queries;
  std::vector<std::size_t> asked;  // places of rows with a direction
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<double> unit = table.unit_row(rows[i]);
    if (!table.has_direction(rows[i])) continue;
    queries.push_back({std::move(unit), {rows[i]}});
    asked.push_back(i);
  }
  std::vector<std::vector<Scored>> found = search(table, queries, count), results(rows.size());
  for (std::size_t i = 0; i < asked.size(); ++i) results[asked[i]] = std::move(found[i]);
  return results;
}

}  // namespace lexigrad::vectors
