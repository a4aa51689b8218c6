// corpus.cpp: tokens, then the split, then the vocabulary of the training part, then ids.
#include "text/corpus.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::text {
namespace {

using Document = std::vector<Index>;  // tokens as numbers into Interned::words, until there is a vocabulary

struct Interned {
  std::vector<std::string> words;  // each different token once, in the order of first sight
  std::vector<Document> documents;
};

// Each different token is kept as a string once: a text of 20 million words would not fit into as many strings.
Interned intern(std::span<const std::string> documents, const Tokenizer& tokenizer) {
  Interned result;
  std::unordered_map<std::string, Index> numbers;
  for (const std::string& text : documents) {
    Document document;
    for (std::string& token : tokenizer.split(text)) {
      const auto [place, is_new] = numbers.try_emplace(std::move(token), static_cast<Index>(result.words.size()));
      if (is_new) result.words.push_back(place->first);
      document.push_back(place->second);
    }
    if (!document.empty()) result.documents.push_back(std::move(document));
  }
  return result;
}

struct Split {
  std::vector<Document> train, held_out;
  bool tail = false;
};

// Document number (j + 1/2) n / count for j = 0 … count - 1: one from the middle of each of `count` equal stretches.
Split hold_out_documents(std::vector<Document> documents, std::size_t count) {
  Split split;
  const std::size_t n = documents.size();
  for (std::size_t i = 0, j = 0; i < n; ++i) {
    const bool held = j < count && i == (2 * j + 1) * n / (2 * count);
    if (held) ++j;
    (held ? split.held_out : split.train).push_back(std::move(documents[i]));
  }
  return split;
}

Split hold_out_tail(std::vector<Document> documents, double part) {
  Split split;
  split.tail = true;
  Index total = 0;
  for (const Document& document : documents) total += static_cast<Index>(document.size());
  const auto wanted = static_cast<Index>(std::llround(static_cast<double>(total) * part));
  Index left = total - std::clamp(wanted, Index{1}, std::max(total - 1, Index{1}));  // tokens still to train on
  for (Document& document : documents) {
    const auto size = static_cast<Index>(document.size());
    const auto cut = document.begin() + std::min(left, size);
    if (left > 0) split.train.emplace_back(document.begin(), cut);
    if (left < size) split.held_out.emplace_back(cut, document.end());
    left -= std::min(left, size);
  }
  return split;
}

Split hold_out(std::vector<Document> documents, double part) {
  std::size_t tokens = 0;
  for (const Document& document : documents) tokens += document.size();
  if (part == 0.0 || tokens < 2) return {std::move(documents), {}, false};  // of one token, nothing can be held out
  const auto count = static_cast<std::size_t>(std::llround(static_cast<double>(documents.size()) * part));
  // One document of a few would be far more than asked for, and the training part might be a title and nothing else.
  if (count == 0 || documents.size() < 2) return hold_out_tail(std::move(documents), part);
  return hold_out_documents(std::move(documents), count);
}

Vocabulary make_vocabulary(const std::vector<std::string>& words, const std::vector<Document>& train,
                           const CorpusOptions& options) {
  std::vector<Index> counts(words.size(), 0);
  for (const Document& document : train) {
    for (const Index word : document) ++counts[static_cast<std::size_t>(word)];
  }
  std::unordered_map<std::string, Index> named;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (counts[i] > 0) named.emplace(words[i], counts[i]);
  }
  return Vocabulary::from_counts(named, {.min_count = options.min_count,
                                         .max_size = options.max_vocab,
                                         .end_of_text_count = static_cast<Index>(train.size()) + 1});
}

std::vector<Index> make_stream(const std::vector<Document>& documents, const std::vector<Index>& ids) {
  std::vector<Index> stream;
  if (documents.empty()) return stream;
  std::size_t size = 1;
  for (const Document& document : documents) size += document.size() + 1;
  stream.reserve(size);
  stream.push_back(Vocabulary::end_of_text);
  for (const Document& document : documents) {
    for (const Index word : document) stream.push_back(ids[static_cast<std::size_t>(word)]);
    stream.push_back(Vocabulary::end_of_text);
  }
  return stream;
}

}  // namespace

Corpus make_corpus(std::span<const std::string> documents, const CorpusOptions& options, const Rng& rng) {
  if (!(options.held_out >= 0.0 && options.held_out <= 0.5)) {
    throw ValueError("corpus", fmt::format("the held-out part is {}; it must be from 0 to 0.5", options.held_out));
  }
  Interned text = intern(documents, options.tokenizer);
  const Split split = hold_out(std::move(text.documents), options.held_out);
  Corpus corpus;
  corpus.vocabulary = make_vocabulary(text.words, split.train, options);
  std::vector<Index> ids;
  ids.reserve(text.words.size());
  for (const std::string& word : text.words) ids.push_back(corpus.vocabulary.id(word));
  corpus.train = make_stream(split.train, ids);
  corpus.held_out = make_stream(split.held_out, ids);
  corpus.train_documents = static_cast<Index>(split.train.size());
  corpus.held_out_documents = static_cast<Index>(split.held_out.size());
  corpus.train_unknown = std::count(corpus.train.begin(), corpus.train.end(), Vocabulary::unknown);
  corpus.held_out_unknown = std::count(corpus.held_out.begin(), corpus.held_out.end(), Vocabulary::unknown);
  corpus.held_out_is_tail = split.tail;
  if (options.shuffled) {
    const std::vector<Index> order = rng.fork("shuffle").shuffled(static_cast<Index>(corpus.train.size()));
    std::vector<Index> tokens;
    tokens.reserve(order.size());
    for (const Index from : order) tokens.push_back(corpus.train[static_cast<std::size_t>(from)]);
    corpus.train = std::move(tokens);
  }
  return corpus;
}

std::vector<Index> encode(const Vocabulary& vocabulary, const Tokenizer& tokenizer, std::string_view text) {
  std::vector<Index> ids;
  for (const std::string& token : tokenizer.split(text)) ids.push_back(vocabulary.id(token));
  return ids;
}

std::string decode(const Vocabulary& vocabulary, const Tokenizer& tokenizer, std::span<const Index> ids) {
  std::vector<std::string_view> tokens;
  for (const Index id : ids) tokens.push_back(vocabulary.token(id));
  return tokenizer.join(tokens);
}

void check_length(Index size, Index context, std::string_view what) {
  if (context < 1) throw ValueError("corpus", fmt::format("the context is {}; the least is 1", context));
  if (size > context) return;
  throw ValueError("corpus", fmt::format("the {} has {} token{}; a context of {} needs at least {}", what, size,
                                         size == 1 ? "" : "s", context, context + 1));
}

}  // namespace lexigrad::text
