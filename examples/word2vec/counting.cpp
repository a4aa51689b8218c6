// counting.cpp: pieces of text, counted side by side.
#include "word2vec/counting.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "tensor/error.hpp"
#include "tensor/parallel.hpp"
#include "text/utf8.hpp"

namespace lexigrad::word2vec {

Index Counts::add(std::string_view word, Index count) {
  const Index number = index.add(word);
  if (number == static_cast<Index>(counts.size())) counts.push_back(0);
  counts[static_cast<std::size_t>(number)] += count;
  return number;
}

Index Counts::of(std::string_view word) const {
  const Index number = index.find(word);
  return number < 0 ? 0 : counts[static_cast<std::size_t>(number)];
}

void count_each_word(const std::vector<std::string_view>& words, Counts& counts, std::vector<Index>& numbers) {
  for (const std::string_view word : words) numbers.push_back(counts.add(word, 1));
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

Counts count_sentences(const Texts& texts, WordRule rule, const Phrases* phrases, const CountSentence& count,
                       NumberedText* kept, std::size_t most_bytes) {
  std::array<Counts, tables> counted;
  std::size_t kept_bytes = 0;
  Place place;
  for (;;) {
    const std::vector<Piece> pieces = next_pieces(texts, place, 8 * tables);
    if (pieces.empty()) break;
    std::vector<NumberedText::Piece> numbered(pieces.size());
    const bool keep = kept != nullptr && kept_bytes < most_bytes;
    parallel_for_each(tables, 1, [&](Index table) {
      std::vector<Index> numbers;
      for (auto i = static_cast<std::size_t>(table); i < pieces.size(); i += tables) {
        check(pieces[i].text, texts.name(pieces[i].at.text));
        Sentences sentences(pieces[i].text, rule, phrases);
        numbered[i] = {"", static_cast<std::size_t>(table), pieces[i].at};
        for (auto* words = &sentences.next(); !words->empty(); words = &sentences.next()) {
          numbers.clear();
          count(*words, counted[static_cast<std::size_t>(table)], numbers);
          if (keep) pack_sentence(numbers, numbered[i].bytes);
        }
        numbered[i].bytes.shrink_to_fit();
      }
    });
    if (kept == nullptr) continue;
    for (NumberedText::Piece& piece : numbered) {
      kept_bytes += piece.bytes.size();
      kept->pieces.push_back(std::move(piece));
    }
    if (keep) kept->kept = kept->pieces.size();
  }
  std::vector<std::vector<std::int32_t>> ids(tables);
  for (std::size_t t = 0; t < tables; ++t) {
    const Counts table = t == 0 ? Counts{} : std::exchange(counted[t], {});
    for (Index i = 0; i < table.index.size(); ++i) {
      const Index number = counted[0].add(table.index.word(i), table.counts[static_cast<std::size_t>(i)]);
      ids[t].push_back(static_cast<std::int32_t>(number));
    }
  }
  ids[0].resize(counted[0].counts.size());
  std::iota(ids[0].begin(), ids[0].end(), 0);
  if (kept != nullptr) kept->ids = std::move(ids);
  return std::move(counted[0]);
}

}  // namespace lexigrad::word2vec
