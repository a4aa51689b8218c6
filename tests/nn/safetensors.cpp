// safetensors.cpp: files that are good, files that lie, number formats, and writing that never leaves half a file.
// The bytes of the bad files are those of the shared cases, typed in.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <limits>

#include "nn/safetensors.hpp"
#include "support.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using namespace std::string_literals;
using testing::check_close;
using testing::contents;
using testing::error_text;
using testing::Folder;

// 8 bytes of length, the header, the data.
std::string with_length(const std::string& header, const std::string& data = "") {
  std::string bytes(8, '\0');
  for (std::size_t i = 0, n = header.size(); i < 8; ++i, n >>= 8) bytes[i] = static_cast<char>(n & 0xFF);
  return bytes + header + data;
}

// The reason alone: what stands behind "[safetensors] <path>: ".
std::string refusal(const std::string& bytes) {
  const Folder folder("st-bad");
  const std::string path = folder.file("x.safetensors");
  testing::write(path, bytes);
  const std::string text = error_text<FileError>([&] { SafetensorsFile{path}; });
  const std::string start = "[safetensors] " + path + ": ";
  BOOST_CHECK_MESSAGE(text.starts_with(start), text);
  return text.substr(std::min(start.size(), text.size()));
}

const std::string one_float = "\x00\x00\x80\x3f"s, two_floats = one_float + "\x00\x00\x00\x40"s;

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_AUTO_TEST_CASE(a_good_file_D088) {
  const Folder folder("st-good");
  const std::string path = folder.file("ok.safetensors");
  testing::write(path, "p\0\0\0\0\0\0\0"s +
                           R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
                           R"("b":{"dtype":"F32","shape":[3],"data_offsets":[16,28]}})" +
                           "\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40\x00\x00\x80\x40"s
                           "\x00\x00\xa0\x40\x00\x00\xc0\x40\x00\x00\xe0\x40"s);
  const SafetensorsFile file(path);
  BOOST_CHECK_EQUAL(file.entries().size(), 2U);
  check_close(file.read("a"), tensor({2, 2}, {1, 2, 3, 4}), 0, 0);
  check_close(file.read("b"), tensor({3}, {5, 6, 7}), 0, 0);
  BOOST_CHECK(file.find("c") == nullptr);
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { (void)file.read("c"); }),
                    "[safetensors] " + path + ": there is no tensor c");
}

BOOST_AUTO_TEST_CASE(a_header_length_that_lies_is_refused_D089) {
  BOOST_CHECK_EQUAL(refusal("@B\x0f\0\0\0\0\0{}"s),
                    "the header claims 1000000 bytes; the file has 2 behind its length");
  BOOST_CHECK_EQUAL(refusal("\xff\xff\xff\xff\xff\xff\xff\xff{}"s),
                    "the header claims 18446744073709551615 bytes; the file has 2 behind its length");
  BOOST_CHECK_EQUAL(refusal("\x01\x02"s), "the file has 2 bytes; the header's length alone takes 8");
  BOOST_CHECK_EQUAL(refusal(""s), "the file has 0 bytes; the header's length alone takes 8");
}

BOOST_AUTO_TEST_CASE(offsets_that_lie_are_refused_D089) {
  BOOST_CHECK_EQUAL(
      refusal("8\0\0\0\0\0\0\0"s + R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}  )" + two_floats),
      "tensor a: bytes 8 to 0 do not lie in the file's 8 bytes of data");
  BOOST_CHECK_EQUAL(
      refusal("8\0\0\0\0\0\0\0"s + R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}} )" + two_floats),
      "tensor a: bytes 8 to 16 do not lie in the file's 8 bytes of data");
  BOOST_CHECK_EQUAL(refusal("p\0\0\0\0\0\0\0"s +
                            R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                            R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}    )" +
                            two_floats + "\x00\x00\x40\x40"s),
                    "tensor b: begins at byte 4 where 8 was expected (it overlaps the one before)");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", two_floats)),
                    "tensor a: begins at byte 4 where 0 was expected (a hole)");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", two_floats)),
                    "the tensors cover 4 bytes of 8");
}

