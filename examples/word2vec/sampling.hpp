// sampling.hpp: which words are left out, which are drawn as negatives, and the random numbers for both.
//
// Read next: windows.hpp.
#pragma once
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
    const auto i = static_cast<std::size_t>(place);
    const Place& p = places_[i];
    return static_cast<float>(place - static_cast<double>(i)) < p.threshold ? static_cast<Index>(i) : Index{p.other};
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

/// The numbers of one stream one after the other, two for each call of the generator.
class Draws {
 public:
  explicit Draws(Rng rng) : block_(rng.take(0)) {}
  /// Uniform in [0, 1).
  double next() {
    if (second_) {
      second_ = false;
      return pair_[1];
    }
    pair_ = block_.uniform_pair(count_++);
    second_ = true;
    return pair_[0];
  }

 private:
  RandomBlock block_;
  std::array<double, 2> pair_ = {};
  Index count_ = 0;
  bool second_ = false;
};

}  // namespace lexigrad::word2vec
