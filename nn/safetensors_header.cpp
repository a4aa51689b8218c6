// safetensors_header.cpp: reading the header with distrust.
//
// Of JSON the format needs little: an object of tensors, each an object of dtype, shape and data_offsets, and an object
// of strings. A reader of just that needs no tree, no recursion and little memory beyond what it gives back, and
// refuses the first thing that does not belong, where a general parser would first build whatever the file says. Only a
// string goes to that parser.
#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nn/printable.hpp"
#include "nn/safetensors.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr std::string_view metadata_key = "__metadata__";

std::uint64_t bytes_each(std::string_view dtype) {
  if (dtype == "F64" || dtype == "I64" || dtype == "U64") return 8;
  if (dtype == "F32" || dtype == "I32" || dtype == "U32") return 4;
  if (dtype == "F16" || dtype == "BF16" || dtype == "I16" || dtype == "U16") return 2;
  if (dtype == "I8" || dtype == "U8" || dtype == "BOOL" || dtype == "F8_E4M3" || dtype == "F8_E5M2") return 1;
  return 0;
}

class HeaderReader {
 public:
  HeaderReader(std::string_view json, std::uint64_t data_bytes, const std::string& path)
      : json_(json), data_bytes_(data_bytes), path_(path) {}

  SafetensorsHeader read() {
    bool has_metadata = false;
    object([&](std::string name) {
      if (name == metadata_key) {
        if (std::exchange(has_metadata, true)) fail("the header names {} twice", name);
        read_metadata();
      } else {
        header_.entries.push_back(read_entry(std::move(name)));
      }
      where_.clear();
    });
    skip_blanks();
    if (at_ != json_.size()) fail("byte {} of the header stands behind its end", at_);
    index_names();
    check_ranges();
    return std::move(header_);
  }

 private:
  template <class... Parts>
  [[noreturn]] void fail(fmt::format_string<Parts...> reason, Parts&&... parts) const {
    throw FileError("safetensors", "{}: {}{}", path_, where_, fmt::format(reason, std::forward<Parts>(parts)...));
  }

  // --- JSON: what stands at at_ is taken, or refused

  void skip_blanks() { at_ = std::min(json_.find_first_not_of(" \t\n\r", at_), json_.size()); }

  bool take(char c) {
    skip_blanks();
    if (at_ == json_.size() || json_[at_] != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!take(c)) fail("expected '{}' at byte {} of the header", c, at_);
  }

  char next() {
    if (at_ == json_.size()) fail("the header ends within a string");
    return json_[at_++];
  }

  template <class Value>
  void object(const Value& read_value) {  // read_value(key) takes what stands behind the colon
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
    const std::size_t begin = at_ - 1;
    for (char c = next(); c != '"'; c = next()) {
      if (c == '\\') next();
    }
    const auto value = nlohmann::json::parse(json_.substr(begin, at_ - begin), nullptr, false);
    if (value.is_discarded()) {
      fail("the string at byte {} of the header holds a wrong escape, a control character or bytes that are not UTF-8",
           begin);
    }
    return value.get<std::string>();
  }

  std::uint64_t whole_number(std::string_view what) {
    skip_blanks();
    const std::string_view rest = json_.substr(at_), digits = rest.substr(0, rest.find_first_not_of("0123456789"));
    std::uint64_t value = 0;
    const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), value).ec;
    at_ += digits.size();
    const bool goes_on = at_ < json_.size() && (json_[at_] == '.' || json_[at_] == 'e' || json_[at_] == 'E');
    if (error != std::errc{} || goes_on || value > std::uint64_t{1} << 62 || (digits[0] == '0' && digits.size() > 1)) {
      fail("{} is not a whole number from 0 to 2^62", what);
    }
    return value;
  }

  // --- what the format makes of it

  void read_metadata() {
    where_ = fmt::format("{}: ", metadata_key);
    object([&](const std::string& key) {
      where_ = fmt::format("{}: {}: ", metadata_key, printable(key));
      if (!header_.metadata.emplace(key, string()).second) fail("stands twice");
    });
  }

  SafetensorsEntry read_entry(std::string name) {
    where_ = fmt::format("tensor {}: ", printable(name));
    if (name.empty()) fail("the name is empty");
    SafetensorsEntry entry{std::move(name), {}, {}, 0, 0};
    bool has_dtype = false, has_shape = false, has_offsets = false;
    object([&](const std::string& key) {
      bool* const has = key == "dtype"          ? &has_dtype
                        : key == "shape"        ? &has_shape
                        : key == "data_offsets" ? &has_offsets
                                                : nullptr;
      if (has == nullptr) fail("expected dtype, shape and data_offsets, not {}", printable(key));
      if (std::exchange(*has, true)) fail("{} stands twice", key);
      if (has == &has_dtype) entry.dtype = string();
      if (has == &has_shape) entry.shape = read_shape();
      if (has == &has_offsets) read_offsets(entry);
    });
    if (!has_dtype || !has_shape || !has_offsets) fail("expected dtype, shape and data_offsets");
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
    const std::uint64_t each = bytes_each(entry.dtype);
    if (each == 0) fail("the type {} is not known", printable(entry.dtype));
    if (entry.begin > entry.end || entry.end > data_bytes_) {
      fail("bytes {} to {} do not lie in the file's {} bytes of data", entry.begin, entry.end, data_bytes_);
    }
    const std::uint64_t bytes = entry.end - entry.begin;
    if (bytes % each != 0 || static_cast<std::uint64_t>(entry.shape.size()) != bytes / each) {
      fail("its shape {} of {} takes other than the {} bytes it has", to_string(entry.shape), entry.dtype, bytes);
    }
  }

  // A reader that takes the first of two equal names and one that takes the last would see different files.
  void index_names() {
    std::vector<SafetensorsEntry>& entries = header_.entries;
    std::sort(entries.begin(), entries.end(), [](const SafetensorsEntry& a, const SafetensorsEntry& b) {
      return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
    });
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string& name = entries[i].name;
      if (!header_.by_name.emplace(name, i).second) fail("the header names {} twice", printable(name));
    }
  }

  void check_ranges() const {
    std::uint64_t at = 0;
    for (const SafetensorsEntry& entry : header_.entries) {
      if (entry.begin != at) {
        fail("tensor {}: begins at byte {} where {} was expected ({})", printable(entry.name), entry.begin, at,
             entry.begin < at ? "it overlaps the one before" : "a hole");
      }
      at = entry.end;
    }
    if (at != data_bytes_) fail("the tensors cover {} bytes of {}", at, data_bytes_);
  }

  std::string_view json_;
  std::uint64_t data_bytes_;
  const std::string& path_;
  std::size_t at_ = 0;
  std::string where_;  // what is being read, for errors
  SafetensorsHeader header_;
};

}  // namespace

const SafetensorsEntry* SafetensorsHeader::find(std::string_view name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &entries[found->second];
}

SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_bytes, const std::string& path) {
  return HeaderReader(json, data_bytes, path).read();
}

}  // namespace lexigrad::inline LEXIGRAD_NS
