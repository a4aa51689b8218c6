// create.hpp: how tensors are made.
#pragma once
#include <vector>

#include "tensor/random.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

Tensor empty(const Shape& shape);               ///< undefined contents
Tensor zeros(const Shape& shape);               ///< 0 everywhere
Tensor ones(const Shape& shape);                ///< 1 everywhere
Tensor full(const Shape& shape, double value);  ///< `value` everywhere
Tensor scalar(double value);                    ///< one number, shape []
/// Row-major values. Throws ShapeError when their count is not the shape's.
Tensor tensor(const Shape& shape, const std::vector<double>& values);
/// Independent draws from N(mean, std²). Throws ValueError when std is negative or not finite.
Tensor normal(const Shape& shape, Rng& rng, double mean = 0.0, double std = 1.0);
/// Independent draws, uniform in [low, high). Throws ValueError when the bounds are not finite or not in order.
Tensor uniform(const Shape& shape, Rng& rng, double low = 0.0, double high = 1.0);

}  // namespace lexigrad::inline LEXIGRAD_NS
