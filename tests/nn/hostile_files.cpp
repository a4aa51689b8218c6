// hostile_files.cpp: safetensors files made to harm the reader: to crash it, to keep it waiting, to eat its memory, to
// be read in two ways. Each is refused with a FileError of one printable line, or holds what it says.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "nn/checkpoint.hpp"
#include "safetensors_bytes.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

namespace lexigrad {
namespace {

using namespace std::string_literals;
using testing::error_text;
using testing::Folder;
using testing::one_float;
using testing::refusal;
using testing::two_floats;
using testing::with_length;

// A header of one F32 tensor with these fields, and its refusal.
std::string entry_refusal(const std::string& shape, const std::string& offsets, const std::string& data = one_float) {
  return refusal(with_length(R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}", data));
}

std::string header_refusal(const std::string& header) { return refusal(with_length(header, one_float)); }

const std::string field = R"("dtype":"F32","shape":[],"data_offsets":[0,4])";

// A good file: two tensors, an empty one, metadata, an escape, blanks.
const std::string good =
    with_length(R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                R"("\u00e9":{"dtype":"F16","shape":[2, 0],"data_offsets":[4,4]},)"
                R"( "b":{"data_offsets":[4,6],"shape":[1],"dtype":"BF16"}}   )",
                one_float + "\x80\x3f");

// A file in memory, one byte of which can be changed at a time.
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

// Reads everything that can be read; true when the file was taken. Any exception but a FileError ends the test.
bool taken(const std::string& path) {
  try {
    const SafetensorsFile file(path);
    for (const SafetensorsEntry& entry : file.entries()) {
      if (!entry.dtype.starts_with("F8") && (entry.dtype[0] == 'F' || entry.dtype == "BF16")) {
        BOOST_REQUIRE_EQUAL(file.read(entry.name).size(), entry.shape.size());
      }
      BOOST_REQUIRE(file.find(entry.name) == &entry);
    }
    return true;
  } catch (const FileError& error) {
    const std::string text = error.what();
    const auto unprintable = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    BOOST_REQUIRE_MESSAGE(std::none_of(text.begin(), text.end(), unprintable), text);
    return false;
  }
}

BOOST_AUTO_TEST_SUITE(hostile_files)

BOOST_AUTO_TEST_CASE(a_good_file_cut_at_any_byte_is_refused) {
  const Bytes file(good);
  BOOST_REQUIRE(taken(file.path()));
  for (std::size_t size = good.size(); size-- > 0;) {
    file.cut(size);
    BOOST_CHECK_MESSAGE(!taken(file.path()), "cut to " << size);
  }
}

BOOST_AUTO_TEST_CASE(any_byte_changed_to_any_other_gives_a_file_or_an_error) {
  const Bytes file(good);
  int loaded = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int flip = 1; flip < 256; ++flip) {
      file.set(at, std::string(1, static_cast<char>(good[at] ^ flip)));
      loaded += taken(file.path()) ? 1 : 0;
    }
    file.set(at, good.substr(at, 1));
  }
  BOOST_TEST_MESSAGE(loaded << " of " << good.size() * 255 << " were taken");
  BOOST_CHECK_GT(loaded, 1000);  // other data, names and metadata
  BOOST_CHECK(taken(file.path()));
}

BOOST_AUTO_TEST_CASE(trailing_bytes_are_refused) {
  BOOST_CHECK_EQUAL(refusal(good + "x"), "the tensors cover 6 bytes of 7");
  BOOST_CHECK_EQUAL(header_refusal("{" + ("\"a\":{" + field + "}") + "} x"),
                    "byte 54 of the header stands behind its end");
  BOOST_CHECK_EQUAL(header_refusal("{" + ("\"a\":{" + field + "}") + "}\0"s),
                    "byte 53 of the header stands behind its end");
  BOOST_CHECK_EQUAL(header_refusal("\xEF\xBB\xBF{}"), "expected '{' at byte 0 of the header");
}

BOOST_AUTO_TEST_CASE(numbers_are_whole_and_fit) {
  for (const char* number : {"-1", "-0", "+4", "4.0", "4e0", "1E400", "1e400", "04", "18446744073709551616", "4.",
                             "9223372036854775807", "null", "true", "\"4\"", "[4]", "{}", "NaN", "Infinity", ","}) {
    BOOST_TEST_CONTEXT(number) {
      const std::string reason = " is not a whole number from 0 to 2^62", n = number;
      BOOST_CHECK_EQUAL(entry_refusal("[" + n + "]", "[0,4]"), "tensor a: an axis" + reason);
      BOOST_CHECK_EQUAL(entry_refusal("[1]", "[" + n + ",4]"), "tensor a: an offset" + reason);
      BOOST_CHECK_EQUAL(entry_refusal("[1]", "[0," + n + "]"), "tensor a: an offset" + reason);
    }
  }
  BOOST_CHECK_EQUAL(entry_refusal("[0x1]", "[0,4]"), "tensor a: expected ']' at byte 30 of the header");
  BOOST_CHECK_EQUAL(entry_refusal("[1 1]", "[0,4]"), "tensor a: expected ']' at byte 31 of the header");
  BOOST_CHECK_EQUAL(entry_refusal("1", "[0,4]"), "tensor a: expected '[' at byte 28 of the header");
  BOOST_CHECK_EQUAL(entry_refusal("[1]", "[0]"), "tensor a: expected ',' at byte 49 of the header");
  BOOST_CHECK_EQUAL(entry_refusal("[1]", "[0,4,4]"), "tensor a: expected ']' at byte 51 of the header");
}

BOOST_AUTO_TEST_CASE(sizes_whose_product_overflows_are_refused) {
  const auto uncountable = [](const std::string& shape) {
    BOOST_CHECK_EQUAL(entry_refusal(shape, "[0,4]"), "tensor a: " + shape + " holds more numbers than can be counted");
  };
  uncountable("[4294967296, 4294967296]");                            // 2^64, which is 0 in 64 bits
  uncountable("[8589934593, 8589934593]");                            // 2^66 + 2^34 + 1 is 2^34 + 1 in 64 bits
  uncountable("[0, 4611686018427387904, 4611686018427387904]");       // a zero hides nothing
  BOOST_CHECK_EQUAL(entry_refusal("[4611686018427387904]", "[0,4]"),  // 2^62 numbers of 4 bytes are 0 bytes in 64 bits
                    "tensor a: its shape [4611686018427387904] of F32 takes other than the 4 bytes it has");
  BOOST_CHECK_EQUAL(entry_refusal("[4611686018427387904]", "[0,0]", ""),
                    "tensor a: its shape [4611686018427387904] of F32 takes other than the 0 bytes it has");
  BOOST_CHECK_EQUAL(
      entry_refusal("[1]", "[4611686018427387900,4611686018427387904]"),
      "tensor a: bytes 4611686018427387900 to 4611686018427387904 do not lie in the file's 4 bytes of data");
}

BOOST_AUTO_TEST_CASE(ranges_that_are_holed_shared_or_not_whole_numbers_are_refused) {
  const auto two = [](const std::string& first, const std::string& second, const std::string& shape = "[1]") {
    return refusal(with_length(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":)" + first +
                                   R"(},"b":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + second + "}}",
                               two_floats));
  };
  BOOST_CHECK_EQUAL(two("[0,4]", "[0,4]"),
                    "tensor b: begins at byte 0 where 4 was expected (it overlaps the one before)");
  BOOST_CHECK_EQUAL(two("[4,8]", "[2,6]"), "tensor b: begins at byte 2 where 0 was expected (a hole)");
  BOOST_CHECK_EQUAL(two("[0,4]", "[2,2]", "[0]"),
                    "tensor b: begins at byte 2 where 4 was expected (it overlaps the one before)");
  BOOST_CHECK_EQUAL(two("[0,4]", "[8,8]", "[0]"), "tensor b: begins at byte 8 where 4 was expected (a hole)");
  BOOST_CHECK_EQUAL(two("[0,4]", "[4,7]"), "tensor b: its shape [1] of F32 takes other than the 3 bytes it has");
  BOOST_CHECK_EQUAL(two("[0,4]", "[8,4]"), "tensor b: bytes 8 to 4 do not lie in the file's 8 bytes of data");
  BOOST_CHECK_EQUAL(two("[0,4]", "[5,9]"), "tensor b: bytes 5 to 9 do not lie in the file's 8 bytes of data");
}

