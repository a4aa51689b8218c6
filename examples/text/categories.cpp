// categories.cpp: the categories in a table of two stages, made when it is first asked.
#include "text/categories.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <vector>

#include <utf8proc.h>

#include "text/utf8.hpp"

namespace lexigrad::text {
namespace {

constexpr char32_t code_points = 0x110000;
constexpr std::size_t block = 256;

Category compute(char32_t value) {
  switch (kind(value)) {
    case Kind::space:
      return Category::space;
    case Kind::letter:
      return Category::letter;
    default:
      break;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(value))) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return Category::number;
    default:
      return Category::other;
  }
}

// Most blocks of 256 code points are alike (nothing but letters, or nothing assigned), so each kind is kept once.
class Table {
 public:
  Table() {
    std::map<std::array<Category, block>, std::uint16_t> known;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      std::array<Category, block> content;
      for (std::size_t j = 0; j < block; ++j) content[j] = compute(static_cast<char32_t>(i * block + j));
      const auto [place, fresh] = known.emplace(content, static_cast<std::uint16_t>(known.size()));
      if (fresh) contents_.push_back(content);
      blocks_[i] = place->second;
    }
  }

  Category operator[](char32_t value) const { return contents_[blocks_[value / block]][value % block]; }

 private:
  std::array<std::uint16_t, code_points / block> blocks_{};
  std::vector<std::array<Category, block>> contents_;
};

}  // namespace

Category category(char32_t value) {
  static const Table table;
  return value < code_points ? table[value] : Category::other;
}

}  // namespace lexigrad::text
