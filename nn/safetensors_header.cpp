// safetensors_header.cpp: reading the header with distrust.
//
// Of JSON the format needs little: an object of tensors, each an object of dtype, shape and data_offsets, and an object
// of strings. A reader of just that needs no tree, no recursion and little memory beyond what it gives back, and
// refuses the first thing that does not belong, where a general parser would first build whatever the file says. Only a
// string goes to that parser.
#include <algorithm>
#include <charconv>
#include <tuple>

#include <nlohmann/json.hpp>

#include "nn/printable.hpp"
#include "nn/safetensors.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr std::string_view metadata_key = "__metadata__";

// Bytes of one number of each type that the format knows.
const std::map<std::string_view, std::uint64_t> bytes_each = {
    {"F64", 8}, {"I64", 8}, {"U64", 8}, {"F32", 4}, {"I32", 4},  {"U32", 4},     {"F16", 2},    {"BF16", 2},
    {"I16", 2}, {"U16", 2}, {"I8", 1},  {"U8", 1},  {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}};

struct HeaderReader {
  const std::string_view json;
  const std::uint64_t data_bytes;
  const std::string& path;
  std::size_t at = 0;      // the place in json
  std::string where = "";  // what is being read, for errors
  SafetensorsHeader header = {};

  SafetensorsHeader read() {
    bool has_metadata = false;
    object([&](std::string name) {
      if (name == metadata_key) {
        if (std::exchange(has_metadata, true)) fail("the header names {} twice", name);
        read_metadata();
      } else {
        header.entries.push_back(read_entry(std::move(name)));
      }
      where.clear();
    });
    skip_blanks();
    if (at != json.size()) fail("byte {} of the header stands behind its end", at);
    check_all();
    return std::move(header);
  }

  template <class... Parts>
  [[noreturn]] void fail(fmt::format_string<Parts...> reason, Parts&&... parts) const {
    throw FileError("safetensors", "{}: {}{}", path, where, fmt::format(reason, std::forward<Parts>(parts)...));
  }

  // --- JSON: what stands at `at` is taken, or refused

  void skip_blanks() { at = std::min(json.find_first_not_of(" \t\n\r", at), json.size()); }

  bool take(char c) {
    skip_blanks();
    if (at == json.size() || json[at] != c) return false;
    ++at;
    return true;
  }

  void expect(char c) {
    if (!take(c)) fail("expected '{}' at byte {} of the header", c, at);
  }

  void object(const auto& read_value) {  // read_value(key) takes what stands behind the colon
    expect('{');
    if (take('}')) return;
    do {
      std::string key = string();
      expect(':');
      read_value(std::move(key));
    } while (take(','));
    expect('}');
  }

  std::string string() {
    expect('"');
    const std::size_t begin = at - 1;
    std::size_t end = json.find_first_of("\"\\", at);
    while (end < json.size() && json[end] == '\\') end = json.find_first_of("\"\\", end + 2);
    if (end == json.npos) fail("the header ends within a string");
    at = end + 1;
    const auto value = nlohmann::json::parse(json.substr(begin, at - begin), nullptr, false);
    if (value.is_discarded()) {
      fail("the string at byte {} of the header holds a wrong escape, a control character or bytes that are not UTF-8",
           begin);
    }
    return value.get<std::string>();
  }

  std::uint64_t whole_number(std::string_view what) {
    skip_blanks();
    const std::string_view rest = json.substr(at), digits = rest.substr(0, rest.find_first_not_of("0123456789"));
    std::uint64_t value = 0;
    const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), value).ec;
    at += digits.size();
    const bool goes_on = at < json.size() && (json[at] == '.' || json[at] == 'e' || json[at] == 'E');
    if (error != std::errc{} || goes_on || value > std::uint64_t{1} << 62 || (digits[0] == '0' && digits.size() > 1)) {
      fail("{} is not a whole number from 0 to 2^62", what);
    }
    return value;
  }

  // --- what the format makes of it

  void read_metadata() {
    where = fmt::format("{}: ", metadata_key);
    object([&](const std::string& key) {
      where = fmt::format("{}: {}: ", metadata_key, printable(key));
      if (!header.metadata.emplace(key, string()).second) fail("stands twice");
    });
  }

  SafetensorsEntry read_entry(std::string name) {
    where = fmt::format("tensor {}: ", printable(name));
    if (name.empty()) fail("the name is empty");
    SafetensorsEntry entry{std::move(name), {}, {}, 0, 0};
    constexpr std::string_view fields[] = {"dtype", "shape", "data_offsets"};
    bool has[3] = {};
    object([&](const std::string& key) {
      const auto field = std::find(fields, fields + 3, key) - fields;
      if (field == 3) fail("expected dtype, shape and data_offsets, not {}", printable(key));
      if (std::exchange(has[field], true)) fail("{} stands twice", key);
      if (field == 0) entry.dtype = string();
      if (field == 1) entry.shape = read_shape();
      if (field == 2) read_offsets(entry);
    });
    if (!has[0] || !has[1] || !has[2]) fail("expected dtype, shape and data_offsets");
    check(entry);
    return entry;
  }

  Shape read_shape() {
    Shape shape;
    expect('[');
    if (take(']')) return shape;
    do {
      const auto axis = static_cast<Index>(whole_number("an axis"));
      try {
        shape.push_back(axis);
      } catch (const ShapeError& error) {
        fail("{}", error.reason());
      }
    } while (take(','));
    expect(']');
    return shape;
  }

  void read_offsets(SafetensorsEntry& entry) {
    expect('[');
    entry.begin = whole_number("an offset");
    expect(',');
    entry.end = whole_number("an offset");
    expect(']');
  }

  void check(const SafetensorsEntry& entry) const {
    const auto type = bytes_each.find(entry.dtype);
    if (type == bytes_each.end()) fail("the type {} is not known", printable(entry.dtype));
    if (entry.begin > entry.end || entry.end > data_bytes) {
      fail("bytes {} to {} do not lie in the file's {} bytes of data", entry.begin, entry.end, data_bytes);
    }
    const std::uint64_t bytes = entry.end - entry.begin;
    if (bytes % type->second != 0 || static_cast<std::uint64_t>(entry.shape.size()) != bytes / type->second) {
      fail("its shape {} of {} takes other than the {} bytes it has", to_string(entry.shape), entry.dtype, bytes);
    }
  }

  // In order of their bytes. A reader that takes the first of two equal names and one that takes the last would see
  // different files.
  void check_all() {
    std::ranges::sort(header.entries, {},
                      [](const auto& entry) { return std::tie(entry.begin, entry.end, entry.name); });
    std::uint64_t expected = 0;
    for (const auto& [name, dtype, shape, begin, end] : header.entries) {
      if (!header.by_name.emplace(name, header.by_name.size()).second) {
        fail("the header names {} twice", printable(name));
      }
      if (begin != expected) {
        fail("tensor {}: begins at byte {} where {} was expected ({})", printable(name), begin, expected,
             begin < expected ? "it overlaps the one before" : "a hole");
      }
      expected = end;
    }
    if (expected != data_bytes) fail("the tensors cover {} bytes of {}", expected, data_bytes);
  }
};

}  // namespace

const SafetensorsEntry* SafetensorsHeader::find(std::string_view name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &entries[found->second];
}

SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_bytes, const std::string& path) {
  return HeaderReader{json, data_bytes, path}.read();
}

}  // namespace lexigrad::inline LEXIGRAD_NS
