// token_file.cpp: little-endian numbers, and the mapping.
#include "text/token_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tensor/error.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::text {
namespace {

std::size_t bytes_of(TokenWidth width) { return static_cast<std::size_t>(width); }

std::uint32_t read_id(const unsigned char* at, TokenWidth width) {
  const std::uint32_t low = at[0] | static_cast<std::uint32_t>(at[1]) << 8;
  if (width == TokenWidth::two) return low;
  return low | static_cast<std::uint32_t>(at[2]) << 16 | static_cast<std::uint32_t>(at[3]) << 24;
}

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view reason) {
  throw FileError("token file", fmt::format("'{}' {}", path.string(), reason));
}

}  // namespace

TokenWidth token_width(Index vocab) { return vocab <= 65536 ? TokenWidth::two : TokenWidth::four; }

void append_ids(std::span<const std::uint32_t> ids, TokenWidth width, Index before, std::string& bytes) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (width == TokenWidth::two && ids[i] > 0xFFFF) {
      throw IndexError("token file", fmt::format("id {} at position {} does not fit into two bytes", ids[i],
                                                 static_cast<std::size_t>(before) + i));
    }
    for (std::size_t byte = 0; byte < bytes_of(width); ++byte) bytes += static_cast<char>(ids[i] >> 8 * byte);
  }
}

std::size_t read_ids(std::string_view bytes, TokenWidth width, std::vector<Index>& ids) {
  const std::size_t count = bytes.size() / bytes_of(width);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  for (std::size_t i = 0; i < count; ++i) ids.push_back(read_id(data + i * bytes_of(width), width));
  return count * bytes_of(width);
}

TokenFileWriter::TokenFileWriter(const std::filesystem::path& path, TokenWidth width)
    : file_(path.string()), width_(width) {}

void TokenFileWriter::append(std::span<const std::uint32_t> ids) {
  buffer_.clear();
  append_ids(ids, width_, size_, buffer_);
  file_.write(buffer_);
  size_ += static_cast<Index>(ids.size());
}

class TokenFile::Mapping {
 public:
  explicit Mapping(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) fail(path, fmt::format("cannot be opened: {}; expected a file of ids", std::strerror(errno)));
    struct stat status {};
    const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    size_ = regular ? static_cast<std::size_t>(status.st_size) : 0;
    if (size_ > 0) data_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file, 0);
    const int error = errno;
    ::close(file);
    if (!regular) fail(path, "is not a regular file; expected a file of ids");
    if (size_ == 0) fail(path, "is empty; expected a file of ids");
    if (data_ == MAP_FAILED) fail(path, fmt::format("cannot be mapped into memory: {}", std::strerror(error)));
  }
  ~Mapping() { ::munmap(data_, size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  const unsigned char* data() const { return static_cast<const unsigned char*>(data_); }
  std::size_t size() const { return size_; }

 private:
  void* data_ = MAP_FAILED;
  std::size_t size_ = 0;
};

TokenFile::TokenFile(const std::filesystem::path& path, TokenWidth width, Index vocab)
    : path_(path),
      mapping_(std::make_shared<const Mapping>(path)),
      data_(mapping_->data()),
      width_(width),
      vocab_(vocab) {
  if (mapping_->size() % bytes_of(width) != 0) {
    fail(path, fmt::format("has {} bytes, which is no whole number of ids of {} bytes; is it cut, or of another width?",
                           mapping_->size(), bytes_of(width)));
  }
  size_ = static_cast<Index>(mapping_->size() / bytes_of(width));
}

std::uint32_t TokenFile::operator[](Index at) const {
  return read_id(data_ + static_cast<std::size_t>(at) * bytes_of(width_), width_);
}

void TokenFile::fail_id(Index at) const {
  fail(path_, fmt::format("holds the id {} at position {}, outside the vocabulary of {}; is it of another tokenizer or "
                          "width?",
                          (*this)[at], at, vocab_));
}

void TokenFile::read(Index begin, std::span<Index> ids) const {
  const auto count = static_cast<Index>(ids.size());
  if (begin < 0 || begin > size_ || count > size_ - begin) {
    throw IndexError("token file", fmt::format("positions {} to {} are outside the {} ids of '{}'", begin,
                                               begin + count, size_, path_.string()));
  }
  for (Index i = 0; i < count; ++i) {
    const Index id = (*this)[begin + i];
    if (id >= vocab_) fail_id(begin + i);
    ids[static_cast<std::size_t>(i)] = id;
  }
}

// Of two bytes an id where it has four: then every second one is 0, the high half of the one before.
bool TokenFile::looks_wider() const {
  Index at = 1;
  while (at < size_ && (*this)[at] == 0) at += 2;
  return width_ == TokenWidth::two && size_ >= 4 && size_ % 2 == 0 && at >= size_;
}

void TokenFile::check() const {
  if (looks_wider()) fail(path_, "has the id 0 at every second position: it is of four bytes an id; expected two");
  parallel_for(size_, Index{1} << 20, [&](Index begin, Index end) {
    for (Index at = begin; at < end; ++at) {
      if (static_cast<Index>((*this)[at]) >= vocab_) fail_id(at);
    }
  });
}

}  // namespace lexigrad::text
