// gather.cpp: lookups of table rows, and their adjoint: adding rows into a table, the same bits with any thread count.
#include "tensor/gather.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/past_caches.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index most_radix_bits = 11;

// One pass of a radix sort: `order` stably by `bits` bits of the ids from bit `shift` on.
void sort_by_digit(const Ids& ids, Index shift, Index bits, BlockVector<Index>& order, BlockVector<Index>& sorted) {
  const Index buckets = Index{1} << bits;
  const auto digit = [&](Index position) { return static_cast<std::size_t>(ids[position] >> shift & (buckets - 1)); };
  BlockVector<Index> places(static_cast<std::size_t>(buckets) + 1, 0);
  for (const Index position : order) ++places[digit(position) + 1];
  std::partial_sum(places.begin(), places.end(), places.begin());
  for (const Index position : order) sorted[static_cast<std::size_t>(places[digit(position)]++)] = position;
  order.swap(sorted);
}

// y [n] = x, while the n numbers at `next` are fetched; or zeros where x is null. Both ends of it go by the caches, as
// lines that are not whole cannot bypass them, and in order: a line is soon complete then.
void write_row(const CacheBypass& bypass, const real* x, real* y, Index n, const real* next = nullptr) {
  const auto by_caches = [&](Index from, Index to) {
    x == nullptr ? std::fill(y + from, y + to, real{0}) : void(std::copy(x + from, x + to, y + from));
  };
  const auto before = static_cast<Index>(-reinterpret_cast<std::uintptr_t>(y) % 64 / sizeof(real));
  const Index first = bypass.on ? std::min(before, n) : n, last = n - (n - first) % bypass.line;
  if (x != nullptr && !bypass.on) fetch_row(next, n);
  by_caches(0, first);
  const auto from_first = [&](const real* row) { return row == nullptr ? row : row + first; };
  if (first < last) kernels().copy_past_caches(from_first(x), y + first, last - first, from_first(next));
  by_caches(last, n);
}

// How far ahead: 16 KiB. A quarter of it is slower, half as much again no faster.
Index rows_ahead(Index width) { return 1 + 4096 / std::max<Index>(width, 1); }

// Where the sum of a group's rows lies, added in order: in `scratch` [width], or a row that is alone where it is.
const real* sum_of_group(const Groups& groups, Index g, const real* rows, Index width, real* scratch) {
  const Index first = groups.first(g), end = groups.first(g + 1);
  const real* row = rows + groups.position(first) * width;
  if (end - first == 1) return row;
  std::copy_n(row, width, scratch);
  for (Index i = first + 1; i < end; ++i) kernels().axpy(1, rows + groups.position(i) * width, scratch, width);
  return scratch;
}

}  // namespace

Groups group_by_id(const Ids& ids) {
  Groups groups;
  BlockVector<Index>& order = groups.order;
  order.resize(static_cast<std::size_t>(ids.size()));
  std::iota(order.begin(), order.end(), Index{0});
  BlockVector<Index> sorted(order.size());
  std::uint64_t any = 0;  // the bits that some id has
  for (const Index id : ids.values()) any |= static_cast<std::uint64_t>(id);
  const auto width = static_cast<Index>(std::bit_width(any));
  const Index passes = std::max<Index>((width + most_radix_bits - 1) / most_radix_bits, 1);
  const Index bits = (width + passes - 1) / passes;  // all passes alike
  for (Index pass = 0; pass < passes; ++pass) sort_by_digit(ids, pass * bits, bits, order, sorted);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Index id = ids[order[i]];
    if (!groups.ids.empty() && id == groups.ids.back()) continue;
    groups.ids.push_back(id);
    groups.starts.push_back(static_cast<Index>(i));
  }
  groups.starts.push_back(ids.size());
  return groups;
}

void each_row_sum(const Groups& groups, const real* rows, Index width,
                  const std::function<void(Index group, const real* sum)>& body) {
  parallel_for(groups.count(), row_grain(width), [&](Index begin, Index end) {
    Tensor scratch({width});
    real* sum = scratch.mutable_data();
    for (Index g = begin; g < end; ++g) body(g, sum_of_group(groups, g, rows, width, sum));
  });
}

Tensor gather_rows(const Tensor& table, const Ids& ids) {
  if (table.rank() != 2) throw ShapeError("embedding", {operand("table", table)}, "expected [vocabulary, dim]");
  check_ids("embedding", ids, table.dim(0));
  const Index width = table.dim(1);
  Shape shape = ids.shape();
  shape.push_back(width);
  Tensor result(shape);
  const Index ahead = rows_ahead(width);
  const real* in = table.data();
  real* out = result.mutable_data();
  parallel_for(ids.size(), row_grain(width, 1 << 17), [&](Index begin, Index end) {
    const CacheBypass bypass(result, width);
    for (Index i = begin; i < end; ++i) {
      const Index soon = ids[std::min(i + ahead, end - 1)];
      write_row(bypass, in + ids[i] * width, out + i * width, width, in + soon * width);
    }
  });
  return result;
}

Tensor SharedRows::expanded() const {
  if (!shared()) return rows;
  const Index width = rows.shape().last();
  Tensor result({starts.empty() ? rows.dim(0) : starts.back(), width});
  real* out = result.mutable_data();
  for (Index i = 0, row = 0; i < result.dim(0); ++i) {
    row = row_of(i, row);
    kernels().scale(factors.defined() ? factors.data()[i] : 1, rows.data() + row * width, out + i * width, width);
  }
  return result;
}

