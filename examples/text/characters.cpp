// characters.cpp: numbering code points; vocab.json.
#include "text/characters.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "text/reading.hpp"
#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

// Calls use(code point, its bytes, offset) for each code point.
template <class Use>
void each_character(std::string_view text, const Use& use) {
  if (const auto bad = first_invalid(text)) {
    throw ValueError("characters", fmt::format("the bytes at {} are not UTF-8", *bad));
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(text, at);
    use(c, text.substr(begin, at - begin), begin);
  }
}

}  // namespace

Characters Characters::of(std::string_view text) {
  Characters result;
  std::map<char32_t, std::string_view> seen;
  each_character(text, [&](char32_t c, std::string_view bytes, std::size_t) { seen.try_emplace(c, bytes); });
  if (seen.empty()) throw ValueError("characters", "an empty text has no characters");
  for (const auto& [c, bytes] : seen) {
    result.ids_.emplace(c, result.size());
    result.tokens_.emplace_back(bytes);
  }
  return result;
}

Characters Characters::load(const std::string& path) {
  const auto fail = [&](const std::string& what) { return FileError("characters", path + ": " + what); };
  const nlohmann::json file = nlohmann::json::parse(read_text(path), nullptr, false);
  if (!file.is_object() || file.empty()) throw fail("expected an object of characters and their ids");
  Characters result;
  result.tokens_.resize(file.size());
  for (const auto& [token, id] : file.items()) {
    const CodePoint c = token.empty() ? CodePoint{} : text::decode(token, 0);
    if (token.empty() || c.bytes != token.size()) {
      throw fail(fmt::format("\"{}\" is not one character", printable(token)));
    }
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= file.size() ||
        !result.tokens_[id.get<std::size_t>()].empty()) {
      throw fail(fmt::format("the id of \"{}\" is {}; expected the numbers from 0 to {}, each once", printable(token),
                             printable(id.dump()), file.size() - 1));
    }
    result.tokens_[id.get<std::size_t>()] = token;
    result.ids_.emplace(c.value, id.get<Index>());
  }
  return result;
}

void Characters::save(const std::string& path) const {
  nlohmann::ordered_json file = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < tokens_.size(); ++i) file[tokens_[i]] = i;
  write_text_file(path, file.dump() + "\n");
}

std::vector<Index> Characters::encode(std::string_view text) const {
  std::vector<Index> ids;
  ids.reserve(text.size());
  each_character(text, [&](char32_t c, std::string_view bytes, std::size_t at) {
    const auto found = ids_.find(c);
    if (found == ids_.end()) {
      throw ValueError("characters",
                       fmt::format("the character \"{}\" at {} is not among the {} that the vocabulary has",
                                   printable(bytes), at, size()));
    }
    ids.push_back(found->second);
  });
  return ids;
}

std::string Characters::decode(std::span<const Index> ids) const {
  std::string text;
  for (const Index id : ids) {
    if (id < 0 || id >= size()) {
      throw IndexError("characters", fmt::format("id {} is outside the vocabulary of {}", id, size()));
    }
    text += tokens_[static_cast<std::size_t>(id)];
  }
  return text;
}

}  // namespace lexigrad::text
