// safetensors.hpp: the file format of checkpoints: a JSON header with names, types, shapes and byte ranges, then bytes.
//
// The format is Hugging Face's safetensors 0.3: 8 bytes header length (little-endian), the header, the data; ranges
// cover the data without holes or overlaps. Every claim of the header is checked against the file before anything is
// allocated. checkpoint.hpp knows models; this file knows bytes.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// One tensor of a file, as its header describes it.
struct SafetensorsEntry {
  std::string name;         ///< "wte.weight"
  std::string dtype;        ///< "F32", "F64", "F16", "BF16" can be read as numbers; others are only listed
  Shape shape;              ///< row-major, as everywhere
  std::uint64_t begin = 0;  ///< its first byte, counted from the end of the header
  std::uint64_t end = 0;    ///< one behind its last byte
};

/// What a header says.
struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;                    ///< in order of their bytes
  std::map<std::string, std::size_t, std::less<>> by_name;  ///< their places in `entries`
  std::map<std::string, std::string> metadata;              ///< `__metadata__`

  const SafetensorsEntry* find(std::string_view name) const;  ///< null where there is no such tensor
};

/// Reads the JSON of a header that `data_bytes` of data follow; `path` stands for the file in errors. Takes what the
/// format knows and nothing else: a name, a key or a field that stands twice, a field of another name, a tensor without
/// a name, numbers with a sign, point or exponent are refused. Throws FileError as SafetensorsFile does.
SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_bytes, const std::string& path);

/// A file that is open as long as the object or a copy of it lives: another file that is renamed over it meanwhile does
/// not matter.
class SafetensorsFile {
 public:
  /// Opens and checks the header. Throws FileError naming the file, and the tensor or the header, and what is wrong.
  /// Folders, pipes and devices are refused, not waited for.
  explicit SafetensorsFile(std::string path);

  const std::vector<SafetensorsEntry>& entries() const { return header_.entries; }          ///< in order of their bytes
  const std::map<std::string, std::string>& metadata() const { return header_.metadata; }   ///< `__metadata__`
  const SafetensorsEntry* find(std::string_view name) const { return header_.find(name); }  ///< null: no such tensor

  /// The numbers of one tensor, converted to `real`. Throws FileError for an unknown name, a type without numbers, more
  /// numbers than there is memory for, and when the file has become shorter.
  Tensor read(const std::string& name) const;

 private:
  void read_bytes(void* bytes, std::size_t count, std::uint64_t at, std::string_view what) const;

  std::string path_;
  int file_ = -1;
  std::shared_ptr<void> closing_;  // closes file_ with the last copy
  std::uint64_t data_start_ = 0;
  SafetensorsHeader header_;
};

/// Writes tensors in the given order (F32, or F64 in the double build) and metadata: into a temporary file beside
/// `path`, flushed, then renamed over it, so that `path` holds the old or the new state and never half of one.
/// Throws FileError, and leaves no temporary file behind; ValueError for what the format cannot hold: a name that is
/// empty, stands twice or is `__metadata__`, text that is not UTF-8, names and metadata of over 100 MB.
void write_safetensors(const std::string& path, const std::vector<std::pair<std::string, Tensor>>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace lexigrad::inline LEXIGRAD_NS
