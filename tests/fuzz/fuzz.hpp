// fuzz.hpp: what the targets share. A target promises: whatever the bytes, the parser gives a value that keeps its
// word, or a FileError of one line. Any other exception, a broken promise and what sanitizers see end the process.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "tensor/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

using namespace lexigrad;

inline void promise(bool kept, std::string_view what) {
  if (kept) return;
  fmt::print(stderr, "broken promise: {}\n", what);
  std::abort();
}

/// Runs `parse`; true when it threw nothing. Errors have to be FileErrors with a text of one line and bearable length.
template <class Parse>
bool parsed(const Parse& parse) {
  try {
    parse();
    return true;
  } catch (const FileError& error) {
    const std::string_view text = error.what();
    promise(text.size() < 1000, "an error is short");
    for (const char c : text) promise(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "an error is one line");
    return false;
  }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace fuzz