BOOST_AUTO_TEST_CASE(tensors_of_no_numbers_are_taken_wherever_nothing_is_cut) {
  const Bytes file(with_length(R"({"c":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},)"
                               R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                               R"("b":{"dtype":"I8","shape":[3,0,4611686018427387],"data_offsets":[0,0]}})",
                               one_float));
  const SafetensorsFile read(file.path());
  BOOST_CHECK_EQUAL(read.entries()[0].name + read.entries()[1].name + read.entries()[2].name, "bac");
  BOOST_CHECK_EQUAL(read.read("c").size(), 0);
}

BOOST_AUTO_TEST_CASE(what_stands_twice_or_does_not_belong_is_refused) {
  const std::string a = "\"a\":{" + field + "}";
  BOOST_CHECK_EQUAL(header_refusal("{" + a + "," + a + "}"), "the header names a twice");
  BOOST_CHECK_EQUAL(header_refusal("{" + a + R"(,"\u0061":{)" + field + "}}"), "the header names a twice");
  BOOST_CHECK_EQUAL(header_refusal("{\"a\":{" + field + R"(,"dtype":"F32"}})"), "tensor a: dtype stands twice");
  BOOST_CHECK_EQUAL(header_refusal("{\"a\":{" + field + R"(,"shape":[]}})"), "tensor a: shape stands twice");
  BOOST_CHECK_EQUAL(header_refusal("{\"a\":{" + field + R"(,"data_offsets":[0,4]}})"),
                    "tensor a: data_offsets stands twice");
  BOOST_CHECK_EQUAL(header_refusal("{\"a\":{" + field + R"(,"Shape":[]}})"),
                    "tensor a: expected dtype, shape and data_offsets, not Shape");
  BOOST_CHECK_EQUAL(header_refusal(R"({"a":{"dtype":"F32","shape":[]}})"),
                    "tensor a: expected dtype, shape and data_offsets");
  BOOST_CHECK_EQUAL(header_refusal(R"({"__metadata__":{"k":"","k":""}})"), "__metadata__: k: stands twice");
  BOOST_CHECK_EQUAL(header_refusal(R"({"__metadata__":{},"__metadata__":{}})"), "the header names __metadata__ twice");
  BOOST_CHECK_EQUAL(header_refusal("{" + a + ",}"), "expected '\"' at byte 53 of the header");
  BOOST_CHECK_EQUAL(header_refusal("{" + a + " " + a + "}"), "expected '}' at byte 53 of the header");
}

