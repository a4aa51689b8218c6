// ngram.cpp: counts of tokens and of pairs of tokens.
#include "text/ngram.hpp"

#include <cmath>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::text {
namespace {

class Counts {
 public:
  Counts(std::span<const Index> tokens, Index vocab, bool pairs)
      : vocab_(vocab),
        predictions_(static_cast<double>(tokens.size() - 1)),
        as_target_(size(vocab)),
        as_context_(size(vocab)) {
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      ++as_target_[size(tokens[i])];
      ++as_context_[size(tokens[i - 1])];
      if (pairs) ++pairs_[key(tokens[i - 1], tokens[i])];
    }
  }

  double unigram(Index token) const {
    return (static_cast<double>(as_target_[size(token)]) + 1.0) / (predictions_ + static_cast<double>(vocab_));
  }

  // Mixture of bigram and unigram.
  double bigram(Index before, Index token, double lambda) const {
    const Index seen = as_context_[size(before)];
    if (seen == 0) return unigram(token);
    const auto pair = pairs_.find(key(before, token));
    const double count = pair == pairs_.end() ? 0.0 : static_cast<double>(pair->second);
    return lambda * count / static_cast<double>(seen) + (1.0 - lambda) * unigram(token);
  }

 private:
  static std::size_t size(Index value) { return static_cast<std::size_t>(value); }
  Index key(Index before, Index token) const { return before * vocab_ + token; }

  Index vocab_;
  double predictions_;
  std::vector<Index> as_target_, as_context_;
  std::unordered_map<Index, Index> pairs_;
};

void check(std::span<const Index> tokens, Index vocab, std::string_view what) {
  if (tokens.size() < 2) {
    throw ValueError("ngram", fmt::format("the {} text has {} token{}; at least 2 are needed", what, tokens.size(),
                                          tokens.size() == 1 ? "" : "s"));
  }
  for (const Index token : tokens) {
    if (token >= 0 && token < vocab) continue;
    throw IndexError("ngram", fmt::format("id {} of the {} text is outside the vocabulary of {}", token, what, vocab));
  }
}

double bigram_nats(const Counts& counts, std::span<const Index> tokens, double lambda) {
  double sum = 0.0;
  for (std::size_t i = 1; i < tokens.size(); ++i) sum -= std::log(counts.bigram(tokens[i - 1], tokens[i], lambda));
  return sum / static_cast<double>(tokens.size() - 1);
}

double best_lambda(std::span<const Index> train, Index vocab) {
  if (train.size() < 20) return 0.5;
  const std::size_t cut = train.size() - train.size() / 10;
  const Counts counts(train.first(cut), vocab, true);
  const std::span<const Index> rest = train.subspan(cut - 1);  // with the token before the first one to predict
  double best = 0.0, least = bigram_nats(counts, rest, 0.0);
  for (int step = 1; step < 20; ++step) {
    const double lambda = step / 20.0;
    const double nats = bigram_nats(counts, rest, lambda);
    if (nats < least) {
      best = lambda;
      least = nats;
    }
  }
  return best;
}

NgramScore score(double nats, double lambda, std::span<const Index> held_out) {
  return {nats, std::exp(nats), lambda, static_cast<Index>(held_out.size()) - 1};
}

}  // namespace

NgramScore unigram_score(std::span<const Index> train, std::span<const Index> held_out, Index vocab) {
  check(train, vocab, "training");
  check(held_out, vocab, "held-out");
  const Counts counts(train, vocab, false);
  double sum = 0.0;
  for (const Index token : held_out.subspan(1)) sum -= std::log(counts.unigram(token));
  return score(sum / static_cast<double>(held_out.size() - 1), 0.0, held_out);
}

NgramScore bigram_score(std::span<const Index> train, std::span<const Index> held_out, Index vocab) {
  check(train, vocab, "training");
  check(held_out, vocab, "held-out");
  const double lambda = best_lambda(train, vocab);
  return score(bigram_nats(Counts(train, vocab, true), held_out, lambda), lambda, held_out);
}

}  // namespace lexigrad::text
