// safetensors_bytes.hpp: files put together by hand, and why they are refused.
#pragma once
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
  const Folder folder("st-bad");
  const std::string path = folder.file("x.safetensors");
  write(path, bytes);
  const std::string text = error_text<FileError>([&] { SafetensorsFile{path}; });
  const std::string start = "[safetensors] " + path + ": ";
  BOOST_CHECK_MESSAGE(text.starts_with(start), text);
  return text.substr(std::min(start.size(), text.size()));
}

/// 1 and 2 as F32.
inline const std::string one_float("\x00\x00\x80\x3f", 4), two_floats = one_float + std::string("\x00\x00\x00\x40", 4);

}  // namespace lexigrad::testing