BOOST_AUTO_TEST_CASE(a_shape_larger_than_its_bytes_is_refused_D089) {
  BOOST_CHECK_EQUAL(
      refusal("@\0\0\0\0\0\0\0"s + R"({"a":{"dtype":"F32","shape":[1000,1000],"data_offsets":[0,4]}}  )" + one_float),
      "tensor a: its shape [1000, 1000] of F32 takes other than the 4 bytes it has");
  const auto shaped = [](const std::string& shape) {
    return refusal(with_length(R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,4]}})", one_float));
  };
  BOOST_CHECK(shaped("[4611686018427387904,4611686018427387904]").find("more numbers than can be counted") !=
              std::string::npos);
  BOOST_CHECK_EQUAL(shaped("[18446744073709551615]"), "tensor a: an axis of 18446744073709551615");
  BOOST_CHECK_EQUAL(shaped("[-1]"), "tensor a: an axis is not a whole number");
  BOOST_CHECK_EQUAL(shaped("[1.0]"), "tensor a: an axis is not a whole number");
  BOOST_CHECK_EQUAL(shaped("[1,1,1,1,1,1,1,1,1]"), "tensor a: 9 axes, at most 8 can be read");
}

BOOST_AUTO_TEST_CASE(a_header_that_is_not_one_is_refused) {
  BOOST_CHECK_EQUAL(refusal(with_length("{\"a\":")), "the header is not JSON");
  BOOST_CHECK_EQUAL(refusal(with_length("[]")), "the header is not a JSON object");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"a":3})")), "tensor a: expected dtype, shape and two data_offsets");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"a":{"dtype":"F33","shape":[],"data_offsets":[0,4]}})", one_float)),
                    "tensor a: the type F33 is not known");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"__metadata__":{"step":3}})")), "__metadata__: step is not a string");
  const std::string entry = R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]})";
  BOOST_CHECK_EQUAL(refusal(with_length("{" + entry + "," + entry + "}", one_float)), "the header names a twice");
}

BOOST_AUTO_TEST_CASE(two_hundred_thousand_brackets_need_no_stack) {
  BOOST_CHECK_EQUAL(refusal(with_length(std::string(200000, '['))), "the header is nested too deeply to be one");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"a":)" + std::string(200000, '{'))),
                    "the header is nested too deeply to be one");
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_are_named) {
  const Folder folder("st-none");
  const std::string none = folder.file("none"), here = folder.file(".");
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { SafetensorsFile{none}; }),
                    "[safetensors] " + none + ": cannot be opened");
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { SafetensorsFile{here}; }),
                    "[safetensors] " + here + ": is a folder, expected a safetensors file");
}

// 1, -2, the largest half 65504, the smallest 2^-24, infinity, NaN; 1, -2 and π cut to 8 bits; 0.1 in double.
BOOST_AUTO_TEST_CASE(halves_bfloats_and_doubles_are_converted) {
  const Folder folder("st-types");
  const std::string path = folder.file("types.safetensors");
  testing::write(path,
                 with_length(R"({"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},)"
                             R"("h":{"dtype":"F16","shape":[6],"data_offsets":[8,20]},)"
                             R"("b":{"dtype":"BF16","shape":[3],"data_offsets":[20,26]},)"
                             R"("i":{"dtype":"I64","shape":[1],"data_offsets":[26,34]}})",
                             "\x9a\x99\x99\x99\x99\x99\xb9\x3f"s + "\x00\x3c\x00\xc0\xff\x7b\x01\x00\x00\x7c\x00\x7e"s +
                                 "\x80\x3f\x00\xc0\x49\x40"s + "\x01\0\0\0\0\0\0\0"s));
  const SafetensorsFile file(path);
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  check_close(file.read("d"), {0.1}, 1e-7, 0);
  check_close(file.read("h"), {1, -2, 65504, 0x1p-24, inf, nan}, 0, 0);
  check_close(file.read("b"), {1, -2, 3.140625}, 0, 0);
  BOOST_CHECK_EQUAL(
      error_text<FileError>([&] { (void)file.read("i"); }),
      "[safetensors] " + path + ": tensor i: I64 cannot be read as numbers; expected F32, F64, F16 or BF16");
}

BOOST_AUTO_TEST_CASE(a_transposed_tensor_is_written_in_its_own_order_D090) {
  const Folder folder("st-t");
  const std::string path = folder.file("t.safetensors");
  write_safetensors(path, {{"x", transpose(tensor({2, 3}, {0, 1, 2, 3, 4, 5}))}});
  check_close(SafetensorsFile(path).read("x"), tensor({3, 2}, {0, 3, 1, 4, 2, 5}), 0, 0);
  const std::string bytes = contents(path);
  const std::size_t length = static_cast<unsigned char>(bytes[0]) + 256U * static_cast<unsigned char>(bytes[1]);
  BOOST_CHECK_EQUAL(length % 8, 0U);
  BOOST_CHECK_EQUAL(bytes.size(), 8 + length + 6 * sizeof(real));
  real first_but_one = 0;
  std::memcpy(&first_but_one, bytes.data() + 8 + length + sizeof(real), sizeof(real));
  BOOST_CHECK_EQUAL(first_but_one, 3);
}

