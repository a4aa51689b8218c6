// embedding.cpp: the lookup. Forward copies rows; backward says which rows were used, and with what slope.
//
// A Gradient is nothing, a dense tensor, or such rows: {ids [R], values [R, D], rows of the whole table}. As rows it
// costs what was looked up. An id that was looked up twice stands twice, which means the sum.
#include <unordered_map>

#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Rows without those of one id.
GradientRows without(Index id, const GradientRows& rows) {
  std::vector<Index> places, kept;
  for (Index i = 0; i < rows.ids.size(); ++i) {
    if (rows.ids[i] == id) continue;
    places.push_back(i);
    kept.push_back(rows.ids[i]);
  }
  return {Ids(std::move(kept)), {gather_rows(rows.values.rows, Ids(std::move(places)))}, rows.num_rows};
}

// [R, 1]: one over how often each id occurs.
Tensor one_over_counts(const Ids& ids) {
  std::unordered_map<Index, Index> counts;
  for (const Index id : ids.values()) ++counts[id];
  Tensor result({ids.size(), 1});
  real* out = result.mutable_data();
  for (Index i = 0; i < ids.size(); ++i) out[i] = static_cast<real>(1.0 / static_cast<double>(counts[ids[i]]));
  return result;
}

struct EmbeddingOp {  // y[i] = table[ids[i]];  dtable[ids[i]] += dy[i]
  static constexpr std::string_view name = "embedding";
  Ids ids;
  LookupOptions options;
  Shape table;
  Tensor forward(const Tensor& rows) {
    Tensor y = gather_rows(rows, ids);
    if (const auto row = options.padding_idx; row && (*row < 0 || *row >= table[0]))
      throw IndexError("embedding", "padding_idx {} is outside the vocabulary of {}", *row, table[0]);
    return y;
  }
  Gradient backward(const Tensor& dy) const {
    Tensor slopes = dy.reshape(Shape{ids.size(), table[1]});
    if (options.scale_grad_by_freq) slopes = slopes * one_over_counts(ids);
    const GradientRows rows{ids.reshape(Shape{ids.size()}), {slopes}, table[0]};
    return options.padding_idx ? without(*options.padding_idx, rows) : rows;
  }
};

}  // namespace

Variable embedding(const Variable& table, const Ids& ids, const LookupOptions& options) {
  return apply(EmbeddingOp{ids, options, table.shape()}, table);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
