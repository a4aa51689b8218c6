// sampling.hpp: which words are left out, which are drawn as negatives, and the random numbers for both.
//
// Read next: windows.hpp.
#pragma once
#include <cstdint>
#include <vector>

#include "tensor/random.hpp"

namespace lexigrad::word2vec {

/// The chance that an occurrence of a word stays: min(1, (√(f/t) + 1) · t/f), f its share of all words. This is what
/// word2vec computes; the paper (Mikolov, Sutskever, Chen, Corrado, Dean 2013) has 1 - √(t/f) for leaving out. t =
/// 0: 1.
double keep_chance(double share, double t);

/// Draws i with chance weights[i] / Σ weights, in the same time for any count (Walker 1977, by Vose 1991): place i of a
/// row of equal places belongs to i up to a threshold, and beyond it to one other.
class AliasTable {
 public:
  /// Throws ValueError when there are no weights, a negative one, or none above 0.
  explicit AliasTable(const std::vector<double>& weights);
  /// For a uniform number in [0, 1).
  Index draw(double uniform) const {
    const double place = uniform * static_cast<double>(places_.size());
    const auto i = static_cast<std::int32_t>(place);
    const Place& p = places_[static_cast<std::size_t>(i)];
    // Chosen without a branch, which no CPU could foresee: several draws go on at a time.
    const std::int32_t own = -std::int32_t{static_cast<float>(place - static_cast<double>(i)) < p.threshold};
    return Index{p.other ^ ((p.other ^ i) & own)};
  }

 private:
  struct Place {
    float threshold;
    std::int32_t other;
  };
  std::vector<Place> places_;
};

/// count^power of each word: the weights of negatives. 0.75 is between how often words occur and all alike.
std::vector<double> negative_weights(const std::vector<Index>& counts, double power = 0.75);

/// Random numbers one after the other: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", 2014). Nobody asks for them out of order, so they need no counter, and cost a tenth of a Philox number.
class Draws {
 public:
  /// Begins at a place that the generator draws.
  explicit Draws(Rng rng) : state_(static_cast<std::uint64_t>(rng.uniform() * 0x1p53) << 11) {}
  /// Uniform in [0, 1), 53 bits.
  double next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return static_cast<double>((z ^ z >> 31) >> 11) * 0x1p-53;
  }

 private:
  std::uint64_t state_;
};

}  // namespace lexigrad::word2vec
