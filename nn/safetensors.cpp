// safetensors.cpp: reading with distrust, writing atomically.
#include "nn/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "nn/atomic_file.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian; this machine is not");
constexpr std::uint64_t most_header = 100'000'000;  // the reference implementation's limit

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw FileError("safetensors", path + ": " + reason);
}

std::uint64_t bytes_each(std::string_view dtype) {
  if (dtype == "F64" || dtype == "I64" || dtype == "U64") return 8;
  if (dtype == "F32" || dtype == "I32" || dtype == "U32") return 4;
  if (dtype == "F16" || dtype == "BF16" || dtype == "I16" || dtype == "U16") return 2;
  if (dtype == "I8" || dtype == "U8" || dtype == "BOOL" || dtype == "F8_E4M3" || dtype == "F8_E5M2") return 1;
  return 0;
}

// A header may claim anything; nlohmann builds the whole tree, so its depth is bounded first: real ones have three.
void check_depth(const std::string& path, const std::string& header) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char c = header[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > 16) fail(path, "the header is nested too deeply to be one");
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
}

std::uint64_t unsigned_at(const std::string& path, const std::string& name, const json& value, std::string_view what) {
  if (!value.is_number_unsigned()) fail(path, fmt::format("tensor {}: {} is not a whole number", name, what));
  return value.get<std::uint64_t>();
}

SafetensorsEntry entry_from(const std::string& path, const std::string& name, const json& value, std::uint64_t data) {
  if (!value.is_object() || !value.contains("dtype") || !value["dtype"].is_string() || !value.contains("shape") ||
      !value["shape"].is_array() || !value.contains("data_offsets") || !value["data_offsets"].is_array() ||
      value["data_offsets"].size() != 2) {
    fail(path, fmt::format("tensor {}: expected dtype, shape and two data_offsets", name));
  }
  SafetensorsEntry entry{name, value["dtype"].get<std::string>(), {}, 0, 0};
  const std::uint64_t each = bytes_each(entry.dtype);
  if (each == 0) fail(path, fmt::format("tensor {}: the type {} is not known", name, entry.dtype));
  entry.begin = unsigned_at(path, name, value["data_offsets"][0], "an offset");
  entry.end = unsigned_at(path, name, value["data_offsets"][1], "an offset");
  if (entry.begin > entry.end || entry.end > data) {
    fail(path, fmt::format("tensor {}: bytes {} to {} do not lie in the file's {} bytes of data", name, entry.begin,
                           entry.end, data));
  }
  if (value["shape"].size() > static_cast<std::size_t>(Shape::max_rank)) {
    fail(path, fmt::format("tensor {}: {} axes, at most {} can be read", name, value["shape"].size(), Shape::max_rank));
  }
  try {
    for (const json& dim : value["shape"]) {
      const std::uint64_t size = unsigned_at(path, name, dim, "an axis");
      if (size > std::uint64_t{1} << 62) fail(path, fmt::format("tensor {}: an axis of {}", name, size));
      entry.shape.push_back(static_cast<Index>(size));
    }
  } catch (const ShapeError& error) {
    fail(path, fmt::format("tensor {}: {}", name, error.reason()));
  }
  const std::uint64_t numbers = (entry.end - entry.begin) / each;
  if ((entry.end - entry.begin) % each != 0 || static_cast<std::uint64_t>(entry.shape.size()) != numbers) {
    fail(path, fmt::format("tensor {}: its shape {} of {} takes other than the {} bytes it has", name,
                           to_string(entry.shape), entry.dtype, entry.end - entry.begin));
  }
  return entry;
}

json parsed_header(const std::string& path, const std::string& header) {
  check_depth(path, header);
  // The last of equal keys would win silently; a reader that takes the first would see another file.
  std::vector<std::set<std::string>> keys;
  std::string twice;
  const auto watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      twice = value.get<std::string>();
    }
    return true;
  };
  json result;
  try {
    result = json::parse(header, watch);
  } catch (const json::exception&) {
    fail(path, "the header is not JSON");
  }
  if (!twice.empty()) fail(path, fmt::format("the header names {} twice", twice));
  if (!result.is_object()) fail(path, "the header is not a JSON object");
  return result;
}

// Half precision to float: sign, 5 bits of exponent, 10 of fraction.
float from_half(std::uint16_t h) {
  const std::uint32_t sign = static_cast<std::uint32_t>(h & 0x8000U) << 16, fraction = h & 0x3FFU;
  const std::uint32_t exponent = h >> 10 & 0x1FU;
  if (exponent == 0) {
    const float tiny = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -tiny : tiny;
  }
  const std::uint32_t e = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | e << 23 | fraction << 13);
}

float from_bfloat(std::uint16_t b) { return std::bit_cast<float>(static_cast<std::uint32_t>(b) << 16); }

