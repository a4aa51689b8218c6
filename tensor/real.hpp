// real.hpp: the one number type of the library, chosen when it is built.
//
// The library is compiled twice from the same sources: once with `float` (what programs use) and once with
// `double` (what the tests use to hold every gradient against finite differences). The inline namespace keeps the
// two apart at link time: a program built for one and linked with the other does not link.
// Read next: shape.hpp.
#pragma once
#include <cstdint>

#ifdef LEXIGRAD_F64
#define LEXIGRAD_NS f64
#else
#define LEXIGRAD_NS f32
#endif

/// @namespace lexigrad
/// All of the library. Tensors and their functions, variables and theirs, modules: folders tensor, autograd, nn.
namespace lexigrad::inline LEXIGRAD_NS {

/// What every tensor holds: float in the library that programs use, double in the one that checks gradients.
#ifdef LEXIGRAD_F64
using real = double;
#else
using real = float;
#endif

/// Sizes, positions and token ids. Signed, so that a difference of two of them means what it says.
using Index = std::int64_t;

}  // namespace lexigrad::inline LEXIGRAD_NS
