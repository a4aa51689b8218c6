// safetensors.cpp: a safetensors file of any bytes, and its header held against a general JSON parser.
#include "nn/safetensors.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "fuzz.hpp"

namespace {

using namespace fuzz;
using nlohmann::json;

// A file in memory.
struct File {
  int descriptor = ::memfd_create("fuzz", MFD_CLOEXEC);
  std::string path = fmt::format("/proc/self/fd/{}", descriptor);
  explicit File(std::string_view bytes) {
    promise(::write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()), "a file");
  }
  ~File() { ::close(descriptor); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

// What the reader of exactly this grammar took, a reader of all JSON must have understood in the same way.
void check_against_json(std::string_view text, const SafetensorsHeader& header) {
  const json tree = json::parse(text);
  promise(tree.is_object(), "a header is an object");
  promise(tree.size() == header.entries.size() + tree.count("__metadata__"), "every tensor is listed once");
  for (const SafetensorsEntry& entry : header.entries) {
    const json& value = tree.at(entry.name);
    promise(value.size() == 3 && value.at("dtype") == entry.dtype, "dtype");
    promise(value.at("shape") == json(std::vector<Index>(entry.shape.begin(), entry.shape.end())), "shape");
    promise(value.at("data_offsets") == json({entry.begin, entry.end}), "data_offsets");
    promise(header.find(entry.name) == &entry, "a tensor is found by its name");
  }
  if (tree.contains("__metadata__")) promise(tree["__metadata__"] == json(header.metadata), "metadata");
}

void check_ranges(const SafetensorsHeader& header, std::uint64_t data_bytes) {
  std::uint64_t at = 0;
  for (const SafetensorsEntry& entry : header.entries) {
    promise(entry.begin == at && entry.begin <= entry.end, "ranges follow each other");
    at = entry.end;
  }
  promise(at == data_bytes, "ranges cover the data");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = text_of(data, size);
  // The bytes as a file, whose length is then most often wrong, and behind a length that is right.
  const File file(bytes);
  parsed([&] {
    const SafetensorsFile read(file.path);
    for (const SafetensorsEntry& entry : read.entries()) {
      parsed([&] { promise(read.read(entry.name).size() == entry.shape.size(), "all numbers are read"); });
    }
  });
  const std::size_t end = bytes.rfind('}') + 1;  // 0 when there is none
  for (const std::string_view json_text : {bytes.substr(0, end), bytes.substr(std::min<std::size_t>(size, 8))}) {
    const std::uint64_t data_bytes = size - end;
    SafetensorsHeader header;
    if (!parsed([&] { header = parse_safetensors_header(json_text, data_bytes, "fuzz"); })) continue;
    check_against_json(json_text, header);
    check_ranges(header, data_bytes);
  }
  return 0;
}
