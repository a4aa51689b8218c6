// perplexity.cpp: the windows, several of them in one pass through the model.
#include "models/perplexity.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "autograd/mode.hpp"

namespace lexigrad::models {
namespace {

constexpr Index together = 2048;  // tokens in one pass: enough for the products to be wide
constexpr Index left_out = -100;  // a target that an earlier window has counted

}  // namespace

double Score::perplexity() const { return std::exp(mean()); }

Score score(const Transformer& model, std::span<const Index> ids, Index stride,
            const std::function<void(Index)>& progress) {
  const Index context = model.options.context, count = static_cast<Index>(ids.size());
  if (count < 2) throw ValueError("score", fmt::format("{} tokens: expected two or more", count));
  if (stride < 1 || stride > context) {
    throw ValueError("score", fmt::format("stride {}: expected 1 to the context, {}", stride, context));
  }
  check_ids("score", Ids(std::vector<Index>(ids.begin(), ids.end())), model.options.vocab);
  const NoGrad quiet;
  Score result;
  const Index last = count - 1;  // tokens 1 … last are foretold
  for (Index begin = 0; result.tokens < last;) {
    const Index length = std::min(context, last - begin);
    std::vector<Index> read, next;
    // Windows of one length; only the one that reaches the end is shorter, and goes alone.
    do {
      for (Index i = begin; i < begin + length; ++i) {
        read.push_back(ids[static_cast<std::size_t>(i)]);
        const bool counted = i + 1 <= result.tokens;
        next.push_back(counted ? left_out : ids[static_cast<std::size_t>(i) + 1]);
        if (!counted) ++result.tokens;
      }
      begin += stride;
    } while (result.tokens < last && begin + length <= last && static_cast<Index>(read.size()) + length <= together);
    const Shape shape{static_cast<Index>(read.size()) / length, length};
    result.nats += static_cast<double>(model.head
                                           .cross_entropy(model(Ids(shape, std::move(read))),
                                                          Ids(shape, std::move(next)), {.reduction = Reduction::sum})
                                           .item());
    if (progress) progress(result.tokens);
  }
  if (!std::isfinite(result.nats)) {
    throw NonFiniteError("score",
                         fmt::format("the loss is {}: the model has numbers that are not finite", result.nats));
  }
  return result;
}

}  // namespace lexigrad::models
