// neighbours.hpp: which words lie near each other, and analogies: man is to king as woman is to ...?
//
//   for (auto [id, score] : neighbours(table, "king", 5)) fmt::print("{} {:.3f}\n", table.words[id], score);
//
// Nearness is the cosine over all rows (no approximate index), ordered by its value in double. Results come best first,
// equal scores in the order of the table. Rows without a direction (zero, NaN) are never among them.
// Read next: search.hpp (how they are found), test_sets.hpp (many analogies at once), axis.hpp.
#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vectors/search.hpp"

namespace lexigrad::vectors {

/// cos(a, b) of two words, in [-1, 1]. Throws IndexError for unknown words, ValueError for one without a direction.
double cosine(const WordTable& table, std::string_view a, std::string_view b);

/// The `count` rows (or as many as there are) nearest to a query [dim] of any length, but for the `excluded` ones.
/// Throws ValueError when count < 0, ShapeError when the query has another width, ValueError when it has no direction.
std::vector<Scored> nearest(const WordTable& table, std::span<const double> query, Index count,
                            const std::vector<Index>& excluded = {});
std::vector<Scored> nearest(const WordTable& table, const Tensor& query, Index count,
                            const std::vector<Index>& excluded = {});

/// The `count` words nearest to a word, without itself. Throws like nearest(), and IndexError for an unknown word.
std::vector<Scored> neighbours(const WordTable& table, std::string_view word, Index count);

/// "a is to b as c is to ...": the words nearest to unit(b) - unit(a) + unit(c), without a, b and c unless
/// include_query_words. Method: 3CosAdd, Mikolov, Yih, Zweig 2013. Throws like neighbours().
std::vector<Scored> analogy(const WordTable& table, std::string_view a, std::string_view b, std::string_view c,
                            Index count, bool include_query_words = false);

/// The same by 3CosMul (Levy, Goldberg 2014): the words with the largest c(b) · c(c) / (c(a) + 0.001), where c is the
/// cosine with the candidate, moved to [0, 1] by (1 + cos) / 2. One large cosine cannot make up for a small one here.
std::vector<Scored> analogy_by_product(const WordTable& table, std::string_view a, std::string_view b,
                                       std::string_view c, Index count, bool include_query_words = false);

/// The word that fits least: the one with the smallest cosine with the mean of all their unit rows (gensim's
/// doesnt_match). All of them, that one first. Throws ValueError for fewer than three words, and like neighbours().
std::vector<Scored> odd_one_out(const WordTable& table, const std::vector<std::string>& words);

/// The place of a row in nearest() without limit: 1 for the first; nothing when it is excluded or has no direction.
/// Throws like nearest(), and IndexError for a row outside the table.
std::optional<Index> rank_of(const WordTable& table, std::span<const double> query, Index row,
                             const std::vector<Index>& excluded = {});
/// The place of `expected` among all neighbours of `word`.
std::optional<Index> rank_of(const WordTable& table, std::string_view expected, std::string_view word);
/// The place of `expected` among all answers of analogy(table, a, b, c).
std::optional<Index> rank_of(const WordTable& table, std::string_view expected, std::string_view a, std::string_view b,
                             std::string_view c, bool include_query_words = false);

/// The query of an analogy: unit(b) - unit(a) + unit(c), [dim]; for callers that have rows instead of words.
std::vector<double> analogy_query(const WordTable& table, Index a, Index b, Index c);

}  // namespace lexigrad::vectors