BOOST_AUTO_TEST_CASE(metadata_is_an_object_of_strings) {
  for (const char* wrong : {"null", "[]", "3", "\"text\"", "true"}) {
    BOOST_CHECK_EQUAL(header_refusal(R"({"__metadata__":)"s + wrong + "}"),
                      "__metadata__: expected '{' at byte 16 of the header");
  }
  for (const char* wrong : {"null", "[]", "3", "{}", "{\"k\":\"v\"}"}) {
    BOOST_CHECK_EQUAL(header_refusal(R"({"__metadata__":{"k":)"s + wrong + "}}"),
                      "__metadata__: k: expected '\"' at byte 21 of the header");
  }
}

BOOST_AUTO_TEST_CASE(names_that_cannot_be_printed_are_written_out) {
  const auto named = [](const std::string& name) { return header_refusal("{\"" + name + "\":3}"); };
  BOOST_CHECK_EQUAL(named(R"(a\u0000\nb\u001b[2J\u202e)"),
                    "tensor a\\x00\\x0Ab\\x1B[2J\\xE2\\x80\\xAE: expected '{' at byte 29 of the header");
  BOOST_CHECK_EQUAL(named(R"(\ud83d\ude00\/\b\f\r\t\\)"),
                    "tensor \U0001F600/\\x08\\x0C\\x0D\\x09\\: expected '{' at byte 28 of the header");
  BOOST_CHECK_EQUAL(named(""), "tensor \"\": the name is empty");
  BOOST_CHECK_EQUAL(
      named(std::string(10'000'000, 'n')),
      fmt::format("tensor {:n>64}... (10000000 bytes): expected '{{' at byte 10000004 of the header", "n"));
  BOOST_CHECK_EQUAL(header_refusal(R"({"a":{"dtype":"\u001b]0;\u0007","shape":[],"data_offsets":[0,4]}})"),
                    "tensor a: the type \\x1B]0;\\x07 is not known");
}

