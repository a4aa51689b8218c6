// tokens.cpp: the three kinds, opened and asked.
#include "gpt2/tokens.hpp"

#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "nn/checkpoint.hpp"
#include "nn/printable.hpp"
#include "text/bpe_stream.hpp"

namespace lexigrad::gpt2 {
namespace {

// Words or characters, and their case: what train_embeddings keeps with the model.
text::Tokenizer tokenizer_of(const std::string& folder) {
  const Metadata metadata = read_metadata(folder + "/model.safetensors");
  const auto is = [&](const char* key, const char* value) {
    const auto found = metadata.find(key);
    return found != metadata.end() && found->second == value;
  };
  return {is("tokenizer", "char") ? text::Unit::chars : text::Unit::words, is("lowercase", "true")};
}

}  // namespace

Tokens Tokens::open(const std::string& folder, Index rows) {
  const auto opened = [&]() -> Tokens {
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::path(folder) / "vocab.txt", ignored)) {
      return Tokens(Words{text::Vocabulary::load(folder + "/vocab.txt"), tokenizer_of(folder)});
    }
    if (text::tokenizer_files(folder).empty()) {
      throw FileError("gpt2",
                      folder +
                          ": there are no tokenizer files; expected vocab.json with merges.txt, encoder.json with "
                          "vocab.bpe, a vocab.json of characters, or vocab.txt (or name their folder by "
                          "--tokenizer)");
    }
    return Tokens(text::Codec::load(folder));
  };
  Tokens tokens = opened();
  if (tokens.size() > rows) {
    throw FileError("gpt2", fmt::format("{}: its vocabulary has {} tokens, the model's table {} rows", folder,
                                        tokens.size(), rows));
  }
  return tokens;
}

Index Tokens::size() const {
  const auto* words = std::get_if<Words>(&kind_);
  return words != nullptr ? words->vocabulary.size() : std::get<text::Codec>(kind_).size();
}

std::optional<Index> Tokens::end_of_text() const {
  if (std::holds_alternative<Words>(kind_)) return text::Vocabulary::end_of_text;
  return std::get<text::Codec>(kind_).end_of_text();
}

std::vector<Index> Tokens::encode(std::string_view text) const {
  const auto* words = std::get_if<Words>(&kind_);
  if (words == nullptr) return std::get<text::Codec>(kind_).encode(text);
  std::vector<Index> ids;
  for (const std::string& word : words->tokenizer.split(text)) {
    ids.push_back(words->vocabulary.id(word));
    if (ids.back() == text::Vocabulary::unknown) {
      const std::vector<std::string> near = words->vocabulary.near_spellings(word, 3);
      throw ValueError("gpt2", fmt::format("{} is not in the vocabulary{}{}", in_quotes(word),
                                           near.empty() ? "" : "; spelt alike: ", fmt::join(near, ", ")));
    }
  }
  return ids;
}

std::string Tokens::bytes(Index id) const {
  const auto* words = std::get_if<Words>(&kind_);
  try {
    return words != nullptr ? words->vocabulary.token(id) : std::get<text::Codec>(kind_).decode({&id, 1});
  } catch (const IndexError&) {  // a table may have more rows than there are tokens
    return fmt::format("<id {}>", id);
  }
}

std::string Tokens::quoted(Index id) const { return in_quotes(bytes(id)); }

Index Tokens::one(std::string_view text) const {
  const auto* words = std::get_if<Words>(&kind_);
  if (words != nullptr) {
    if (const auto id = words->vocabulary.find(text)) return *id;
  } else if (const text::Bpe* pairs = std::get<text::Codec>(kind_).bpe()) {
    if (const auto id = pairs->find(text)) return *id;
  }
  const std::vector<Index> ids = encode(text);
  if (ids.size() == 1) return ids[0];
  std::string pieces;
  for (const Index id : ids) pieces += (pieces.empty() ? "" : " ") + quoted(id);
  throw ValueError("gpt2",
                   fmt::format("{} is {} tokens, expected one: {}", in_quotes(text), ids.size(), printable(pieces)));
}

std::function<std::string(Index)> Tokens::stream() const {
  if (const auto* codec = std::get_if<text::Codec>(&kind_); codec != nullptr && codec->bpe() != nullptr) {
    const auto decoder = std::make_shared<text::BpeDecoder>(*codec->bpe());
    return [this, decoder](Index id) {
      if (id < 0) return decoder->finish();
      try {
        return decoder->feed(id);
      } catch (const IndexError&) {
        return decoder->finish() + bytes(id);
      }
    };
  }
  const auto* words = std::get_if<Words>(&kind_);
  const bool blanks = words != nullptr && words->tokenizer.unit == text::Unit::words;
  return [this, blanks](Index id) { return id < 0 ? "" : (blanks ? " " : "") + bytes(id); };
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) result += printable(text.substr(0, end));
    if (end < text.size()) result += "\\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result + "\"";
}

}  // namespace lexigrad::gpt2
