// bpe_training.cpp: collecting the pieces of a text; options and what becomes of the merges. The learning itself is in
// merge_learner.cpp.
#include "text/bpe_training.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "tensor/parallel.hpp"
#include "text/merge_learner.hpp"
#include "text/piece_counts.hpp"
#include "text/pretokenizer.hpp"
#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

void count_pieces(std::string_view text, PieceCounts& counts) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = piece_end(text, at);
    counts.add(text.substr(at, end - at));
    at = end;
  }
}

}  // namespace

void check_options(const BpeTrainingOptions& options) {
  const Index least = 256 + static_cast<Index>(options.specials.size());
  constexpr Index most = Index{1} << 31;
  if (options.vocab_size < least || options.vocab_size > most) {
    throw ValueError("train", fmt::format("vocab_size {}: expected {} (256 bytes and the special tokens) to {}",
                                          options.vocab_size, least, most));
  }
  if (options.min_count < 1) {
    throw ValueError("train", fmt::format("min_count {}: expected 1 or more", options.min_count));
  }
  for (const std::string& special : options.specials) {
    if (!first_invalid(special)) continue;
    throw ValueError(
        "train", fmt::format("the special token {} is not UTF-8; vocab.json could not hold it", printable(special)));
  }
  const Bpe names({}, options.specials);
}

class BpeTrainer::Words {
 public:
  PieceCounts counts;
};

BpeTrainer::BpeTrainer() : words_(std::make_unique<Words>()) {}

BpeTrainer::~BpeTrainer() = default;

void BpeTrainer::add(std::string_view document) {
  const std::vector<std::string_view> parts = cut_at_pieces(document);
  if (parts.size() < 2) return count_pieces(document, words_->counts);
  std::vector<PieceCounts> counts(parts.size());
  parallel_for(static_cast<Index>(parts.size()), 1, [&](Index begin, Index end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      count_pieces(parts[i], counts[i]);
    }
  });
  for (const PieceCounts& part : counts) words_->counts.add(part);
}

void BpeTrainer::feed(std::string_view part) {
  rest_ += part;
  const auto cut = last_cut(rest_, searched_);
  if (!cut) {
    searched_ = std::max<std::size_t>(rest_.size(), 4) - 3;
    return;
  }
  add(std::string_view(rest_).substr(0, *cut));
  rest_.erase(0, *cut);
  searched_ = 1;
}

void BpeTrainer::finish() {
  add(rest_);
  rest_.clear();
  searched_ = 1;
}

Bpe BpeTrainer::train(const BpeTrainingOptions& options) const {
  check_options(options);
  const auto limit = static_cast<std::size_t>(options.vocab_size) - options.specials.size();
  return Bpe(learn_merges(words_->counts, limit, options.min_count, options.progress), options.specials);
}

Bpe Bpe::train(std::span<const std::string> documents, const BpeTrainingOptions& options) {
  BpeTrainer trainer;
  for (const std::string& document : documents) trainer.add(document);
  return trainer.train(options);
}

}  // namespace lexigrad::text
