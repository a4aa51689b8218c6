// hostile_files.cpp: safetensors files made to harm the reader: to crash it, to keep it waiting, to eat its memory, to
// change under its hands. Each is refused with a FileError of one printable line, or holds what it says.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "safetensors_bytes.hpp"
#include "support/sanitized.hpp"

namespace lexigrad {
namespace {

using namespace std::string_literals;
using testing::Bytes;
using testing::error_text;
using testing::Folder;
using testing::one_float;
using testing::with_length;

// A good file: two tensors, an empty one, metadata, an escape, blanks.
const std::string good =
    with_length(R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                R"("\u00e9":{"dtype":"F16","shape":[2, 0],"data_offsets":[4,4]},)"
                R"( "b":{"data_offsets":[4,6],"shape":[1],"dtype":"BF16"}}   )",
                one_float + "\x80\x3f");

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

BOOST_AUTO_TEST_CASE(a_good_file_cut_at_any_byte_or_longer_is_refused) {
  BOOST_CHECK_EQUAL(testing::refusal(good + "x"), "the tensors cover 6 bytes of 7");
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

BOOST_AUTO_TEST_CASE(pipes_devices_and_folders_are_refused_at_once) {
  const Folder folder;
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
  const Folder folder;
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
#if !LEXIGRAD_SANITIZED  // their shadow memory is beyond any limit
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
  const Folder folder;
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
  const Folder folder;
  const std::string path = folder.file("x.safetensors");
  const std::string bytes = with_length(R"({"a":{"dtype":"F32","shape":[1073741824],"data_offsets":[0,4294967296]}})");
  testing::write(path, bytes);
  std::filesystem::resize_file(path, bytes.size() + (std::size_t{1} << 32));  // a hole of 4 GiB
#if !LEXIGRAD_SANITIZED
  BOOST_CHECK_EQUAL(refusal_within(64 << 20, path, true), "tensor a: there is no memory for 1073741824 numbers");
#endif
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
