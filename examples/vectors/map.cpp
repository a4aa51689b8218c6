// map.cpp: what the page is given, as JSON with packed numbers in base64.
//
// All packed numbers are little-endian: places 16-bit in a square of side 65535 (y upwards), 65535 65535 for a word
// that is not there; neighbours 32-bit word numbers and 16-bit cosines · 32767; vectors 8-bit, each row scaled by its
// largest number, since only directions matter.
#include "vectors/map.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nn/atomic_file.hpp"
#include "tensor/parallel.hpp"
#include "vectors/clusters.hpp"
#include "vectors/search.hpp"

namespace lexigrad::vectors {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are packed as they lie in memory");

using Json = nlohmann::ordered_json;

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? letters[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

template <class Number>
std::string packed(const std::vector<Number>& numbers) {
  return base64({reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)});
}

// Places in a square with a margin, both directions by the same scale.
std::string packed_places(const std::vector<Point>& places, const std::vector<bool>& there) {
  Point low{INFINITY, INFINITY}, high{-INFINITY, -INFINITY};
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t k = 0; k < 2 && there[i]; ++k) {
      low[k] = std::min(low[k], places[i][k]);
      high[k] = std::max(high[k], places[i][k]);
    }
  }
  const double side = std::max({high[0] - low[0], high[1] - low[1], 1e-30});
  std::vector<std::uint16_t> numbers;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t k = 0; k < 2; ++k) {
      const double share = (places[i][k] - (low[k] + high[k]) / 2.0) / side + 0.5;
      numbers.push_back(there[i] ? static_cast<std::uint16_t>(std::lround(65000.0 * std::clamp(share, 0.0, 1.0)))
                                 : std::uint16_t{65535});
    }
  }
  return packed(numbers);
}

std::string packed_vectors(const WordTable& table, const std::vector<Index>& rows) {
  std::vector<std::int8_t> numbers;
  numbers.reserve(rows.size() * static_cast<std::size_t>(table.dim()));
  for (const Index row : rows) {
    const std::vector<double> unit = table.unit_row(row);
    double largest = 0.0;
    for (const double x : unit) largest = std::max(largest, std::abs(x));
    for (const double x : unit) numbers.push_back(static_cast<std::int8_t>(std::lround(127.0 * x / largest)));
  }
  return packed(numbers);
}

// One of the two tables of the page, cut to the words that it shows.
struct Side {
  WordTable table;  // row i is word i of the page
  std::vector<bool> there;
  std::vector<Point> places;
};

Side make_side(const WordTable& from, const std::vector<std::string>& words) {
  Side side;
  Tensor numbers(Shape{static_cast<Index>(words.size()), from.dim()});
  real* out = numbers.mutable_data();
  for (const std::string& word : words) {
    const auto row = from.find(word);
    const bool there = row && from.has_direction(*row);
    side.there.push_back(there);
    // A word that is not there becomes a row of zeros, which no search finds.
    if (there) out = std::copy_n(from.vectors.data() + *row * from.dim(), from.dim(), out);
    if (!there) out = std::fill_n(out, from.dim(), real{0});
  }
  side.table = WordTable(words, numbers);
  return side;
}

std::vector<Index> all_rows(const WordTable& table) {
  std::vector<Index> rows;
  for (Index row = 0; row < table.size(); ++row) rows.push_back(row);
  return rows;
}

Json neighbours_of(const Side& side, const PageOptions& options) {
  const Index count = std::min(options.neighbours, side.table.size() - 1);
  std::vector<std::uint32_t> ids;
  std::vector<std::int16_t> cosines;
  for (const auto& found : neighbours_of_rows(side.table, all_rows(side.table), count)) {
    for (Index k = 0; k < count; ++k) {
      const bool some = k < static_cast<Index>(found.size());
      const Scored best = some ? found[static_cast<std::size_t>(k)] : Scored{};
      ids.push_back(some ? static_cast<std::uint32_t>(best.id) : 0xFFFFFFFFu);
      cosines.push_back(static_cast<std::int16_t>(std::lround(32767.0 * best.score)));
    }
  }
  return {{"count", count}, {"ids", packed(ids)}, {"cosines", packed(cosines)}};
}

void place(Side& side, const PageOptions& options, const std::string& what) {
  LayoutOptions layout_options;
  if (options.progress) {
    const int rounds = layout_options.rounds;
    layout_options.progress = [&options, what, rounds](int done) {
      options.progress(what, static_cast<double>(done) / rounds);
    };
  }
  side.places = layout(side.table, all_rows(side.table), layout_options);
}

// The words that the page shows: the first with a direction.
std::vector<std::string> words_of_page(const WordTable& table, Index most) {
  std::vector<std::string> words;
  for (Index row = 0; row < table.size() && static_cast<Index>(words.size()) < most; ++row) {
    if (table.has_direction(row)) words.push_back(table.words[static_cast<std::size_t>(row)]);
  }
  if (words.size() < 2)
    throw ValueError("map_html", fmt::format("{} words with a direction; expected two or more", words.size()));
  return words;
}