void scatter_add_rows(Tensor& target, const Ids& ids, const SharedRows& from, double alpha) {
  const Tensor& rows = from.rows;
  const auto& starts = from.starts;
  const Index count = starts.empty() ? ids.size() : static_cast<Index>(starts.size()) - 1;  // of rows
  if (target.rank() != 2 || rows.size() != count * target.dim(1)) {
    throw ShapeError("scatter_add_rows", {operand("target", target), operand("rows", rows)},
                     "expected target [V, D] and {} rows of D numbers", count);
  }
  if (!starts.empty() &&
      (starts.front() != 0 || starts.back() != ids.size() || !std::is_sorted(starts.begin(), starts.end()))) {
    throw ShapeError("scatter_add_rows", {operand("rows", rows)}, "starts must ascend from 0 to {}, the count of ids",
                     ids.size());
  }
  if (from.factors.defined()) require_shape("scatter_add_rows", "factors", from.factors, {ids.size()});
  check_ids("scatter_add_rows", ids, target.dim(0));
  if (target.shares_buffer_with(rows))
    return scatter_add_rows(target, ids, {rows.clone(), starts, from.factors}, alpha);
  const Index width = target.dim(1);
  const real a = static_cast<real>(alpha);
  const real* in = rows.data();
  const real* factors = from.factors.defined() ? from.factors.data() : nullptr;
  real* out = target.mutable_data();
  const Index ahead = rows_ahead(2 * width);  // two rows each time
  // Stable bucketing: all positions of an id are in one bucket, in order, so no two threads meet at a row.
  constexpr Index buckets = 64;
  struct Placed {
    Index id, row;
    real factor;
  };
  std::array<Index, buckets + 1> ends{};
  for (const Index id : ids.values()) ++ends[static_cast<std::size_t>(id % buckets) + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  BlockVector<Placed> placed(static_cast<std::size_t>(ids.size()));
  std::array<Index, buckets + 1> places = ends;
  Index row = 0;
  for (Index i = 0; i < ids.size(); ++i) {
    row = from.row_of(i, row);
    Index& place = places[static_cast<std::size_t>(ids[i] % buckets)];
    placed[static_cast<std::size_t>(place++)] = {ids[i], row, factors == nullptr ? a : a * factors[i]};
  }
  parallel_for(buckets, row_grain(ids.size() * width / buckets), [&](Index first, Index last) {
    const Placed* end = placed.data() + ends[static_cast<std::size_t>(last)];
    for (const Placed* p = placed.data() + ends[static_cast<std::size_t>(first)]; p < end; ++p) {
      const Placed* soon = p + std::min(ahead, end - 1 - p);
      kernels().axpy_fetching(p->factor, in + p->row * width, out + p->id * width, width, in + soon->row * width,
                              out + soon->id * width);
    }
  });
}

Tensor spread_rows(const Ids& ids, const Tensor& rows, Index count) {
  check_ids("spread_rows", ids, count);
  const Index width = rows.shape().last();
  if (rows.size() != ids.size() * width) {
    throw ShapeError("spread_rows", {operand("rows", rows)}, "expected a row for each of {} ids", ids.size());
  }
  const Groups groups = group_by_id(ids);
  Tensor result({count, width});
  const real* in = rows.data();
  real* out = result.mutable_data();
  const Index ahead = rows_ahead(width);
  // Rows without an id are zeroed and the others written once: the table is never read.
  parallel_for(count, row_grain(width, 1 << 18), [&](Index begin, Index end) {
    const CacheBypass bypass(result, CacheBypass::line);
    Tensor scratch({width});
    real* sum = scratch.mutable_data();
    Index g = std::lower_bound(groups.ids.begin(), groups.ids.end(), begin) - groups.ids.begin();
    for (Index row = begin; row < end; ++row, ++g) {
      const Index next = g < groups.count() ? std::min(groups.id(g), end) : end;
      // All at once is a sixth faster than row by row.
      write_row(bypass, nullptr, out + row * width, (next - row) * width);
      row = next;
      if (row == end) break;
      const Index soon = groups.position(groups.first(std::min(g + ahead, groups.count() - 1)));
      write_row(bypass, sum_of_group(groups, g, in, width, sum), out + row * width, width, in + soon * width);
    }
  });
  return result;
}

double sum_squares_of_rows(const Ids& ids, const Tensor& rows) {
  const Groups groups = group_by_id(ids);
  const Index width = ids.size() == 0 ? 0 : rows.size() / ids.size();
  BlockVector<double> squares(static_cast<std::size_t>(groups.count()));
  each_row_sum(groups, rows.data(), width, [&](Index g, const real* sum) {
    squares[static_cast<std::size_t>(g)] = kernels().sum_squares(sum, width);
  });
  return std::accumulate(squares.begin(), squares.end(), 0.0);
}

void renorm_rows(Tensor& table, const Ids& ids, double max_norm) {
  if (table.rank() != 2) throw ShapeError("renorm_rows", {operand("table", table)}, "expected [vocabulary, dim]");
  if (!(max_norm > 0.0)) throw ValueError("renorm_rows", "max_norm = {}: expected more than 0", max_norm);
  check_ids("renorm_rows", ids, table.dim(0));
  const Index width = table.dim(1);
  for (const Index id : group_by_id(ids).ids) {
    const double norm = std::sqrt(kernels().sum_squares(table.data() + id * width, width));
    if (!(norm > max_norm)) continue;
    real* row = table.mutable_data() + id * width;
    kernels().scale(static_cast<real>(max_norm / (norm + 1e-7)), row, row, width);
  }
}

}  // namespace lexigrad::inline LEXIGRAD_NS
