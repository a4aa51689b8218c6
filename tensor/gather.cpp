// gather.cpp: lookups of table rows, and their adjoint: adding rows into a table, the same bits with any thread count.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/core.h>

#include "tensor/create.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Positions of `ids` grouped by id: group g is order[starts[g]] … order[starts[g + 1] - 1], in order of appearance.
struct Groups {
  std::vector<Index> order, starts;
  Index count() const { return static_cast<Index>(starts.size()) - 1; }
};

Groups group_by_id(const Ids& ids) {
  Groups groups;
  groups.order.resize(static_cast<std::size_t>(ids.size()));
  std::iota(groups.order.begin(), groups.order.end(), Index{0});
  std::stable_sort(groups.order.begin(), groups.order.end(), [&](Index a, Index b) { return ids[a] < ids[b]; });
  for (std::size_t i = 0; i < groups.order.size(); ++i) {
    if (i == 0 || ids[groups.order[i]] != ids[groups.order[i - 1]]) groups.starts.push_back(static_cast<Index>(i));
  }
  groups.starts.push_back(ids.size());
  return groups;
}

// For each group, in parallel over groups: into(group, id)[..] += alpha · each of its rows, in order.
template <class Into>
void add_groups(const Groups& groups, const Ids& ids, const real* rows, Index width, real alpha, const Into& into) {
  parallel_for(groups.count(), row_grain(width), [&](Index begin, Index end) {
    for (Index g = begin; g < end; ++g) {
      const auto first = static_cast<std::size_t>(groups.starts[static_cast<std::size_t>(g)]);
      const auto last = static_cast<std::size_t>(groups.starts[static_cast<std::size_t>(g) + 1]);
      real* target = into(g, ids[groups.order[first]]);
      for (std::size_t i = first; i < last; ++i) kernels().axpy(alpha, rows + groups.order[i] * width, target, width);
    }
  });
}

}  // namespace

Tensor gather_rows(const Tensor& table, const Ids& ids) {
  if (table.rank() != 2) throw ShapeError("embedding", {operand("table", table)}, "expected [vocabulary, dim]");
  check_ids("embedding", ids, table.dim(0));
  const Index width = table.dim(1);
  Shape shape = ids.shape();
  shape.push_back(width);
  Tensor result(shape);
  const real* in = table.data();
  real* out = result.mutable_data();
  parallel_for(ids.size(), row_grain(width), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) std::copy_n(in + ids[i] * width, width, out + i * width);
  });
  return result;
}

void scatter_add_rows(Tensor& target, const Ids& ids, const Tensor& rows, double alpha) {
  if (target.rank() != 2 || rows.size() != ids.size() * target.dim(1)) {
    throw ShapeError("scatter_add_rows", {operand("target", target), operand("rows", rows)},
                     fmt::format("expected target [V, D] and {} rows of D numbers", ids.size()));
  }
  check_ids("scatter_add_rows", ids, target.dim(0));
  const Index width = target.dim(1);
  real* out = target.mutable_data();
  add_groups(group_by_id(ids), ids, rows.data(), width, static_cast<real>(alpha),
             [&](Index, Index id) { return out + id * width; });
}

RowSum coalesce_rows(const Ids& ids, const Tensor& rows) {
  const Groups groups = group_by_id(ids);
  const Index width = ids.size() == 0 ? rows.shape().last() : rows.size() / ids.size();
  std::vector<Index> distinct;
  for (Index g = 0; g < groups.count(); ++g) {
    distinct.push_back(ids[groups.order[static_cast<std::size_t>(groups.starts[static_cast<std::size_t>(g)])]]);
  }
  RowSum result{Ids(std::move(distinct)), zeros({groups.count(), width})};
  real* out = result.rows.mutable_data();
  add_groups(groups, ids, rows.data(), width, real{1}, [&](Index g, Index) { return out + g * width; });
  return result;
}

void renorm_rows(Tensor& table, const Ids& ids, double max_norm) {
  if (table.rank() != 2) throw ShapeError("renorm_rows", {operand("table", table)}, "expected [vocabulary, dim]");
  if (!(max_norm > 0.0)) throw ValueError("renorm_rows", fmt::format("max_norm = {}: expected more than 0", max_norm));
  check_ids("renorm_rows", ids, table.dim(0));
  const Index width = table.dim(1);
  std::vector<Index> distinct(ids.values().begin(), ids.values().end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (const Index id : distinct) {
    const double norm = std::sqrt(kernels().sum_squares(table.data() + id * width, width));
    if (!(norm > max_norm)) continue;
    real* row = table.mutable_data() + id * width;
    kernels().scale(static_cast<real>(max_norm / (norm + 1e-7)), row, row, width);
  }
}

}  // namespace lexigrad::inline LEXIGRAD_NS
