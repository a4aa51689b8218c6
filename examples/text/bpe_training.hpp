// bpe_training.hpp: learning merges from text (Sennrich, Haddow and Birch 2016, over bytes).
//
// The text is cut into pieces; the pair of neighbours that occurs most often, in all pieces by how often each occurs,
// becomes a token, and so on. Ties: the pair whose left token has the lower id, then whose right one has (bytes in the
// order of byte_alphabet.hpp, then tokens as they were made), which is also the rule of Hugging Face's tokenizers. The
// merges are the same on every run and any number of threads. Read next: bpe_training.cpp.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/bpe.hpp"

namespace lexigrad::text {

/// What is to be learned.
struct BpeTrainingOptions {
  Index vocab_size = 0;  ///< bytes, merges and special tokens together; fewer come out where no pair is left
  std::vector<std::string> specials = {std::string(Bpe::end_of_text_name)};  ///< the last ids; names <…>
  Index min_count = 1;                                                       ///< pairs that occur less often stay
  std::function<void(Index merges)> progress = {};                           ///< called now and then, if set
};

/// Throws ValueError for a vocab_size below 256 and the special tokens, or over 2³¹, for a min_count below 1, and for
/// names that Bpe's constructor refuses.
void check_options(const BpeTrainingOptions& options);

/// Collects pieces of a text of any length, and learns from them. Memory for the different pieces only.
class BpeTrainer {
 public:
  BpeTrainer();
  ~BpeTrainer();
  BpeTrainer(const BpeTrainer&) = delete;
  BpeTrainer& operator=(const BpeTrainer&) = delete;

  /// One document, whole: no piece goes over its end. Large ones are cut into pieces by several threads.
  void add(std::string_view document);
  /// One that comes in parts.
  void feed(std::string_view part);
  void finish();  ///< ends it

  /// The tokenizer of all that was added. Throws as check_options() does.
  Bpe train(const BpeTrainingOptions& options) const;

 private:
  class Words;
  std::unique_ptr<Words> words_;
  std::string rest_;
  std::size_t searched_ = 1;
};

}  // namespace lexigrad::text