BOOST_AUTO_TEST_CASE(what_was_written_is_read_bit_for_bit) {
  const Folder folder("st-round");
  const std::string path = folder.file("é 中 b.safetensors");
  const Tensor a = testing::sample({17, 5}), none = zeros({0, 3}), number = scalar(0.1);
  write_safetensors(path, {{"a", a}, {"none", none}, {"deep.er.0", number}, {"\"q\"\n", a}},
                    {{"step", "12"}, {"é", "\"中\""}});
  const SafetensorsFile file(path);
  BOOST_CHECK(testing::same_bits(file.read("a"), a));
  BOOST_CHECK(testing::same_bits(file.read("\"q\"\n"), a));
  BOOST_CHECK_EQUAL(to_string(file.read("none").shape()), "[0, 3]");
  BOOST_CHECK(testing::same_bits(file.read("deep.er.0"), number));
  BOOST_CHECK_EQUAL(file.metadata().at("step"), "12");
  BOOST_CHECK_EQUAL(file.metadata().at("é"), "\"中\"");
}

BOOST_AUTO_TEST_CASE(a_save_that_fails_leaves_the_old_file_and_no_temporary_one) {
  const Folder folder("st-atomic");
  const std::string path = folder.file("x.safetensors");
  write_safetensors(path, {{"x", ones({3})}});
  const std::string before = contents(path);
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] {
                      write_safetensors(path, {{"x", ones({3})}, {"x", ones({3})}});
                    }),
                    "[safetensors] two tensors are called x");
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{20000, old.rlim_max};
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &tight);  // the disk is full after 20 kB
  std::string text;
  try {
    write_safetensors(path, {{"x", zeros({100000})}});
  } catch (const FileError& error) {
    text = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, previous);
  BOOST_CHECK_EQUAL(text, "[write] " + path + ": writing failed (File too large)");
  BOOST_CHECK(contents(path) == before);
  BOOST_CHECK_EQUAL(folder.count(), 1);
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_written_is_named_and_nothing_is_left) {
  const Folder folder("st-path");
  const std::string missing = folder.file("no/such/x"), taken = folder.file("taken");
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { write_safetensors(missing, {}); }),
                    "[write] " + missing + ": cannot be written (No such file or directory)");
  std::filesystem::create_directories(taken + "/inside");
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { write_safetensors(taken, {}); }),
                    "[write] " + taken + ": cannot be written (Is a directory)");
  BOOST_CHECK_EQUAL(folder.count(), 1);
}

BOOST_AUTO_TEST_CASE(a_link_is_followed_and_a_pipe_is_written_to) {
  const Folder folder("st-link");
  const std::string target = folder.file("target"), link = folder.file("link"), pipe = folder.file("pipe");
  write_safetensors(target, {{"x", ones({3})}});
  std::filesystem::create_symlink(target, link);
  write_safetensors(link, {{"x", zeros({3})}});
  BOOST_CHECK(std::filesystem::is_symlink(link));
  check_close(SafetensorsFile(target).read("x"), {0, 0, 0}, 0, 0);
  BOOST_REQUIRE_EQUAL(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK);
  BOOST_REQUIRE_GE(reader, 0);
  write_safetensors(pipe, {{"x", zeros({3})}});
  std::string bytes(contents(target).size() + 1, '\0');
  BOOST_CHECK_EQUAL(::read(reader, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()) - 1);
  ::close(reader);
  BOOST_CHECK(std::filesystem::is_fifo(pipe));
  BOOST_CHECK(bytes.substr(0, bytes.size() - 1) == contents(target));
  BOOST_CHECK_EQUAL(folder.count(), 3);
}

BOOST_AUTO_TEST_CASE(temporary_files_of_dead_processes_are_removed_at_the_next_save) {
  const Folder folder("st-stale");
  const std::string path = folder.file("x.safetensors");
  testing::write(path + ".tmp-999999999", "half");  // no process has this number
  testing::write(path + ".tmp-1", "alive");         // process 1 lives
  testing::write(folder.file("y.safetensors.tmp-999999999"), "another file's");
  write_safetensors(path, {{"x", ones({3})}});
  BOOST_CHECK(!std::filesystem::exists(path + ".tmp-999999999"));
  BOOST_CHECK(std::filesystem::exists(path + ".tmp-1"));
  BOOST_CHECK_EQUAL(folder.count(), 3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
