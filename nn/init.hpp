// init.hpp: what a parameter starts as. Each function writes into a parameter that is there; nothing is recorded.
//
//   init::xavier_uniform(layer.weight, rng);
//
// fan_in and fan_out of a weight [out, in] are in and out.
#pragma once
#include "nn/parameter.hpp"
#include "tensor/random.hpp"

/// What a parameter starts as.
namespace lexigrad::inline LEXIGRAD_NS::init {

void constant(const Parameter& p, double value);  ///< every number
/// N(mean, std²). Throws ValueError when std is negative or not finite.
void normal(const Parameter& p, Rng& rng, double mean = 0.0, double std = 1.0);
/// N(0, std²), drawn anew where it lies beyond 2·std. Throws ValueError as normal does.
void truncated_normal(const Parameter& p, Rng& rng, double std);
/// Uniform in [low, high). Throws ValueError when the bounds are not finite or not in order.
void uniform(const Parameter& p, Rng& rng, double low, double high);

/// Uniform with bound gain · √(6 / (fan_in + fan_out)), normal with std gain · √(2 / (fan_in + fan_out)): what goes in
/// and what comes back keep their spread through a linear layer (Glorot & Bengio 2010). Throw ShapeError unless p is a
/// matrix.
///@{
void xavier_uniform(const Parameter& p, Rng& rng, double gain = 1.0);
void xavier_normal(const Parameter& p, Rng& rng, double gain = 1.0);
///@}
/// Uniform with bound √(6 / fan_in), normal with std √(2 / fan_in): the same for a layer before relu, which lets half
/// through (He, Zhang, Ren, Sun 2015). Throw ShapeError unless p is a matrix.
///@{
void kaiming_uniform(const Parameter& p, Rng& rng);
void kaiming_normal(const Parameter& p, Rng& rng);
///@}

}  // namespace lexigrad::inline LEXIGRAD_NS::init
