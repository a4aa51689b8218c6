// atomic_file.hpp: writing a file so that its name never shows half of it.
//
// Bytes go to "<path>.tmp-<process>" in the same folder; commit() flushes them to the disk and renames the file over
// `path`; it is closed with the object. Without commit(), after an exception say, the temporary file is removed. A link
// is followed; a device or a pipe (/dev/stdout) is written to directly, since renaming over it would destroy it.
#pragma once
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "tensor/error.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// A file that is being written; see the head of this file.
class AtomicFile {
 public:
  /// Throws FileError when the temporary file cannot be made. Removes temporary files that dead processes left there.
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(const void* bytes, std::size_t count);  ///< appends. Throws FileError when the disk is full, say.
  /// Appends text.
  void write(std::string_view text) { write(text.data(), text.size()); }
  /// Flushes and renames. Throws FileError when anything fails; `path` is then as it was.
  void commit();

 private:
  [[noreturn]] void fail(std::string_view what, int error = errno) const;

  std::string path_, target_;  // as given, and with links followed
  std::string temporary_;      // empty when the target is written to directly, and when all is in place
  std::FILE* file_ = nullptr;
};

/// The whole of a small text file at once. Throws FileError as AtomicFile does.
void write_text_file(const std::string& path, std::string_view text);

}  // namespace lexigrad::inline LEXIGRAD_NS
