// create.cpp: how tensors are made.
#include "tensor/create.hpp"

#include <cmath>

#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

template <class Number>
Tensor made(const Shape& shape, const Number& number) {
  Tensor result(shape);
  real* out = result.mutable_data();
  parallel_for_each(shape.size(), 4096, [&](Index i) { out[i] = static_cast<real>(number(i)); });
  return result;
}

}  // namespace

Tensor empty(const Shape& shape) { return Tensor(shape); }
Tensor zeros(const Shape& shape) { return full(shape, 0.0); }
Tensor ones(const Shape& shape) { return full(shape, 1.0); }
Tensor scalar(double value) { return full(Shape{}, value); }

Tensor full(const Shape& shape, double value) {
  Tensor result(shape);
  result.fill(value);
  return result;
}

Tensor tensor(const Shape& shape, const std::vector<double>& values) {
  if (static_cast<Index>(values.size()) != shape.size()) {
    throw ShapeError("tensor", "{} values given for the shape {}", values.size(), to_string(shape));
  }
  return made(shape, [&](Index i) { return values[static_cast<std::size_t>(i)]; });
}

Tensor normal(const Shape& shape, Rng& rng, double mean, double std) {
  if (!(std >= 0.0) || !std::isfinite(std)) throw ValueError("normal", "std = {} must be 0 or more", std);
  const RandomBlock block = rng.take(shape.size());
  if (std == 0.0) return full(shape, mean);  // nothing random in them, so nothing is drawn
  return made(shape, [&](Index i) { return mean + std * block.normal(i); });
}

Tensor uniform(const Shape& shape, Rng& rng, double low, double high) {
  if (!(low <= high) || !std::isfinite(high - low))
    throw ValueError("uniform", "no number can be drawn from [{}, {})", low, high);
  const RandomBlock block = rng.take(shape.size());
  return made(shape, [&](Index i) {
    const real x = static_cast<real>(low + (high - low) * block.uniform(i));
    return static_cast<double>(x) < high ? x : std::nextafter(x, static_cast<real>(low));  // it was rounded up to high
  });
}

}  // namespace lexigrad::inline LEXIGRAD_NS
