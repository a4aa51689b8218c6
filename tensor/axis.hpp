// axis.hpp: a shape seen along one of its axes. Internal to tensor/.
#pragma once
#include "tensor/shape.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// [outer, count, inner]: what lies before the axis, the axis, and what lies behind it, each as one number.
struct AxisView {
  Index outer = 1, count = 1, inner = 1;

  /// Throws IndexError when the shape has no such axis.
  AxisView(const Shape& shape, int axis) {
    const int a = shape.axis_at(axis);
    count = shape[a];
    for (int i = 0; i < a; ++i) outer *= shape[i];
    for (int i = a + 1; i < shape.rank(); ++i) inner *= shape[i];
  }
};

}  // namespace lexigrad::inline LEXIGRAD_NS
