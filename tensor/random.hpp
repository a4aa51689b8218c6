// random.hpp: random numbers that do not depend on threads, machine or standard library.
//
// The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011):
// number i of a stream is a function of (seed, stream, i) alone, so a million numbers can be made by any number of
// threads in any order. All numbers are made in double and rounded, so the float and the double library draw the same.
// Read next: create.hpp, where tensors are filled with them.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Philox4x32-10: four random 32-bit words from a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// A stretch of one stream, to be indexed in any order: what an op keeps in place of the numbers themselves.
struct RandomBlock {
  std::uint64_t seed = 0;    ///< of the generator it was taken from
  std::uint64_t stream = 0;  ///< the same
  std::uint64_t offset = 0;  ///< the number of the stream that is number 0 of the block

  double uniform(Index i) const;  ///< number i: uniform in [0, 1), 53 bits
  /// Numbers 2·pair and 2·pair + 1 at the cost of one.
  std::array<double, 2> uniform_pair(Index pair) const;
  double normal(Index i) const;  ///< number i: standard normal (Box-Muller on the pair that i belongs to)
};

/// A place in one stream: drawing takes numbers from it and moves it on.
class Rng {
 public:
  /// The beginning of stream 0 of `seed`.
  explicit Rng(std::uint64_t seed) : seed_(seed) {}
  /// One that goes on where another stood: its seed(), stream() and position().
  Rng(std::uint64_t seed, std::uint64_t stream, std::uint64_t position)
      : seed_(seed), stream_(stream), position_(position) {}

  /// A generator of its own for one purpose ("init", "dropout"). Does not advance this one: what a part of a program
  /// draws does not depend on what other parts draw.
  Rng fork(std::string_view name) const;

  double uniform();          ///< in [0, 1)
  double normal();           ///< mean 0, standard deviation 1
  Index below(Index count);  ///< uniform in [0, count). Throws ValueError when count < 1.
  /// 0 … count - 1 in random order (Fisher-Yates). Throws ValueError when count < 0.
  std::vector<Index> shuffled(Index count);
  /// An index with chance proportional to its weight. Throws ValueError when no weight is positive, or one is negative
  /// or not finite.
  Index choice(const std::vector<double>& weights);

  /// Takes `count` numbers out of the stream at once, to be made in parallel.
  RandomBlock take(Index count);

  std::uint64_t seed() const { return seed_; }          ///< as given
  std::uint64_t stream() const { return stream_; }      ///< which of the seed's streams; fork() changes it
  std::uint64_t position() const { return position_; }  ///< numbers taken so far

 private:
  std::uint64_t seed_ = 0, stream_ = 0, position_ = 0;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
