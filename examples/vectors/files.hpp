// files.hpp: the bytes of a whole file: read into memory, mapped, or unpacked.
//
// Files are written with nn/atomic_file.hpp, so that none is ever half there. Nothing here knows what the bytes mean.
// Read next: formats.hpp.
#pragma once
#include <string>
#include <string_view>

namespace lexigrad::vectors {

/// The bytes of a file; of a pipe, all there are until it ends. A device is refused. Throws FileError
/// `[read] PATH: cannot be read (No such file or directory)` with the system's reason.
std::string read_file(const std::string& path);

/// The bytes of a file as long as the object lives: mapped, so that a large file is read when its pages are used and no
/// copy of it is made; of a pipe, read. Throws FileError as read_file() does. A file that is made shorter meanwhile
/// ends the process, as with any mapping: programs that write tables rename complete files into place.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const { return bytes_; }

 private:
  void* mapping_ = nullptr;
  std::string read_;  // of what cannot be mapped
  std::string_view bytes_;
};

/// A text without the byte-order mark that some editors put before it.
inline std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

/// True for the two bytes that every gzip file begins with (RFC 1952).
bool is_gzip(std::string_view bytes);
/// What a gzip file holds, all of its members one after the other. With `lines` above 0 it may stop behind that many
/// line ends. Throws FileError naming `path` for a cut or damaged file.
std::string gunzip(std::string_view bytes, const std::string& path, long lines = 0);
/// Bytes as one gzip member, the same for the same bytes (no time, no name).
std::string gzip(std::string_view bytes);

}  // namespace lexigrad::vectors
