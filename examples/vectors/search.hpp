// search.hpp: the rows of a table that are nearest to some queries: one pass over the memory of the table.
//
//   std::vector<std::vector<Scored>> found = search(table, {{query, {excluded}}}, 10);
//
// The table is multiplied with all queries in single precision, a block of rows at a time, by the library's matrix
// product; a block's scores are looked through while they lie in the cache. What may be among the best, by a bound on
// the rounding error, is scored again in double, so that results and their order are those of a plain loop in double.
// Exact: no approximate index. Read next: neighbours.hpp, which asks with words.
#pragma once
#include <vector>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

/// A row of a table and its score.
struct Scored {
  Index id = 0;
  double score = 0.0;
};

/// What nearness is: the cosine, or the dot product, where long rows come first.
enum class Similarity { cosine, dot };

/// One question to the table.
struct Query {
  std::vector<double> numbers;       ///< [dim], of any length
  std::vector<Index> excluded = {};  ///< rows that are no answers
};

/// For each query the `count` best rows (or as many as there are), best first, equal scores in the order of the table.
/// Rows without a direction (zero, NaN) are never among them. The same bits with any number of threads.
/// Throws ValueError when count < 0 or a query has no direction, ShapeError for a query of another width, IndexError
/// for an excluded row outside the table, StateError.
std::vector<std::vector<Scored>> search(const WordTable& table, const std::vector<Query>& queries, Index count,
                                        Similarity similarity = Similarity::cosine);

/// The `count` nearest rows of each of the given rows, without itself, by cosine: neighbours of many words at once. A
/// row without a direction has none. Throws IndexError for a row outside, ValueError when count < 0, StateError.
std::vector<std::vector<Scored>> neighbours_of_rows(const WordTable& table, const std::vector<Index>& rows,
                                                    Index count);

}  // namespace lexigrad::vectors
