// counting.cpp: pieces of text, counted side by side.
#include "word2vec/counting.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "tensor/parallel.hpp"
#include "text/utf8.hpp"

namespace lexigrad::word2vec {

void Counts::add(std::string_view word, Index count) {
  const auto number = static_cast<std::size_t>(index.add(word));
  if (number == counts.size()) counts.push_back(0);
  counts[number] += count;
}

Index Counts::of(std::string_view word) const {
  const Index number = index.find(word);
  return number < 0 ? 0 : counts[static_cast<std::size_t>(number)];
}

void count_each_word(const std::vector<std::string_view>& words, Counts& counts) {
  for (const std::string_view word : words) counts.add(word, 1);
}

namespace {

// Texts with the control characters of binary files, or with bytes that are no UTF-8, are refused.
void check(std::string_view piece, const std::string& name) {
  const auto binary = std::find_if(piece.begin(), piece.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && !(c >= '\t' && c <= '\r');
  });
  if (binary != piece.end()) {
    throw FileError("text",
                    fmt::format("'{}' looks like a binary file: it holds the byte 0x{:02X}; expected UTF-8 text", name,
                                static_cast<unsigned char>(*binary)));
  }
  if (const auto bad = text::first_invalid(piece)) {
    const std::string_view before = piece.substr(0, *bad);
    throw FileError("text",
                    fmt::format("'{}' is not UTF-8: malformed bytes from 0x{:02X} after \"{}\"; expected UTF-8 "
                                "text (iconv converts it)",
                                name, static_cast<unsigned char>(piece[*bad]),
                                text::first_invalid(before) ? "" : before.substr(before.find_last_of(" \n") + 1)));
  }
}

// Piece i of each round is counted in table i % tables: as many may count at a time.
constexpr std::size_t tables = 4;

}  // namespace

Counts count_sentences(const Texts& texts, WordRule rule, const Phrases* phrases, const CountSentence& count) {
  std::array<Counts, tables> counted;
  Place place;
  for (;;) {
    const std::string name = texts.name(std::min(place.text, texts.count() - 1));
    const std::vector<std::string> pieces = next_pieces(texts, place, 8 * tables);
    if (pieces.empty()) break;
    parallel_for(tables, 1, [&](Index begin, Index) {
      for (auto i = static_cast<std::size_t>(begin); i < pieces.size(); i += tables) {
        check(pieces[i], name);
        Sentences sentences(pieces[i], rule, phrases);
        for (auto* words = &sentences.next(); !words->empty(); words = &sentences.next()) {
          count(*words, counted[static_cast<std::size_t>(begin)]);
        }
      }
    });
  }
  for (std::size_t t = 1; t < tables; ++t) {
    for (Index i = 0; i < counted[t].index.size(); ++i) {
      counted[0].add(counted[t].index.word(i), counted[t].counts[static_cast<std::size_t>(i)]);
    }
    counted[t] = {};
  }
  return std::move(counted[0]);
}

}  // namespace lexigrad::word2vec
