// support.hpp: what the suites of this folder share: small tables, a temporary folder, expected errors, an XML check.
#pragma once
#include <atomic>
#include <cctype>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include "nn/atomic_file.hpp"
#include "support/folder.hpp"
#include "tensor/create.hpp"
#include "vectors/files.hpp"
#include "vectors/word2vec_text.hpp"

namespace support {

using namespace lexigrad;
using lexigrad::testing::Folder;
using namespace lexigrad::vectors;

/// The text of the Error of type E that `run` throws; a failed check when it throws none.
template <class E, class Run>
std::string error_text(Run&& run) {
  try {
    run();
  } catch (const E& error) {
    return error.what();
  }
  BOOST_ERROR("no error was thrown");
  return "";
}

inline void check_has(const std::string& text, std::string_view part) {
  BOOST_TEST(text.find(part) != std::string::npos, "\"" << text.substr(0, 400) << "\" lacks \"" << part << "\"");
}

/// The table of cases D075 to D079: six words in three dimensions.
inline const char* const n6 =
    "6 3\nking 3 1 0\nqueen 2.6 2 0\nman 2 0 0.2\nwoman 2 0.3 0.2\napple 0 0.3 3\npear 0.1 0.2 2.9\n";

inline void check_words(const WordTable& table, const std::vector<std::string>& words) {
  BOOST_TEST(table.words == words, boost::test_tools::per_element());
}

inline void check_numbers(const WordTable& table, const std::vector<double>& expected) {
  BOOST_REQUIRE_EQUAL(table.vectors.size(), static_cast<Index>(expected.size()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST(static_cast<double>(table.vectors.data()[i]) == expected[i], boost::test_tools::tolerance(1e-6));
  }
}

/// Why a text is not well-formed XML, or "". Knows what our writers use: one declaration, tags with quoted attributes,
/// text, the entities &amp; &lt; &gt; &quot; &#39;.
inline std::string xml_fault(std::string_view text) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '&') {
      const std::string_view rest = text.substr(i);
      bool known = false;
      for (const std::string_view entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
        known |= rest.starts_with(entity);
      if (!known) return fmt::format("a bare & at byte {}", i);
      ++i;
    } else if (text[i] != '<') {
      if (static_cast<unsigned char>(text[i]) < 0x20 && text[i] != '\n')
        return fmt::format("control character at byte {}", i);
      ++i;
    } else {
      std::size_t end = i + 1;
      bool quoted = false;
      for (; end < text.size() && (quoted || text[end] != '>'); ++end) {
        if (text[end] == '"') quoted = !quoted;
        if (text[end] == '<') return fmt::format("< within a tag at byte {}", end);
      }
      if (end == text.size()) return "a tag without end";
      const std::string_view tag = text.substr(i + 1, end - i - 1);
      i = end + 1;
      if (tag.starts_with("?")) continue;
      if (tag.starts_with("/")) {
        if (open.empty() || open.back() != tag.substr(1)) return fmt::format("</{}> closes nothing", tag.substr(1));
        open.pop_back();
      } else if (tag.empty() || std::isalpha(static_cast<unsigned char>(tag[0])) == 0) {
        return fmt::format("a bare < at byte {}", i);
      } else if (!tag.ends_with("/")) {
        open.emplace_back(tag.substr(0, tag.find_first_of(" \n")));
      }
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

}  // namespace support
