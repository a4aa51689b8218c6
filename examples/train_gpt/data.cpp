// data.cpp: reading, cutting, encoding.
#include "train_gpt/data.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "text/bpe_training.hpp"
#include "text/corpus.hpp"
#include "text/reading.hpp"

namespace lexigrad::train_gpt {
namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

// The byte where character number `count` of the texts, taken as one, begins: the text it is in, and the place.
struct Cut {
  std::size_t text = 0, byte = 0;
};

Cut cut_at(const std::vector<std::string>& texts, Index count) {
  Index seen = 0;
  for (std::size_t t = 0; t < texts.size(); ++t) {
    for (std::size_t i = 0; i < texts[t].size(); ++i) {
      if (begins_character(texts[t][i]) && seen++ == count) return {t, i};
    }
  }
  return {texts.size(), 0};
}

Index characters_in(const std::vector<std::string>& texts) {
  Index count = 0;
  for (const std::string& text : texts) count += std::count_if(text.begin(), text.end(), begins_character);
  return count;
}

// The parts of the texts before and after the cut.
struct Parts {
  std::vector<std::string_view> train, validation;
};

Parts divide(const std::vector<std::string>& texts, double validation) {
  const auto kept = static_cast<Index>(static_cast<double>(characters_in(texts)) * (1.0 - validation));
  const Cut cut = validation > 0.0 ? cut_at(texts, kept) : Cut{texts.size(), 0};
  Parts parts;
  for (std::size_t t = 0; t < texts.size(); ++t) {
    const std::string_view text = texts[t];
    const std::size_t at = t < cut.text ? text.size() : t == cut.text ? cut.byte : 0;
    if (at > 0) parts.train.push_back(text.substr(0, at));
    if (at < text.size()) parts.validation.push_back(text.substr(at));
  }
  return parts;
}

template <class Id>
text::Tokens stream_as(const text::Codec& codec, const std::vector<std::string_view>& parts) {
  std::vector<Id> stream;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && codec.end_of_text()) stream.push_back(static_cast<Id>(*codec.end_of_text()));
    for (const Index id : codec.encode(parts[i])) stream.push_back(static_cast<Id>(id));
  }
  return text::Tokens(std::move(stream));
}

text::Tokens stream_of(const text::Codec& codec, const std::vector<std::string_view>& parts) {
  return codec.size() <= 65536 ? stream_as<std::uint16_t>(codec, parts) : stream_as<std::uint32_t>(codec, parts);
}

text::Codec make_codec(const Options& o, const std::vector<std::string>& texts, const Parts& parts) {
  if (!o.from.empty()) return text::Codec::load(o.from);
  if (o.tokenizer == "gpt2") return text::Codec(text::Bpe::load_folder(o.gpt2));
  if (o.tokenizer == "bpe") {
    text::BpeTrainer trainer;
    for (const std::string_view part : parts.train) trainer.add(part);
    return text::Codec(trainer.train({.vocab_size = o.vocab_size}));
  }
  std::string all;
  for (const std::string& text : texts) all += text;
  return text::Codec(text::Characters::of(all));
}

Data from_texts(const Options& o) {
  std::vector<std::string> texts;
  for (const std::string& path : o.texts) texts.push_back(text::read_text(path));
  const Parts parts = divide(texts, o.validation);
  const text::Codec codec = make_codec(o, texts, parts);
  return {codec, stream_of(codec, parts.train), stream_of(codec, parts.validation)};
}

Data from_tokens(const Options& o) {
  const text::Codec codec = o.from.empty() ? text::Codec(text::Bpe::load_folder(o.gpt2)) : text::Codec::load(o.from);
  const text::TokenFile file(o.tokens, text::token_width(codec.size()), codec.size());
  file.check();  // an id that the table lacks is found now, not after some hours
  const text::Tokens all(file);
  const auto kept = static_cast<Index>(static_cast<double>(all.size()) * (1.0 - o.validation));
  return {codec, all.part(0, kept), all.part(kept, all.size() - kept)};
}

}  // namespace

Data read_data(const Options& o) {
  Data data = o.tokens.empty() ? from_texts(o) : from_tokens(o);
  text::check_length(data.train.size(), o.context, "training part");
  if (o.validation > 0.0 && data.validation.size() < 2) {
    throw ValueError("corpus", fmt::format("the validation part has {} token{}; it needs at least 2, or --validation 0",
                                           data.validation.size(), data.validation.size() == 1 ? "" : "s"));
  }
  return data;
}

}  // namespace lexigrad::train_gpt
