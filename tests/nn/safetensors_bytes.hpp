// safetensors_bytes.hpp: files put together by hand, and why they are refused.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "nn/safetensors.hpp"
#include "support.hpp"

namespace lexigrad::testing {

/// 8 bytes of length, the header, the data.
inline std::string with_length(const std::string& header, const std::string& data = "") {
  std::string bytes(8, '\0');
  for (std::size_t i = 0, n = header.size(); i < 8; ++i, n >>= 8) bytes[i] = static_cast<char>(n & 0xFF);
  return bytes + header + data;
}

/// The reason for which a file is refused: what stands behind "[safetensors] <path>: ".
inline std::string refusal(const std::string& bytes) {
  const Folder folder;
  const std::string path = folder.file("x.safetensors");
  write(path, bytes);
  const std::string text = error_text<FileError>([&] { SafetensorsFile{path}; });
  const std::string start = "[safetensors] " + path + ": ";
  BOOST_CHECK_MESSAGE(text.starts_with(start), text);
  return text.substr(std::min(start.size(), text.size()));
}

/// A file in memory, one byte of which can be changed at a time.
class Bytes {
 public:
  explicit Bytes(const std::string& content) : file_(::memfd_create("hostile", MFD_CLOEXEC)) {
    BOOST_REQUIRE_GE(file_, 0);
    set(0, content);
  }
  ~Bytes() { ::close(file_); }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  void set(std::size_t at, const std::string& bytes) const {
    BOOST_REQUIRE_EQUAL(::pwrite(file_, bytes.data(), bytes.size(), static_cast<::off_t>(at)),
                        static_cast<::ssize_t>(bytes.size()));
  }
  void cut(std::size_t size) const { BOOST_REQUIRE_EQUAL(::ftruncate(file_, static_cast<::off_t>(size)), 0); }
  std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }

 private:
  int file_;
};

/// 1 and 2 as F32.
inline const std::string one_float("\x00\x00\x80\x3f", 4), two_floats = one_float + std::string("\x00\x00\x00\x40", 4);

}  // namespace lexigrad::testing
