// lexicon.cpp: names for tokens.
#include "train_embeddings/lexicon.hpp"

#include <fmt/format.h>

#include "cli.hpp"
#include "text/utf8.hpp"

namespace lexigrad::train_embeddings {
namespace {

// Whether a text begins with what words are made of.
bool begins_word(std::string_view text) {
  if (text.empty() || (static_cast<unsigned char>(text.front()) & 0xC0U) == 0x80U) return false;
  const text::Kind kind = text::kind(text::decode(text, 0).value);
  return kind == text::Kind::letter || kind == text::Kind::digit;
}

// White space, control characters and bytes that are not UTF-8 by signs that can be read.
std::string visible(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const text::CodePoint c = text::decode(text, at);
    const std::string_view bytes = text.substr(at, c.bytes);
    const bool broken = text::first_invalid(bytes).has_value();
    const text::Kind kind = text::kind(c.value);
    if (c.value == U' ') {
      result += "␣";
    } else if (c.value == U'\n') {
      result += "\\n";
    } else if (broken || kind == text::Kind::space || kind == text::Kind::control) {
      for (const char byte : bytes) result += fmt::format("\\x{:02X}", static_cast<unsigned char>(byte));
    } else {
      result += bytes;
    }
    at += bytes.size();
  }
  return result;
}

struct Name {
  std::string whole, word;
};

Name name_of(std::string_view token) {
  if (token.starts_with(' ') && begins_word(token.substr(1))) {
    const std::string word = visible(token.substr(1));
    return {word, word};
  }
  const std::string word = visible(token);
  return {begins_word(token) ? "…" + word : word, word};
}

}  // namespace

Lexicon::Lexicon(const text::Corpus& corpus) : end_of_text(corpus.end_of_text), first_word(0) {
  for (Index id = 0; id < corpus.vocabulary_size(); ++id) {
    if (!corpus.pairs) {
      names.push_back(corpus.vocabulary.token(id));
      words.push_back(names.back());
      ids_.try_emplace(names.back(), id);
      continue;
    }
    Name name = name_of(corpus.pairs->bytes(id));
    if (ids_.contains(name.whole)) name.whole += fmt::format("#{}", id);
    ids_.try_emplace(name.whole, id);
    names.push_back(std::move(name.whole));
    words.push_back(std::move(name.word));
  }
  first_word = corpus.pairs ? 256 : text::Vocabulary::first_word;
}

std::optional<Index> Lexicon::find(const std::string& name) const {
  const auto found = ids_.find(name);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

void check_shown(const std::vector<std::string>& words, const Lexicon& lexicon, const text::Bpe& pairs) {
  for (const std::string& word : words) {
    if (lexicon.find(word)) continue;
    const std::string text = begins_word(word) ? " " + word : word;
    std::vector<std::string> pieces;
    for (const Index id : pairs.encode(text)) pieces.push_back(fmt::format("\"{}\"", pairs.bytes(id)));
    throw cli::UsageError(fmt::format("--show {}: \"{}\" is not one token but {}: {}", word, text, pieces.size(),
                                      fmt::join(pieces, " ")));
  }
}

}  // namespace lexigrad::train_embeddings