BOOST_AUTO_TEST_CASE(names_that_are_not_text_are_refused) {
  const auto named = [](const std::string& name) { return header_refusal("{\"" + name + "\":{" + field + "}}"); };
  BOOST_CHECK_EQUAL(named("a\0b"s), "byte 3 of the header, 0x00, is a control character");
  BOOST_CHECK_EQUAL(named("a\nb"), "byte 3 of the header, 0x0A, is a control character");
  for (const char* bytes : {"\xFF", "\x80", "\xC3", "\xC0\x80", "\xE4\xB8", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    BOOST_CHECK_EQUAL(named(bytes), fmt::format("byte 2 of the header, 0x{:02X}, is not UTF-8",
                                                static_cast<unsigned char>(bytes[0])));
  }
  for (const char* escape : {"\\x", "\\u", "\\u12", "\\u123g", "\\ud800", "\\ud800x", "\\ud800\\n", "\\ud800\\u0041",
                             "\\ud800\\ud800", "\\udc00", "\\u+123", "\\u-123", "\\u 123", "\\U0041"}) {
    BOOST_CHECK_EQUAL(named(escape), "byte 2 of the header begins no character");
  }
  BOOST_CHECK_EQUAL(header_refusal("{\"a"), "the header ends within a string");
  BOOST_CHECK_EQUAL(header_refusal("{\"a\\"), "the header ends within a string");
  BOOST_CHECK_EQUAL(header_refusal("{\"a\\u00"), "byte 3 of the header begins no character");
}

// For every parameter that a file lacks, a tensor without a name would have been taken.
BOOST_AUTO_TEST_CASE(a_tensor_without_a_name_is_nobodys_parameter) {
  const Bytes file(with_length(R"({"":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}})", one_float));
  testing::TiedPair model(zeros({1, 1}));
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { load(file.path(), model); }),
                    "[safetensors] " + file.path() + ": tensor \"\": the name is empty");
  BOOST_CHECK_EQUAL(model.wte.weight.value().item(), 0);
}

BOOST_AUTO_TEST_CASE(a_load_that_fails_says_so_on_one_short_line) {
  std::string header = "{";
  for (int i = 0; i < 3000; ++i) {
    header += fmt::format(R"("\u001b{}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}},)", i);
  }
  header.back() = '}';
  const Bytes file(with_length(header));
  testing::TiedPair model(zeros({1, 1}));
  const std::string text = error_text<FileError>([&] { load(file.path(), model); });
  const std::string start = "[load] " + file.path() + ": missing: wte.weight; unexpected: \\x1B0, \\x1B1, ";
  BOOST_CHECK_EQUAL(text.substr(0, start.size()), start);
  BOOST_CHECK_MESSAGE(text.ends_with("and 2990 more"), text);
}

