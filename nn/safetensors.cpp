// safetensors.cpp: the file: opening it, reading numbers, writing it whole or not at all. Its header is read in
// safetensors_header.cpp.
#include "nn/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <concepts>
#include <new>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian; this machine is not");
constexpr std::uint64_t most_header = 100'000'000;  // the reference implementation's limit

template <class... Parts>
[[noreturn]] void fail(const std::string& path, fmt::format_string<Parts...> reason, Parts&&... parts) {
  throw FileError("safetensors", "{}: {}", path, fmt::format(reason, std::forward<Parts>(parts)...));
}

std::string system_reason() { return std::generic_category().message(errno); }

// Half precision to float: the same fraction further left; 112 more in the exponent, whose largest value means infinity
// and NaN. The product is exact, also of a subnormal.
float from_half(std::uint16_t h) {
  const std::uint32_t sign = (h & 0x8000U) << 16, rest = (h & 0x7FFFU) << 13;
  if ((h & 0x7C00U) == 0x7C00U) return std::bit_cast<float>(sign | 0x7F800000U | rest);
  return std::bit_cast<float>(sign | rest) * 0x1p112F;
}

float from_bfloat(std::uint16_t b) { return std::bit_cast<float>(static_cast<std::uint32_t>(b) << 16); }

}  // namespace

SafetensorsFile::SafetensorsFile(std::string path) : path_(std::move(path)) {
  // Without O_NONBLOCK, opening a pipe would wait for somebody to write to it.
  file_ = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file_ < 0) fail(path_, "cannot be opened ({})", system_reason());
  closing_ = std::shared_ptr<void>(nullptr, [file = file_](void*) { ::close(file); });
  struct stat status {};
  if (::fstat(file_, &status) != 0) fail(path_, "cannot be opened ({})", system_reason());
  if (!S_ISREG(status.st_mode)) {
    fail(path_, "is a {}, expected a safetensors file", S_ISDIR(status.st_mode) ? "folder" : "pipe or device");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size < 8) fail(path_, "the file has {} bytes; the header's length alone takes 8", size);
  std::uint64_t length = 0;
  read_bytes(&length, 8, 0, "the header's length");
  if (length > size - 8) fail(path_, "the header claims {} bytes; the file has {} behind its length", length, size - 8);
  if (length > most_header) fail(path_, "the header claims {} bytes; at most {} can be one", length, most_header);
  std::string header(static_cast<std::size_t>(length), '\0');
  read_bytes(header.data(), header.size(), 8, "the header");
  data_start_ = 8 + length;
  header_ = parse_safetensors_header(header, size - data_start_, path_);
}

// By position: nothing is shared between threads.
void SafetensorsFile::read_bytes(void* bytes, std::size_t count, std::uint64_t at, std::string_view what) const {
  for (auto* to = static_cast<char*>(bytes); count > 0;) {
    const ::ssize_t got = ::pread(file_, to, count, static_cast<::off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(path_, "{} cannot be read ({})", what, got == 0 ? "the file ends before them" : system_reason());
    to += got;
    at += static_cast<std::uint64_t>(got);
    count -= static_cast<std::size_t>(got);
  }
}

Tensor SafetensorsFile::read(const std::string& name) const {
  const SafetensorsEntry* entry = find(name);
  if (entry == nullptr) fail(path_, "there is no tensor {}", printable(name));
  const std::string what = "tensor " + printable(name) + ":", &dtype = entry->dtype;
  // Read in pieces, by several threads: no second copy of the tensor is made. Not mapped: a file that grows shorter is
  // then an error, where reading a mapping would end the process, and the kernel copies as fast as numbers can be
  // moved.
  const auto read_as = [&]<class Stored>(Stored, const auto& to_number) {
    try {
      Tensor result(entry->shape);
      real* numbers = result.mutable_data();
      parallel_for(result.size(), 1 << 16, [&](Index first, Index last) {
        const std::uint64_t at = data_start_ + entry->begin + static_cast<std::uint64_t>(first) * sizeof(Stored);
        const auto count = static_cast<std::size_t>(last - first);
        if constexpr (std::same_as<Stored, real>) {
          read_bytes(numbers + first, count * sizeof(real), at, what + " its bytes");
        } else {
          std::vector<Stored> stored(count);
          read_bytes(stored.data(), count * sizeof(Stored), at, what + " its bytes");
          std::transform(stored.begin(), stored.end(), numbers + first,
                         [&](Stored number) { return static_cast<real>(to_number(number)); });
        }
      });
      return result;
    } catch (const std::bad_alloc&) {  // a file with holes in it can be larger than the disk
      fail(path_, "{} there is no memory for {} numbers", what, entry->shape.size());
    }
  };
  if (dtype == "F32") return read_as(float{}, std::identity{});
  if (dtype == "F64") return read_as(double{}, std::identity{});
  if (dtype == "F16") return read_as(std::uint16_t{}, from_half);
  if (dtype == "BF16") return read_as(std::uint16_t{}, from_bfloat);
  fail(path_, "{} {} cannot be read as numbers; expected F32, F64, F16 or BF16", what, dtype);
}

void write_safetensors(const std::string& path, const std::vector<std::pair<std::string, Tensor>>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  auto header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t at = 0;
  for (const auto& [name, value] : tensors) {
    const std::uint64_t bytes = static_cast<std::uint64_t>(value.size()) * sizeof(real);
    if (name.empty() || name == "__metadata__") {
      throw ValueError("safetensors", "a tensor cannot be called {}", printable(name));
    }
    if (header.contains(name)) throw ValueError("safetensors", "two tensors are called " + printable(name));
    header[name] = {{"dtype", sizeof(real) == 4 ? "F32" : "F64"},
                    {"shape", std::vector<Index>(value.shape().begin(), value.shape().end())},
                    {"data_offsets", {at, at + bytes}}};
    at += bytes;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::type_error&) {
    throw ValueError("safetensors", "a name or the metadata is not UTF-8");
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');  // data begins at a multiple of 8, as the format asks of writers
  if (text.size() > most_header) {
    throw ValueError("safetensors", "the header would take {} bytes, at most {} can be read", text.size(), most_header);
  }
  const std::uint64_t length = text.size();
  AtomicFile file(path);
  file.write(&length, 8);
  file.write(text);
  for (const auto& [name, t] : tensors) file.write(t.data(), static_cast<std::size_t>(t.size()) * sizeof(real));
  file.commit();
}

}  // namespace lexigrad::inline LEXIGRAD_NS
