// gzip.cpp: unpacking any bytes; and any bytes packed and unpacked are what they were.
#include "fuzz.hpp"
#include "vectors/files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fuzz;
  using namespace lexigrad::vectors;
  const std::string_view bytes = text_of(data, size);
  parsed([&] { (void)gunzip(bytes, "fuzz"); });
  parsed([&] { (void)gunzip(bytes, "fuzz", 2); });
  promise(gunzip(gzip(bytes), "fuzz") == bytes, "what was packed is unpacked");
  return 0;
}
