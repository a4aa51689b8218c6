// gzip.cpp: packing and unpacking with zlib, which does the work and the checks (CRC-32 and length of each member).
#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <zlib.h>

#include "tensor/error.hpp"
#include "vectors/files.hpp"

namespace lexigrad::vectors {
namespace {

constexpr int gzip_window = 15 + 16;  // the largest window; 16: gzip's header, not zlib's
constexpr std::size_t piece = std::size_t{1} << 18;

// An inflating stream, ended when it goes.
struct Inflater {
  z_stream stream{};
  Inflater() {
    if (inflateInit2(&stream, gzip_window) != Z_OK) throw FileError("gunzip", "zlib has no memory");
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

[[noreturn]] void fail(const std::string& path, std::string_view reason) {
  throw FileError("gunzip", fmt::format("{}: {}", path, reason));
}

// zlib counts in 32 bits: longer input is handed over in pieces.
void feed(z_stream& stream, std::string_view& rest) {
  if (stream.avail_in > 0 || rest.empty()) return;
  const std::size_t count = std::min<std::size_t>(rest.size(), std::size_t{1} << 30);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
  stream.avail_in = static_cast<uInt>(count);
  rest.remove_prefix(count);
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

std::string gunzip(std::string_view bytes, const std::string& path, long lines) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  std::string out;
  std::size_t used = 0;
  bool wants_all = lines <= 0;
  for (bool done = false; !done;) {
    feed(stream, bytes);
    if (out.size() < used + piece) out.resize(std::max(used + piece, out.size() + out.size() / 2));
    const std::size_t room = std::min<std::size_t>(out.size() - used, std::size_t{1} << 30);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = room - stream.avail_out;
    if (!wants_all)
      lines -= std::count(out.begin() + static_cast<long>(used), out.begin() + static_cast<long>(used + made), '\n');
    used += made;
    if (!wants_all && lines <= 0) break;
    if (status == Z_STREAM_END) {
      feed(stream, bytes);
      done = stream.avail_in == 0;  // else another member follows
      if (!done && inflateReset(&stream) != Z_OK) fail(path, "zlib cannot go on");
    } else if (status == Z_BUF_ERROR && stream.avail_in == 0) {
      fail(path, "the gzip data end in the middle; is the file cut?");
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail(path,
           fmt::format("the gzip data are damaged ({})", stream.msg != nullptr ? stream.msg : "unexpected bytes"));
    }
  }
  out.resize(used);
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int level = 6, memory = 8;
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw FileError("gzip", "zlib has no memory");
  }
  std::string out;
  for (int status = Z_OK; status != Z_STREAM_END;) {
    feed(stream, bytes);
    const std::size_t used = out.size();
    out.resize(used + piece);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(piece);
    status = deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
    out.resize(used + piece - stream.avail_out);
  }
  deflateEnd(&stream);
  return out;
}

}  // namespace lexigrad::vectors
