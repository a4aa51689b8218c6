// vocabulary.cpp: counting.
#include "word2vec/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "nn/atomic_file.hpp"
#include "tensor/error.hpp"
#include "tensor/parallel.hpp"
#include "text/utf8.hpp"

namespace lexigrad::word2vec {
namespace {

struct Counts {
  WordIndex index;
  std::vector<Index> counts;

  void add(std::string_view word, Index count) {
    const auto number = static_cast<std::size_t>(index.add(word));
    if (number == counts.size()) counts.push_back(0);
    counts[number] += count;
  }
};

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

Counts count_all(const Texts& texts, WordRule rule) {
  std::array<Counts, tables> counted;
  Place place;
  for (;;) {
    const std::string name = texts.name(std::min(place.text, texts.count() - 1));
    const std::vector<std::string> pieces = next_pieces(texts, place, 8 * tables);
    if (pieces.empty()) break;
    parallel_for(tables, 1, [&](Index begin, Index) {
      for (auto i = static_cast<std::size_t>(begin); i < pieces.size(); i += tables) {
        check(pieces[i], name);
        Sentences sentences(pieces[i], rule);
        for (auto* words = &sentences.next(); !words->empty(); words = &sentences.next()) {
          for (const std::string_view word : *words) counted[static_cast<std::size_t>(begin)].add(word, 1);
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

}  // namespace

Vocabulary count_words(const Texts& texts, WordRule rule, const VocabularyOptions& options) {
  const Counts counted = count_all(texts, rule);
  if (counted.counts.empty()) throw ValueError("vocabulary", "the text has no words");
  std::vector<Index> order(counted.counts.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto count = [&](Index i) { return counted.counts[static_cast<std::size_t>(i)]; };
  order.erase(std::remove_if(order.begin(), order.end(), [&](Index i) { return count(i) < options.min_count; }),
              order.end());
  if (order.empty()) {
    const auto greatest = std::max_element(counted.counts.begin(), counted.counts.end());
    throw ValueError("vocabulary",
                     fmt::format("no word occurs {} times (--min-count); the commonest, \"{}\", occurs {}",
                                 options.min_count, counted.index.word(greatest - counted.counts.begin()), *greatest));
  }
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return count(a) != count(b) ? count(a) > count(b) : counted.index.word(a) < counted.index.word(b);
  });
  if (options.max_size > 0 && options.max_size < static_cast<Index>(order.size())) {
    order.resize(static_cast<std::size_t>(options.max_size));
  }
  Vocabulary vocabulary;
  vocabulary.all_words = std::accumulate(counted.counts.begin(), counted.counts.end(), Index{0});
  for (const Index i : order) {
    vocabulary.words.emplace_back(counted.index.word(i));
    vocabulary.counts.push_back(count(i));
    vocabulary.total += count(i);
    vocabulary.index.add(vocabulary.words.back());
  }
  return vocabulary;
}

std::string Vocabulary::fingerprint() const {
  std::uint64_t hash = 14695981039346656037U;
  const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211U; };
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const char c : words[i]) mix(static_cast<unsigned char>(c));
    mix(static_cast<std::uint64_t>(counts[i]));
  }
  return fmt::format("{} words {:016x}", all_words, hash);
}

void save_vocabulary(const std::string& path, const Vocabulary& vocabulary) {
  std::string text;
  for (std::size_t i = 0; i < vocabulary.words.size(); ++i) {
    text += fmt::format("{} {}\n", vocabulary.words[i], vocabulary.counts[i]);
  }
  write_text_file(path, text);
}

}  // namespace lexigrad::word2vec
