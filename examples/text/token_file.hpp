// token_file.hpp: ids in a file, two or four bytes each, little-endian, nothing else: what a large corpus is trained
// from.
//
// The form is nanoGPT's (uint16, GPT-2's ids fit). Files are written in one go and appear when they are whole; they are
// read by mapping them into memory, so that only what is looked at is loaded. The file must not be cut while it is
// open. Read next: bpe_stream.hpp, which makes the ids.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/atomic_file.hpp"
#include "tensor/ids.hpp"

namespace lexigrad::text {

/// Bytes an id takes.
enum class TokenWidth { two = 2, four = 4 };

/// The narrowest width for ids below `vocab`.
TokenWidth token_width(Index vocab);

/// Appends the bytes of ids. Throws IndexError for an id that the width does not hold, with its position; the first has
/// the position `before`.
void append_ids(std::span<const std::uint32_t> ids, TokenWidth width, Index before, std::string& bytes);
/// Appends the ids that are whole in `bytes`; gives how many bytes these are.
std::size_t read_ids(std::string_view bytes, TokenWidth width, std::vector<Index>& ids);

/// Writes ids; without commit() the file stays as it was.
class TokenFileWriter {
 public:
  /// Throws FileError when the file cannot be made.
  TokenFileWriter(const std::filesystem::path& path, TokenWidth width);

  /// Throws IndexError for an id that the width does not hold, with its position in the file; FileError as AtomicFile.
  void append(std::span<const std::uint32_t> ids);
  /// Puts the file in place.
  void commit() { file_.commit(); }
  Index size() const { return size_; }  ///< ids so far

 private:
  AtomicFile file_;
  TokenWidth width_;
  Index size_ = 0;
  std::string buffer_;
};

/// A file of ids, mapped into memory. Copies share the mapping.
class TokenFile {
 public:
  /// Ids are to be below `vocab` (checked when they are read, or all at once by check()). Throws FileError naming a
  /// file that is missing, not a regular file, empty, or not a whole number of ids long.
  TokenFile(const std::filesystem::path& path, TokenWidth width, Index vocab);

  Index size() const { return size_; }    ///< ids in the file
  Index vocab() const { return vocab_; }  ///< as given
  /// One id, 0 <= at < size(), of which nothing is checked.
  std::uint32_t operator[](Index at) const;
  /// ids[i] = id at begin + i. Throws IndexError for places outside the file, and FileError naming an id that is not
  /// below vocab(), with its place.
  void read(Index begin, std::span<Index> ids) const;
  /// Reads the whole file once, by several threads. Throws FileError naming the first id that is not below vocab(),
  /// or the file when it looks like one of wider ids.
  void check() const;

 private:
  class Mapping;
  [[noreturn]] void fail_id(Index at) const;
  bool looks_wider() const;

  std::filesystem::path path_;
  std::shared_ptr<const Mapping> mapping_;
  const unsigned char* data_ = nullptr;
  TokenWidth width_;
  Index size_ = 0, vocab_ = 0;
};

}  // namespace lexigrad::text