BOOST_AUTO_TEST_CASE(two_hundred_thousand_brackets_need_no_stack) {
  const std::string open(200'000, '['), braces(200'000, '{');
  BOOST_CHECK_EQUAL(header_refusal(open), "expected '{' at byte 0 of the header");
  BOOST_CHECK_EQUAL(header_refusal(R"({"a":)" + open), "tensor a: expected '{' at byte 5 of the header");
  BOOST_CHECK_EQUAL(header_refusal(R"({"a":)" + braces), "tensor a: expected '\"' at byte 6 of the header");
  BOOST_CHECK_EQUAL(entry_refusal(open, "[0,4]"), "tensor a: an axis is not a whole number from 0 to 2^62");
  BOOST_CHECK_EQUAL(header_refusal(R"({"a":{"x":)" + open), "tensor a: expected dtype, shape and data_offsets, not x");
  BOOST_CHECK_EQUAL(header_refusal(R"({"__metadata__":{"k":)" + open),
                    "__metadata__: k: expected '\"' at byte 21 of the header");
  const Bytes file(
      with_length(R"({"__metadata__":{"k":")" + open + R"("},")" + braces + "\":{" + field + "}}", one_float));
  const SafetensorsFile read(file.path());  // within strings they are text
  BOOST_CHECK_EQUAL(read.metadata().at("k").size(), open.size());
  BOOST_CHECK_EQUAL(read.read(braces).item(), 1);
}

BOOST_AUTO_TEST_CASE(pipes_devices_and_folders_are_refused_at_once) {
  const Folder folder("hostile-kinds");
  const std::string pipe = folder.file("pipe"), loop = folder.file("loop"), link = folder.file("link");
  BOOST_REQUIRE_EQUAL(::mkfifo(pipe.c_str(), 0600), 0);
  std::filesystem::create_symlink(loop, loop);
  std::filesystem::create_symlink(pipe, link);
  const auto text = [](const std::string& path) {
    return error_text<FileError>([&] { SafetensorsFile{path}; }).substr(("[safetensors] " + path + ": ").size());
  };
  for (const std::string& path : {pipe, link, "/dev/zero"s, "/dev/null"s, "/dev/random"s}) {
    BOOST_CHECK_EQUAL(text(path), "is a pipe or device, expected a safetensors file");
  }
  BOOST_CHECK_EQUAL(text("/"), "is a folder, expected a safetensors file");
  BOOST_CHECK_EQUAL(text(loop), "cannot be opened (Too many levels of symbolic links)");
  BOOST_CHECK_EQUAL(text(pipe + "/x"), "cannot be opened (Not a directory)");
  BOOST_CHECK_EQUAL(text(""), "cannot be opened (No such file or directory)");
  const std::string secret = folder.file("secret");
  testing::write(secret, good);
  ::chmod(secret.c_str(), 0);
  if (::geteuid() != 0) BOOST_CHECK_EQUAL(text(secret), "cannot be opened (Permission denied)");  // root reads it
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_after_it_was_opened_is_noticed) {
  const Bytes file(good);
  const SafetensorsFile read(file.path());
  file.cut(good.size() - 3);  // 3 of a's 4 bytes are left
  BOOST_CHECK_EQUAL(
      error_text<FileError>([&] { (void)read.read("a"); }),
      "[safetensors] " + file.path() + ": tensor a: its bytes cannot be read (the file ends before them)");
}

BOOST_AUTO_TEST_CASE(a_file_renamed_over_an_open_one_changes_nothing) {
  const Folder folder("hostile-rename");
  const std::string path = folder.file("x.safetensors");
  write_safetensors(path, {{"x", ones({3})}});
  const SafetensorsFile read(path);
  write_safetensors(path, {{"longer", zeros({9})}, {"x", zeros({3})}});
  testing::check_close(read.read("x"), {1, 1, 1}, 0, 0);
}

