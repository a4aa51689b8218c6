// corpus.cpp: tokens, then the split, then the vocabulary of the training part, then ids.
#include "text/corpus.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
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

// Documents are lists of tokens, or with byte pairs texts that are still to be encoded.
template <class Content>
struct Split {
  std::vector<Content> train, held_out;
  bool tail = false;
};

// Document number (j + 1/2) n / count for j = 0 … count - 1: one from the middle of each of `count` equal stretches.
template <class Content>
Split<Content> hold_out_documents(std::vector<Content> documents, std::size_t count) {
  Split<Content> split;
  const std::size_t n = documents.size();
  for (std::size_t i = 0, j = 0; i < n; ++i) {
    const bool held = j < count && i == (2 * j + 1) * n / (2 * count);
    if (held) ++j;
    (held ? split.held_out : split.train).push_back(std::move(documents[i]));
  }
  return split;
}

// Where a document may be cut at or before `at`: not inside a character.
Index cut_before(const Document&, Index at) { return at; }
Index cut_before(const std::string& text, Index at) {
  const auto inside = [&] { return at < std::ssize(text) && (text[static_cast<std::size_t>(at)] & 0xC0) == 0x80; };
  while (at > 0 && inside()) --at;
  return at;
}

template <class Content>
Split<Content> hold_out_tail(std::vector<Content> documents, double part) {
  Split<Content> split;
  split.tail = true;
  Index total = 0;
  for (const Content& document : documents) total += static_cast<Index>(document.size());
  const auto wanted = static_cast<Index>(std::llround(static_cast<double>(total) * part));
  Index left = total - std::clamp(wanted, Index{1}, std::max(total - 1, Index{1}));  // still to train on
  for (Content& document : documents) {
    const auto size = static_cast<Index>(document.size());
    const auto cut = document.begin() + cut_before(document, std::min(left, size));
    if (cut != document.begin()) split.train.emplace_back(document.begin(), cut);
    if (cut != document.end()) split.held_out.emplace_back(cut, document.end());
    left -= std::min(left, size);
  }
  return split;
}

template <class Content>
Split<Content> hold_out(std::vector<Content> documents, double part) {
  std::size_t size = 0;
  for (const Content& document : documents) size += document.size();
  if (part == 0.0 || size < 2) return {std::move(documents), {}, false};  // of one token, nothing can be held out
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

// `<|endoftext|>` document `<|endoftext|>` …; ids_of(document) gives the ids of one. Nothing for no documents.
template <class Content, class IdsOf>
std::vector<Index> make_stream(const std::vector<Content>& documents, Index end_of_text, const IdsOf& ids_of) {
  std::vector<Index> stream;
  if (documents.empty()) return stream;
  stream.push_back(end_of_text);
  for (const Content& document : documents) {
    const std::vector<Index> ids = ids_of(document);
    stream.insert(stream.end(), ids.begin(), ids.end());
    stream.push_back(end_of_text);
  }
  return stream;
}

// Both streams, and what is counted of them.
template <class Content, class IdsOf>
void fill(Corpus& corpus, const Split<Content>& split, const IdsOf& ids_of) {
  corpus.train = make_stream(split.train, corpus.end_of_text, ids_of);
  corpus.held_out = make_stream(split.held_out, corpus.end_of_text, ids_of);
  corpus.train_documents = static_cast<Index>(split.train.size());
  corpus.held_out_documents = static_cast<Index>(split.held_out.size());
  corpus.held_out_is_tail = split.tail;
}

void shuffle(std::vector<Index>& stream, const Rng& rng) {
  const std::vector<Index> order = rng.fork("shuffle").shuffled(static_cast<Index>(stream.size()));
  std::vector<Index> tokens;
  tokens.reserve(order.size());
  for (const Index from : order) tokens.push_back(stream[static_cast<std::size_t>(from)]);
  stream = std::move(tokens);
}

void check_part(double held_out) {
  if (held_out >= 0.0 && held_out <= 0.5) return;
  throw ValueError("corpus", fmt::format("the held-out part is {}; it must be from 0 to 0.5", held_out));
}

}  // namespace

Corpus make_corpus(std::span<const std::string> documents, const CorpusOptions& options, const Rng& rng) {
  check_part(options.held_out);
  Interned text = intern(documents, options.tokenizer);
  const Split<Document> split = hold_out(std::move(text.documents), options.held_out);
  Corpus corpus;
  corpus.vocabulary = make_vocabulary(text.words, split.train, options);
  std::vector<Index> ids;
  ids.reserve(text.words.size());
  for (const std::string& word : text.words) ids.push_back(corpus.vocabulary.id(word));
  fill(corpus, split, [&](const Document& document) {
    Document own;
    for (const Index word : document) own.push_back(ids[static_cast<std::size_t>(word)]);
    return own;
  });
  corpus.train_unknown = std::count(corpus.train.begin(), corpus.train.end(), Vocabulary::unknown);
  corpus.held_out_unknown = std::count(corpus.held_out.begin(), corpus.held_out.end(), Vocabulary::unknown);
  if (options.shuffled) shuffle(corpus.train, rng);
  return corpus;
}

Corpus make_pair_corpus(std::vector<std::string> documents, const PairSource& source, const CorpusOptions& options,
                        const Rng& rng) {
  check_part(options.held_out);
  std::erase_if(documents, [](const std::string& document) { return document.empty(); });
  if (documents.empty()) throw ValueError("corpus", "there is no text");
  const Split<std::string> split = hold_out(std::move(documents), options.held_out);
  Corpus corpus;
  corpus.pairs.emplace(source(split.train));
  if (!corpus.pairs->end_of_text()) {
    throw ValueError("corpus", "the byte-pair vocabulary has no <|endoftext|>, which stands between documents");
  }
  corpus.end_of_text = *corpus.pairs->end_of_text();
  fill(corpus, split, [&](const std::string& document) { return corpus.pairs->encode(document); });
  if (options.shuffled) shuffle(corpus.train, rng);
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
                                         size == 1 ? "" : "s", context, static_cast<std::uint64_t>(context) + 1));
}

}  // namespace lexigrad::text
