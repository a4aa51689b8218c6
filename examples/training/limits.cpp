// limits.cpp: the sizes as floating-point numbers, which do not overflow.
#include "training/limits.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "cli.hpp"
#include "tensor/error.hpp"

namespace lexigrad::training {
namespace {

constexpr Index most_steps = 1'000'000'000'000, most_parts = 1'000'000;

}  // namespace

void check_step(Index steps, Index batch, Index accumulate, Index context) {
  cli::require(steps <= most_steps, fmt::format("--steps {}: expected {} or fewer", steps, most_steps));
  const double part = static_cast<double>(batch) * static_cast<double>(context);
  cli::require(part <= 1e9, fmt::format("--batch {} with --context {}: {:.3g} tokens at a time; expected 1e9 or fewer",
                                        batch, context, part));
  cli::require(accumulate <= most_parts, fmt::format("--accumulate {}: expected {} or fewer", accumulate, most_parts));
}

void check_model(const TransformerOptions& model) {
  constexpr Index most_layers = 10'000;
  cli::require(model.layers <= most_layers, fmt::format("--layers {}: expected 0 to {}", model.layers, most_layers));
  const auto dim = static_cast<double>(model.dim);
  const double block = dim * (12.0 * dim + 13.0);
  const double numbers =
      dim * static_cast<double>(model.vocab + model.context) + block * static_cast<double>(model.layers);
  const double needed = 3.0 * sizeof(real) * numbers;  // the parameters and two moments
  const double there = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE));
  if (there <= 0.0 || needed <= there) return;
  throw ValueError("train",
                   fmt::format("a model of {:.3g} numbers takes {:.3g} GB to train, and the machine has {:.3g}: "
                               "smaller --dim or --layers need less",
                               numbers, 1e-9 * needed, 1e-9 * there));
}

}  // namespace lexigrad::training