// Runs in a process of its own that may take `limit` bytes more than it has; the text of the FileError, or of another.
std::string refusal_within([[maybe_unused]] std::size_t limit, const std::string& path, bool read = false) {
  int ends[2];
  BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
  const ::pid_t child = ::fork();
  if (child == 0) {
#ifndef SANITIZED  // their shadow memory is beyond any limit
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const ::rlim_t most = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + limit;
    const rlimit tight{most, most};
    ::setrlimit(RLIMIT_AS, &tight);
#endif
    std::string text = "taken";
    try {
      const SafetensorsFile file(path);
      if (read) (void)file.read("a");
    } catch (const FileError& error) {
      text = error.reason().substr(path.size() + 2);
    } catch (const std::exception& error) {
      text = error.what();
    }
    const auto written = ::write(ends[1], text.data(), text.size());
    ::_exit(written > 0 ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text(1000, '\0');
  text.resize(static_cast<std::size_t>(std::max<::ssize_t>(::read(ends[0], text.data(), text.size()), 0)));
  ::close(ends[0]);
  int status = 0;
  BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
  BOOST_CHECK(WIFEXITED(status));
  return text;
}

constexpr std::size_t little = 4 << 20;

BOOST_AUTO_TEST_CASE(what_a_header_claims_takes_no_memory) {
  const Folder folder("hostile-memory");
  const std::string path = folder.file("x.safetensors");
  const auto refused = [&](const std::string& bytes, std::size_t size = 0, std::size_t limit = little) {
    testing::write(path, bytes);
    if (size > 0) std::filesystem::resize_file(path, size);  // with a hole: it takes no disk
    return refusal_within(limit, path);
  };
  BOOST_CHECK_EQUAL(refused("\x00\xe1\xf5\x05\0\0\0\0{}"s),
                    "the header claims 100000000 bytes; the file has 2 behind its length");
  BOOST_CHECK_EQUAL(refused("\x01\xe1\xf5\x05\0\0\0\0{}"s, std::size_t{1} << 40),
                    "the header claims 100000001 bytes; at most 100000000 can be one");
  const auto shaped = [](const std::string& shape, const std::string& end) {
    return with_length(R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,)" + end + "]}}", one_float);
  };
  BOOST_CHECK_EQUAL(refused(shaped("[250000000000]", "1000000000000")),
                    "tensor a: bytes 0 to 1000000000000 do not lie in the file's 4 bytes of data");
  BOOST_CHECK_EQUAL(refused(shaped("[250000000000]", "4")),
                    "tensor a: its shape [250000000000] of F32 takes other than the 4 bytes it has");
  // Headers that are as long as they say: they are read whole, and nothing is built of what does not belong.
  constexpr std::size_t million = 1'000'000;
  std::string brackets = "{\"a\":[";
  for (std::size_t i = 0; i < 2 * million; ++i) brackets += "[],";
  BOOST_CHECK_EQUAL(refused(with_length(brackets), 0, brackets.size() + little),
                    "tensor a: expected '{' at byte 5 of the header");
  const std::string name(8 * million, 'n');  // with room for two powers of two while the name grows
  BOOST_CHECK_EQUAL(refused(with_length("{\"" + name), 0, 4 * name.size() + little), "the header ends within a string");
  std::string empties = "{";
  for (int i = 0; i < 80000; ++i) {
    empties += fmt::format(R"("{}":{{"dtype":"I8","shape":[0],"data_offsets":[0,0]}},)", i);
  }
  empties.back() = '}';
  BOOST_CHECK_EQUAL(refused(with_length(empties), 0, 10 * empties.size()), "taken");
}

BOOST_AUTO_TEST_CASE(a_tensor_larger_than_memory_is_named) {
  const Folder folder("hostile-huge");
  const std::string path = folder.file("x.safetensors");
  const std::string bytes = with_length(R"({"a":{"dtype":"F32","shape":[1073741824],"data_offsets":[0,4294967296]}})");
  testing::write(path, bytes);
  std::filesystem::resize_file(path, bytes.size() + (std::size_t{1} << 32));  // a hole of 4 GiB
#ifndef SANITIZED
  BOOST_CHECK_EQUAL(refusal_within(64 << 20, path, true), "tensor a: there is no memory for 1073741824 numbers");
#endif
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
