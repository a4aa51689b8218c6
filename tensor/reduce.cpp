// reduce.cpp: sums, means, maxima. Each sum is made per fixed chunk and then over the chunks in order.
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "tensor/create.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index chunk = 1 << 15;

double total(const Tensor& x) {
  const real* in = x.data();
  return parallel_sum(x.size(), chunk, [&](Index begin, Index end) { return kernels().sum(in + begin, end - begin); });
}

// out[inner] += Σ over rows [begin, end) of x [rows, inner], in row order.
void add_rows(const real* x, Index begin, Index end, Index inner, double* out) {
  for (Index row = begin; row < end; ++row) {
    for (Index i = 0; i < inner; ++i) out[i] += static_cast<double>(x[row * inner + i]);
  }
}

// x seen as [outer, count, inner] → [outer, inner].
void sum_middle(const real* x, Index outer, Index count, Index inner, real* out) {
  if (inner == 1) {
    parallel_for(outer, row_grain(count, chunk), [&](Index begin, Index end) {
      for (Index o = begin; o < end; ++o) out[o] = static_cast<real>(kernels().sum(x + o * count, count));
    });
    return;
  }
  // Rows are cut into fixed pieces with a sum each; the pieces are added in order.
  const Index piece = std::max<Index>(row_grain(inner, 1 << 16), (count + 63) / 64);
  const Index pieces = std::max<Index>(1, (count + piece - 1) / piece);
  std::vector<double> sums(static_cast<std::size_t>(outer * pieces * inner), 0.0);
  parallel_for(outer * pieces, 1, [&](Index begin, Index end) {
    for (Index job = begin; job < end; ++job) {
      const Index first = job % pieces * piece;
      add_rows(x + job / pieces * count * inner, first, std::min(first + piece, count), inner,
               sums.data() + job * inner);
    }
  });
  for (Index o = 0; o < outer; ++o) {
    for (Index i = 0; i < inner; ++i) {
      double value = 0.0;
      for (Index p = 0; p < pieces; ++p) value += sums[static_cast<std::size_t>((o * pieces + p) * inner + i)];
      out[o * inner + i] = static_cast<real>(value);
    }
  }
}

}  // namespace

Tensor sum(const Tensor& x) { return scalar(total(x)); }

Tensor mean(const Tensor& x) {
  if (x.size() == 0) throw ShapeError("mean", {operand("x", x)}, "the mean of no numbers is not defined");
  return scalar(total(x) / static_cast<double>(x.size()));
}

Tensor sum(const Tensor& x, int axis, bool keep_axis) {
  const int a = x.shape().axis_at(axis);
  Index outer = 1, inner = 1;
  for (int i = 0; i < a; ++i) outer *= x.dim(i);
  for (int i = a + 1; i < x.rank(); ++i) inner *= x.dim(i);
  Tensor result(keep_axis ? x.shape().with(a, 1) : x.shape().without(a));
  if (result.size() > 0) sum_middle(x.data(), outer, x.dim(a), inner, result.mutable_data());
  return result;
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (!broadcasts_to(shape, x.shape())) {
    throw ShapeError("sum_to", {operand("x", x)}, to_string(shape) + " does not repeat into it");
  }
  if (shape.size() == 1) return sum(x).reshape(shape);
  Tensor result = x;
  const int extra = x.rank() - shape.rank();
  if (extra > 0) {
    Shape merged{1};
    for (int i = 0; i < extra; ++i) merged = merged.with(0, merged[0] * x.dim(i));
    for (int i = extra; i < x.rank(); ++i) merged.push_back(x.dim(i));
    result = sum(result.reshape(merged), 0);
  }
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 1 && result.dim(axis) != 1) result = sum(result, axis, true);
  }
  return result;
}

double sum_squares(const Tensor& x) {
  const real* in = x.data();
  return parallel_sum(x.size(), chunk,
                      [&](Index begin, Index end) { return kernels().sum_squares(in + begin, end - begin); });
}

bool all_finite(const Tensor& x) {
  const real* in = x.data();
  return parallel_sum(x.size(), chunk, [&](Index begin, Index end) {
           return std::all_of(in + begin, in + end, [](real v) { return std::isfinite(v); }) ? 0.0 : 1.0;
         }) == 0.0;
}

Ids argmax(const Tensor& x) {
  if (x.rank() == 0 || x.shape().last() == 0) {
    throw ShapeError("argmax", {operand("x", x)}, "there is nothing to choose from");
  }
  const Index width = x.shape().last(), rows = x.shape().rows();
  const real* in = x.data();
  std::vector<Index> best(static_cast<std::size_t>(rows));
  parallel_for(rows, row_grain(width), [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      const real* row = in + r * width;
      const auto found = std::find_if(row, row + width, [](real v) { return std::isnan(v); });  // NaN wins, as in max
      best[static_cast<std::size_t>(r)] = (found != row + width ? found : std::max_element(row, row + width)) - row;
    }
  });
  return Ids(x.shape().drop_last(), std::move(best));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