bool has_all(const WordTable& table, const std::vector<std::string>& words) {
  return !words.empty() && table.known(words).size() == words.size();
}

// Axes whose words are there. Fewer words than asked for will do, one at each end at least.
Json axes_of(const WordTable& table, const std::vector<PageAxis>& axes) {
  Json list = Json::array();
  for (const PageAxis& axis : axes) {
    const std::vector<Index> from = table.known(axis.from), to = table.known(axis.to);
    if (!from.empty() && !to.empty()) list.push_back({{"name", axis.name}, {"from", from}, {"to", to}});
  }
  return list;
}

Json analogies_of(const WordTable& table, const std::vector<PageAnalogy>& analogies) {
  Json list = Json::array();
  for (const auto& [a, b, c] : analogies) {
    if (has_all(table, {a, b, c})) list.push_back({*table.find(a), *table.find(b), *table.find(c)});
  }
  return list;
}

// JSON that may stand in a script element and in XML: no < > & in it.
std::string embedded(const Json& json) {
  const std::string plain = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  text.reserve(plain.size());
  for (const char c : plain) {
    if (c == '<' || c == '>' || c == '&') {
      text += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::vector<PageAxis> usual_axes() {
  return {{"not living – living", {"stone", "table", "lamp", "box"}, {"dog", "bird", "boy", "horse"}},
          {"small – big", {"small", "little", "tiny", "short"}, {"big", "large", "huge", "great"}},
          {"bad – good", {"bad", "sad", "evil", "ugly"}, {"good", "happy", "kind", "beautiful"}},
          {"informal – formal", {"kids", "guys", "ok", "stuff"}, {"therefore", "furthermore", "moreover", "regarding"}},
          {"man – woman", {"man", "boy", "father", "king"}, {"woman", "girl", "mother", "queen"}}};
}

std::vector<PageAnalogy> usual_analogies() {
  return {{"man", "king", "woman"},
          {"france", "paris", "italy"},
          {"big", "bigger", "small"},
          {"man", "uncle", "woman"},
          {"boy", "son", "girl"}};
}

std::string map_html(const WordTable& table, const PageOptions& options) {
  const std::vector<std::string> words = words_of_page(table, options.words);
  Side after = make_side(table, words), before;
  if (options.before != nullptr) before = make_side(*options.before, words);
  const auto place_after = [&] { place(after, options, options.before != nullptr ? options.after_title : "layout"); };
  const auto place_before = [&] {
    if (options.before != nullptr) place(before, options, options.before_title);
  };
  // Few words are laid out by one thread, so both sides at a time.
  if (after.table.size() < few_words && !options.progress) {
    parallel_for_each(2, 1, [&](Index side) { side == 0 ? place_after() : place_before(); });
  } else {
    place_after();
    place_before();
  }
  const Clusters groups = clusters(after.table, all_rows(after.table), options.groups);
  Json data = {{"title", options.title}, {"words", words}, {"dim", table.dim()}, {"groups", groups.typical}};
  data["group"] = packed(std::vector<std::uint8_t>(groups.of.begin(), groups.of.end()));
  data["vectors"] = packed_vectors(after.table, all_rows(after.table));
  data["axes"] = axes_of(after.table, options.axes);
  data["analogies"] = analogies_of(after.table, options.analogies);
  data["sides"] = Json::array();
  if (options.before != nullptr) {
    align(before.places, after.places);
    data["sides"].push_back({{"title", options.before_title},
                             {"places", packed_places(before.places, before.there)},
                             {"neighbours", neighbours_of(before, options)}});
  }
  data["sides"].push_back({{"title", options.after_title},
                           {"places", packed_places(after.places, after.there)},
                           {"neighbours", neighbours_of(after, options)}});
  std::string page(map_page());
  constexpr std::string_view slot = "@DATA@";
  return page.replace(page.find(slot), slot.size(), embedded(data));
}

void write_projector_files(const std::string& name, const WordTable& table, Index words) {
  const Index count = std::min(words, table.size());
  AtomicFile vectors(name + ".vectors.tsv"), labels(name + ".words.tsv");
  for (Index row = 0; row < count; ++row) {
    std::string line;
    for (Index i = 0; i < table.dim(); ++i) {
      line += fmt::format("{}{}", i > 0 ? "\t" : "", table.vectors.data()[row * table.dim() + i]);
    }
    vectors.write(line + "\n");
    std::string label = table.words[static_cast<std::size_t>(row)];
    for (char& c : label) c = c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    labels.write(label + "\n");
  }
  vectors.commit();
  labels.commit();
}

}  // namespace lexigrad::vectors
