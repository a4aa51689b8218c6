// safetensors.hpp: the file format of checkpoints: a JSON header with names, types, shapes and byte ranges, then bytes.
//
// The format is Hugging Face's safetensors 0.3: 8 bytes header length (little-endian), the header, the data; ranges
// cover the data without holes or overlaps. Every claim of the header is checked against the file before anything is
// allocated. checkpoint.hpp knows models; this file knows bytes.
#pragma once
#include <cstdint>
#include <map>
#include <string>
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

/// A file whose header has been read and checked.
class SafetensorsFile {
 public:
  /// Opens and checks the header. Throws FileError naming the file, and the tensor or the header, and what is wrong.
  explicit SafetensorsFile(std::string path);

  const std::vector<SafetensorsEntry>& entries() const { return entries_; }         ///< in order of their bytes
  const std::map<std::string, std::string>& metadata() const { return metadata_; }  ///< `__metadata__` of the header
  const SafetensorsEntry* find(const std::string& name) const;  ///< null where there is no such tensor

  /// The numbers of one tensor, converted to `real`. Throws FileError for an unknown name or a type without numbers.
  Tensor read(const std::string& name) const;

 private:
  std::string path_;
  std::uint64_t data_start_ = 0;
  std::vector<SafetensorsEntry> entries_;
  std::map<std::string, std::string> metadata_;
};

/// Writes tensors in the given order (F32, or F64 in the double build) and metadata: into a temporary file beside
/// `path`, flushed, then renamed over it, so that `path` holds the old or the new state and never half of one.
/// Throws FileError, and leaves no temporary file behind.
void write_safetensors(const std::string& path, const std::vector<std::pair<std::string, Tensor>>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace lexigrad::inline LEXIGRAD_NS
