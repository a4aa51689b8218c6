// corpus.hpp: documents into two streams of token ids, one to train on and one that training never sees.
//
// Both streams read `<|endoftext|>` document `<|endoftext|>` document … `<|endoftext|>`. The vocabulary is made of the
// training part alone: words only the held-out part has are `<|unk|>` there, as they would be in any new text. With
// byte pairs nothing is unknown. Read next: batches.hpp.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/random.hpp"
#include "text/bpe.hpp"
#include "text/reading.hpp"
#include "text/tokenizer.hpp"
#include "text/vocabulary.hpp"

namespace lexigrad::text {

struct CorpusOptions {
  Tokenizer tokenizer = {};
  Index min_count = 1;     ///< see VocabularyOptions
  Index max_vocab = 0;     ///< see VocabularyOptions::max_size
  double held_out = 0.05;  ///< the part to hold out, 0 … 0.5
  /// A control: the tokens of the training stream in random order, so that only their counts are left to learn.
  bool shuffled = false;
};

struct Corpus {
  Vocabulary vocabulary;                        ///< of words or characters; with byte pairs the special tokens alone
  std::optional<Bpe> pairs;                     ///< the vocabulary, when the tokens are byte pairs
  Index end_of_text = Vocabulary::end_of_text;  ///< the id of `<|endoftext|>`
  std::vector<Index> train, held_out;           ///< held_out is empty when nothing is held out
  Index train_documents = 0, held_out_documents = 0;
  Index train_unknown = 0, held_out_unknown = 0;  ///< how many tokens of the streams are `<|unk|>`
  /// True when there were too few documents to hold out whole ones: the last tokens of the text are held out, and the
  /// document that the cut goes through counts in both parts.
  bool held_out_is_tail = false;

  Index vocabulary_size() const { return pairs ? pairs->size() : vocabulary.size(); }  ///< ids are below this
};

/// Cuts the documents into tokens, holds out a part and numbers the tokens. Documents without tokens are left out.
///
/// Of n documents, round(n · held_out) whole ones are held out, evenly spread and the same for every seed. Where that
/// is none (9 documents at 0.05, one huge line), the last held_out of the text by tokens is held out, at least one
/// token. Only `shuffled` draws from `rng`. Throws ValueError for a held_out outside [0, 0.5] and what
/// Vocabulary::from_counts() throws: no words at all, or all below min_count.
Corpus make_corpus(std::span<const std::string> documents, const CorpusOptions& options = {}, const Rng& rng = Rng(0));

/// How a byte-pair vocabulary comes about: loaded, whatever the documents are, or learned from them.
using PairSource = std::function<Bpe(std::span<const std::string> documents)>;

/// The same with byte pairs for tokens: `source` is asked with the training documents. The options that belong to words
/// (tokenizer, min_count, max_vocab) are not looked at. Where the tail of few documents is held out, it is the last
/// held_out of their bytes. Throws ValueError for a held_out outside [0, 0.5], for a vocabulary without
/// `<|endoftext|>`, when there is no text, and whatever `source` throws.
Corpus make_pair_corpus(std::vector<std::string> documents, const PairSource& source, const CorpusOptions& options = {},
                        const Rng& rng = Rng(0));

/// The ids of a text (without `<|endoftext|>` before or after it), e.g. of a prompt. A text that spells a special token
/// gives ordinary tokens.
std::vector<Index> encode(const Vocabulary& vocabulary, const Tokenizer& tokenizer, std::string_view text);
/// The text of ids, for printing. Throws IndexError for an id outside the vocabulary.
std::string decode(const Vocabulary& vocabulary, const Tokenizer& tokenizer, std::span<const Index> ids);

/// Throws ValueError `the text has 10 tokens; a context of 64 needs at least 65` when a stream is too short for one
/// window with its targets. Counts all tokens of the stream, `<|endoftext|>` too. `what` says which text it is.
void check_length(Index tokens, Index context, std::string_view what = "text");

}  // namespace lexigrad::text
