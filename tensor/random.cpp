// random.cpp: Philox and the distributions drawn from it.
#include "tensor/random.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "tensor/error.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

// The upper 53 of 64 random bits as a number in [0, 1).
double to_unit(std::uint32_t lower, std::uint32_t upper) {
  return static_cast<double>((std::uint64_t{upper} << 32 | lower) >> 11) * 0x1p-53;
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c[2];
    c = {high(p1) ^ c[1] ^ key[0], low(p1), high(p0) ^ c[3] ^ key[1], low(p0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return c;
}

std::array<double, 2> RandomBlock::uniform_pair(Index pair) const {
  const std::uint64_t block = offset / 2 + static_cast<std::uint64_t>(pair);
  const auto words = philox({low(block), high(block), low(stream), high(stream)}, {low(seed), high(seed)});
  return {to_unit(words[0], words[1]), to_unit(words[2], words[3])};
}

double RandomBlock::uniform(Index i) const { return uniform_pair(i / 2)[static_cast<std::size_t>(i % 2)]; }

double RandomBlock::normal(Index i) const {
  const auto [u, v] = uniform_pair(i / 2);
  const double radius = std::sqrt(-2.0 * std::log(1.0 - u));  // 1 - u is in (0, 1]: the logarithm is finite
  const double angle = 2.0 * std::numbers::pi * v;
  return radius * (i % 2 == 0 ? std::cos(angle) : std::sin(angle));
}

Rng Rng::fork(std::string_view name) const {
  std::uint64_t hash = 0xcbf29ce484222325 ^ stream_;  // FNV-1a over the name, begun from this stream's number
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return Rng(seed_, hash, 0);
}

RandomBlock Rng::take(Index count) {
  const RandomBlock block{seed_, stream_, position_};
  // Whole Philox blocks of two numbers, so that no normal draw shares its pair with another call's number.
  position_ += (static_cast<std::uint64_t>(count) + 1) / 2 * 2;
  return block;
}

double Rng::uniform() { return take(1).uniform(0); }

double Rng::normal() { return take(1).normal(0); }

Index Rng::below(Index count) {
  if (count < 1) throw ValueError("rng", "cannot choose below {}", count);
  return static_cast<Index>(uniform() * static_cast<double>(count));
}

std::vector<Index> Rng::shuffled(Index count) {
  if (count < 0) throw ValueError("rng", "cannot shuffle {}", count);
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  for (Index i = count - 1; i > 0; --i) {
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(below(i + 1))]);
  }
  return order;
}

Index Rng::choice(const std::vector<double>& weights) {
  const auto add = [](double sum, double weight) { return weight >= 0.0 ? sum + weight : NAN; };
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0, add);
  if (!(total > 0.0 && total < INFINITY)) throw ValueError("rng", "choice needs finite weights from 0 on, one above 0");
  double left = uniform() * total;
  Index last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0.0)) continue;
    last = static_cast<Index>(i);
    left -= weights[i];
    if (left < 0.0) break;
  }
  return last;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
