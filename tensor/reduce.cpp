// reduce.cpp: sums, means, maxima. Each sum is made per fixed chunk and then over the chunks in order.
#include <algorithm>
#include <cmath>

#include "tensor/axis.hpp"
#include "tensor/create.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index chunk = 1 << 15;

// Σ over all chunks of row(numbers, count).
double total(const Tensor& x, double (*row)(const real* x, Index n)) {
  return parallel_sum(x.size(), chunk, [&](Index begin, Index end) { return row(x.data() + begin, end - begin); });
}

// x seen as [outer, count, inner] → [outer, inner].
void sum_middle(const real* x, Index outer, Index count, Index inner, real* out) {
  if (inner == 1) {
    return parallel_for_each(outer, row_grain(count, chunk),
                             [&](Index o) { out[o] = static_cast<real>(kernels().sum(x + o * count, count)); });
  }
  // Rows are cut into fixed pieces, of eight rows at a time, with a sum each; the pieces are added in order.
  const Index piece = (std::max(row_grain(inner, 1 << 16), (count + 63) / 64) + 7) / 8 * 8;
  const Index pieces = std::max<Index>(1, (count + piece - 1) / piece);
  BlockVector<double> sums(static_cast<std::size_t>(outer * pieces * inner), 0.0);
  parallel_for_each(outer * pieces, 1, [&](Index job) {
    const Index first = job % pieces * piece;
    kernels().sum_columns(x + (job / pieces * count + first) * inner, std::min(piece, count - first), inner,
                          sums.data() + job * inner);
  });
  for (Index o = 0; o < outer; ++o) {
    double* all = sums.data() + o * pieces * inner;
    for (Index p = 1; p < pieces; ++p)
      for (Index i = 0; i < inner; ++i) all[i] += all[p * inner + i];
    for (Index i = 0; i < inner; ++i) out[o * inner + i] = static_cast<real>(all[i]);
  }
}

Shape reduced(const Shape& shape, int axis, bool keep_axis) {
  return keep_axis ? shape.with(axis, 1) : shape.without(axis);
}

// The place of the greatest of `count` numbers `stride` apart; the first NaN is greater than all.
Index place_of_greatest(const real* x, Index count, Index stride) {
  if (stride == 1) {
    const real greatest = kernels().max(x, count);
    return std::find_if(x, x + count, [=](real v) { return v == greatest || std::isnan(v); }) - x;
  }
  Index best = 0;
  for (Index i = 0; i < count; ++i) {
    const real v = x[i * stride];
    if (std::isnan(v)) return i;
    if (v > x[best * stride]) best = i;
  }
  return best;
}

}  // namespace

Tensor sum(const Tensor& x) { return scalar(total(x, kernels().sum)); }

Tensor mean(const Tensor& x) {
  if (x.size() == 0) throw ShapeError("mean", {operand("x", x)}, "the mean of no numbers is not defined");
  return scalar(total(x, kernels().sum) / static_cast<double>(x.size()));
}

Tensor sum(const Tensor& x, int axis, bool keep_axis) {
  const AxisView view(x.shape(), axis);
  Tensor result(reduced(x.shape(), axis, keep_axis));
  if (result.size() > 0) sum_middle(x.data(), view.outer, view.count, view.inner, result.mutable_data());
  return result;
}

Tensor mean(const Tensor& x, int axis, bool keep_axis) {
  if (x.dim(axis) == 0) {
    throw ShapeError("mean", {operand("x", x)}, "the mean of no numbers along axis {} is not defined", axis);
  }
  return sum(x, axis, keep_axis) / static_cast<double>(x.dim(axis));
}

Tensor max(const Tensor& x) {
  if (x.size() == 0) throw ShapeError("max", {operand("x", x)}, "there is nothing to choose from");
  Tensor greatest({(x.size() + chunk - 1) / chunk});
  real* out = greatest.mutable_data();
  parallel_for(x.size(), chunk,
               [&](Index begin, Index end) { out[begin / chunk] = kernels().max(x.data() + begin, end - begin); });
  return scalar(static_cast<double>(kernels().max(out, greatest.size())));
}

Tensor max(const Tensor& x, int axis, bool keep_axis) {
  const Ids best = argmax(x, axis).reshape(reduced(x.shape(), axis, true));
  return gather(x, axis, best).reshape(reduced(x.shape(), axis, keep_axis));
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (!broadcasts_to(shape, x.shape())) {
    throw ShapeError("sum_to", {operand("x", x)}, to_string(shape) + " does not repeat into it");
  }
  if (shape.size() == 1) return sum(x).reshape(shape);
  Tensor result = x;
  if (const Index* split = x.shape().end() - shape.rank(); split != x.shape().begin()) {
    const Shape repeats(x.shape().begin(), split), kept(split, x.shape().end());
    result = sum(x.reshape(Shape{repeats.size(), kept.size()}), 0).reshape(kept);
  }
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 1 && result.dim(axis) != 1) result = sum(result, axis, true);
  }
  return result;
}

double sum_squares(const Tensor& x) { return total(x, kernels().sum_squares); }

bool all_finite(const Tensor& x) {
  const auto bad = [](const real* in, Index n) {
    return std::all_of(in, in + n, [](real v) { return std::isfinite(v); }) ? 0.0 : 1.0;
  };
  return total(x, bad) == 0.0;
}

Index argmax(const Tensor& x) {
  if (x.size() == 0) throw ShapeError("argmax", {operand("x", x)}, "there is nothing to choose from");
  return place_of_greatest(x.data(), x.size(), 1);
}

Ids argmax(const Tensor& x, int axis) {
  const AxisView view(x.shape(), axis);
  if (view.count == 0) throw ShapeError("argmax", {operand("x", x)}, "there is nothing to choose from");
  std::vector<Index> best(static_cast<std::size_t>(view.outer * view.inner));
  parallel_for_each(view.outer * view.inner, row_grain(view.count), [&](Index i) {
    const Index outer = i / view.inner, inner = i % view.inner;
    best[static_cast<std::size_t>(i)] =
        place_of_greatest(x.data() + outer * view.count * view.inner + inner, view.count, view.inner);
  });
  return Ids(x.shape().without(axis), std::move(best));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
