// batches.cpp: copying windows out of the stream.
#include "text/batches.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "text/corpus.hpp"

namespace lexigrad::text {
namespace {

void check_sizes(Index batch, Index context) {
  if (batch < 1) throw ValueError("batches", fmt::format("the batch size is {}; the least is 1", batch));
  if (context < 1) throw ValueError("batches", fmt::format("the context is {}; the least is 1", context));
}

}  // namespace

Batch windows_at(const Tokens& tokens, const std::vector<Index>& places, Index length) {
  const Shape shape{static_cast<Index>(places.size()), length};
  std::vector<Index> inputs, targets;
  inputs.reserve(static_cast<std::size_t>(shape.size()));
  targets.reserve(static_cast<std::size_t>(shape.size()));
  for (const Index place : places) {
    tokens.append_to(inputs, place, length);
    tokens.append_to(targets, place + 1, length);
  }
  return {Ids(shape, std::move(inputs)), Ids(shape, std::move(targets))};
}

Batches::Batches(Tokens tokens, Index batch, Index context, Rng rng)
    : tokens_(std::move(tokens)), batch_(batch), context_(context), numbers_(rng.take(0)) {
  check_sizes(batch, context);
  check_length(tokens_.size(), context);
  batch_ = std::min(batch, windows());
}

Index Batches::windows() const { return tokens_.size() - context_; }

void Batches::seek(Index step) {
  if (step < 0) throw ValueError("batches", fmt::format("there is no step {}", step));
  step_ = step;
}

Batch Batches::at(Index step) const {
  std::vector<Index> places(static_cast<std::size_t>(batch_));
  for (Index row = 0; row < batch_; ++row) {
    const double u = numbers_.uniform(step * batch_ + row);
    places[static_cast<std::size_t>(row)] = static_cast<Index>(u * static_cast<double>(windows()));
  }
  return windows_at(tokens_, places, context_);
}

std::vector<Batch> evaluation_batches(const Tokens& tokens, Index batch, Index context) {
  check_sizes(batch, context);
  const Index predictions = tokens.size() - 1;
  if (predictions < 1) {
    throw ValueError("batches", fmt::format("a text of {} token{} has nothing to predict; at least 2 are needed",
                                            tokens.size(), tokens.size() == 1 ? "" : "s"));
  }
  std::vector<Batch> result;
  const Index whole = predictions / context;
  for (Index first = 0; first < whole; first += batch) {
    std::vector<Index> places;
    for (Index window = first; window < std::min(first + batch, whole); ++window) places.push_back(window * context);
    result.push_back(windows_at(tokens, places, context));
  }
  const Index rest = predictions % context;
  if (rest > 0) result.push_back(windows_at(tokens, {whole * context}, rest));
  return result;
}

}  // namespace lexigrad::text