template <class Stored, class Convert>
void convert(const std::vector<char>& bytes, real* out, const Convert& to_number) {
  parallel_for(static_cast<Index>(bytes.size() / sizeof(Stored)), 1 << 16, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      Stored stored;
      std::memcpy(&stored, bytes.data() + static_cast<std::size_t>(i) * sizeof(Stored), sizeof(Stored));
      out[i] = static_cast<real>(to_number(stored));
    }
  });
}

}  // namespace

SafetensorsFile::SafetensorsFile(std::string path) : path_(std::move(path)) {
  std::error_code error;
  if (std::filesystem::is_directory(path_, error)) fail(path_, "is a folder, expected a safetensors file");
  std::ifstream file(path_, std::ios::binary | std::ios::ate);
  if (!file) fail(path_, "cannot be opened");
  const auto size = static_cast<std::uint64_t>(file.tellg());
  std::uint64_t length = 0;
  if (size < 8) fail(path_, fmt::format("the file has {} bytes; the header's length alone takes 8", size));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(&length), 8);
  if (length > size - 8 || length > most_header) {
    fail(path_, fmt::format("the header claims {} bytes; the file has {} behind its length", length, size - 8));
  }
  std::string header(static_cast<std::size_t>(length), '\0');
  if (!file.read(header.data(), static_cast<std::streamsize>(length))) fail(path_, "the header cannot be read");
  data_start_ = 8 + length;
  const json tree = parsed_header(path_, header);
  for (const auto& [name, value] : tree.items()) {
    if (name == "__metadata__") {
      if (!value.is_object()) fail(path_, "__metadata__ is not an object of strings");
      for (const auto& [key, text] : value.items()) {
        if (!text.is_string()) fail(path_, fmt::format("__metadata__: {} is not a string", key));
        metadata_[key] = text.get<std::string>();
      }
    } else {
      entries_.push_back(entry_from(path_, name, value, size - data_start_));
    }
  }
  std::sort(entries_.begin(), entries_.end(), [](const SafetensorsEntry& a, const SafetensorsEntry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t at = 0;
  for (const SafetensorsEntry& entry : entries_) {
    if (entry.begin != at) {
      fail(path_, fmt::format("tensor {}: begins at byte {} where {} was expected ({})", entry.name, entry.begin, at,
                              entry.begin < at ? "it overlaps the one before" : "a hole"));
    }
    at = entry.end;
  }
  if (at != size - data_start_) fail(path_, fmt::format("the tensors cover {} bytes of {}", at, size - data_start_));
}

const SafetensorsEntry* SafetensorsFile::find(const std::string& name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

Tensor SafetensorsFile::read(const std::string& name) const {
  const SafetensorsEntry* entry = find(name);
  if (entry == nullptr) fail(path_, fmt::format("there is no tensor {}", name));
  std::ifstream file(path_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(data_start_ + entry->begin));
  std::vector<char> bytes(static_cast<std::size_t>(entry->end - entry->begin));
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    fail(path_, fmt::format("tensor {}: its bytes cannot be read", name));
  }
  Tensor result(entry->shape);
  real* out = result.mutable_data();
  if (entry->dtype == "F32") {
    convert<float>(bytes, out, [](float v) { return v; });
  } else if (entry->dtype == "F64") {
    convert<double>(bytes, out, [](double v) { return v; });
  } else if (entry->dtype == "F16") {
    convert<std::uint16_t>(bytes, out, from_half);
  } else if (entry->dtype == "BF16") {
    convert<std::uint16_t>(bytes, out, from_bfloat);
  } else {
    fail(path_,
         fmt::format("tensor {}: {} cannot be read as numbers; expected F32, F64, F16 or BF16", name, entry->dtype));
  }
  return result;
}

void write_safetensors(const std::string& path, const std::vector<std::pair<std::string, Tensor>>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header;
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t at = 0;
  for (const auto& [name, value] : tensors) {
    const std::uint64_t bytes = static_cast<std::uint64_t>(value.size()) * sizeof(real);
    if (header.contains(name)) throw ValueError("safetensors", fmt::format("two tensors are called {}", name));
    header[name] = {{"dtype", sizeof(real) == 4 ? "F32" : "F64"},
                    {"shape", std::vector<Index>(value.shape().begin(), value.shape().end())},
                    {"data_offsets", {at, at + bytes}}};
    at += bytes;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // data begins at a multiple of 8, as the format asks of writers
  const std::uint64_t length = text.size();
  AtomicFile file(path);
  file.write(&length, 8);
  file.write(text);
  for (const auto& [name, value] : tensors) {
    file.write(value.data(), static_cast<std::size_t>(value.size()) * sizeof(real));
  }
  file.commit();
}

}  // namespace lexigrad::inline LEXIGRAD_NS
