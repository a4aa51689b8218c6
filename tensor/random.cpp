// random.cpp: Philox and the distributions drawn from it.
#include "tensor/random.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/core.h>

#include "tensor/error.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// 64 random bits each for numbers 2·block and 2·block + 1 of a stream.
std::array<std::uint64_t, 2> bits(std::uint64_t seed, std::uint64_t stream, std::uint64_t block) {
  const auto words = philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                             static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
                            {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  return {std::uint64_t{words[1]} << 32 | words[0], std::uint64_t{words[3]} << 32 | words[2]};
}

double to_unit(std::uint64_t word) { return static_cast<double>(word >> 11) * 0x1p-53; }

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return c;
}

std::array<double, 2> RandomBlock::uniform_pair(Index pair) const {
  const auto [first, second] = bits(seed, stream, offset / 2 + static_cast<std::uint64_t>(pair));
  return {to_unit(first), to_unit(second)};
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
  Rng child(seed_);
  child.stream_ = hash;
  return child;
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
  if (count < 1) throw ValueError("rng", fmt::format("cannot choose below {}", count));
  return static_cast<Index>(uniform() * static_cast<double>(count));
}

std::vector<Index> Rng::shuffled(Index count) {
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  for (Index i = count - 1; i > 0; --i) {
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(below(i + 1))]);
  }
  return order;
}

Index Rng::choice(const std::vector<double>& weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(total > 0.0)) throw ValueError("rng", "choice needs a positive weight");
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
