// files.cpp: reading a file in one go where its size is known, in growing pieces where it is not; mapping it.
#include "vectors/files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "tensor/error.hpp"

namespace lexigrad::vectors {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw FileError("read", fmt::format("{}: cannot be read ({})", path, reason));
}

// generic_category() rather than strerror: thread-safe, and only the text of the error is wanted.
[[noreturn]] void fail(const std::string& path, int error) { fail(path, std::generic_category().message(error)); }

}  // namespace

std::string read_file(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (is_directory(status)) fail(path, EISDIR);
  if (is_character_file(status) || is_block_file(status)) fail(path, "it is a device");  // /dev/zero does not end
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) fail(path, errno);
  std::string bytes;
  // One byte over the size the file system tells, so that an ordinary file ends in the first round; a pipe tells none.
  const auto told = std::filesystem::file_size(path, ignored);
  std::size_t room = told == static_cast<std::uintmax_t>(-1) ? 65536 : static_cast<std::size_t>(told) + 1;
  std::size_t used = 0;
  for (;;) {
    bytes.resize(used + room);
    const std::size_t count = std::fread(bytes.data() + used, 1, room, file.get());
    used += count;
    if (count < room) break;
    room = used;
  }
  if (std::ferror(file.get()) != 0) fail(path, errno);
  bytes.resize(used);
  return bytes;
}

MappedFile::MappedFile(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    read_ = read_file(path);
    bytes_ = read_;
    return;
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path, errno);
  const auto size = static_cast<std::size_t>(std::max<off_t>(::lseek(descriptor, 0, SEEK_END), 0));
  if (size > 0) {
    void* mapping = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const int error = errno;
    ::close(descriptor);
    if (mapping == MAP_FAILED) fail(path, error);
    ::madvise(mapping, size, MADV_SEQUENTIAL);
    mapping_ = mapping;
    bytes_ = {static_cast<const char*>(mapping), size};
  } else {
    ::close(descriptor);
  }
}

MappedFile::~MappedFile() {
  if (mapping_ != nullptr) ::munmap(mapping_, bytes_.size());
}

}  // namespace lexigrad::vectors
