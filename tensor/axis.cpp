// axis.cpp: numbers put side by side along an axis, picked along it, and added back (the adjoint of picking).
#include "tensor/axis.hpp"

#include <algorithm>

#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Checks x [.., N, ..] against ids [.., K, ..], and every id against N.
void check_pick(std::string_view op, const Tensor& x, int axis, const Ids& ids) {
  if (ids.shape().rank() != x.rank() || !(ids.shape().without(axis) == x.shape().without(axis))) {
    throw ShapeError(op, {operand("x", x), Operand{"ids", ids.shape()}}, "expected ids of x's shape but for axis {}",
                     axis);
  }
  check_ids(op, ids, x.dim(axis), "id", "axis");
}

// at(number of x, number of ids) for every id, in parallel over what lies before the axis.
template <class At>
void each_pick(const AxisView& x, const AxisView& picked, const Ids& ids, const At& at) {
  parallel_for_each(x.outer, row_grain(picked.count * picked.inner), [&](Index o) {
    for (Index k = 0; k < picked.count; ++k) {
      for (Index i = 0; i < x.inner; ++i) {
        const Index place = (o * picked.count + k) * x.inner + i;
        at((o * x.count + ids[place]) * x.inner + i, place);
      }
    }
  });
}

// `count` stretches of `width` numbers, from one stride to the other.
void copy_stretches(Index count, Index width, const real* in, Index in_stride, real* out, Index out_stride) {
  parallel_for_each(count, row_grain(width),
                    [&](Index i) { std::copy_n(in + i * in_stride, width, out + i * out_stride); });
}

}  // namespace

Tensor concat(const std::vector<Tensor>& parts, int axis) {
  if (parts.empty()) throw ShapeError("concat", "there are no parts");
  Index count = 0;
  for (const Tensor& part : parts) {
    if (part.rank() != parts[0].rank() || !(part.shape().without(axis) == parts[0].shape().without(axis))) {
      throw ShapeError("concat", {operand("part 0", parts[0]), operand("a part", part)},
                       "expected equal shapes but for axis {}", axis);
    }
    count += part.dim(axis);
  }
  Tensor result(parts[0].shape().with(axis, count));
  const AxisView whole(result.shape(), axis);
  real* out = result.mutable_data();
  for (const Tensor& part : parts) {
    const Index width = part.dim(axis) * whole.inner;  // numbers that lie together in the part
    copy_stretches(whole.outer, width, part.data(), width, out, whole.count * whole.inner);
    out += width;
  }
  return result;
}

Tensor part(const Tensor& x, int axis, Index first, Index count) {
  if (first < 0 || count < 0 || first > x.dim(axis) - count) {
    throw IndexError("part", {operand("x", x)}, "axis {} has no {} places from {} on", axis, count, first);
  }
  Tensor result(x.shape().with(axis, count));
  const AxisView whole(x.shape(), axis);
  const Index width = count * whole.inner;
  copy_stretches(whole.outer, width, x.data() + first * whole.inner, whole.count * whole.inner, result.mutable_data(),
                 width);
  return result;
}

Tensor gather(const Tensor& x, int axis, const Ids& ids) {
  check_pick("gather", x, axis, ids);
  Tensor result(ids.shape());
  const real* in = x.data();
  real* out = result.mutable_data();
  each_pick({x.shape(), axis}, {ids.shape(), axis}, ids, [&](Index from, Index place) { out[place] = in[from]; });
  return result;
}

void scatter_add_into(Tensor& target, int axis, const Ids& ids, const Tensor& values) {
  check_pick("scatter_add", target, axis, ids);
  require_shape("scatter_add", "values", values, ids.shape());
  if (target.shares_buffer_with(values)) return scatter_add_into(target, axis, ids, values.clone());
  const real* in = values.data();
  real* out = target.mutable_data();
  each_pick({target.shape(), axis}, {ids.shape(), axis}, ids, [&](Index to, Index place) { out[to] += in[place]; });
}

}  // namespace lexigrad::inline LEXIGRAD_NS
