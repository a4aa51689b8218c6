// safetensors.cpp: files that are good, files that lie, and writing that never leaves half a file. Worse ones stand in
// hostile_headers.cpp and hostile_files.cpp, types of numbers in number_formats.cpp.
// The bytes of the bad files are those of the shared cases, typed in.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "safetensors_bytes.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using namespace std::string_literals;
using testing::check_close;
using testing::contents;
using testing::error_text;
using testing::Folder;
using testing::one_float;
using testing::refusal;
using testing::two_floats;
using testing::with_length;

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_AUTO_TEST_CASE(a_good_file_D088) {
  const Folder folder;
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
  BOOST_CHECK_EQUAL(shaped("[-1]"), "tensor a: an axis is not a whole number from 0 to 2^62");
  BOOST_CHECK_EQUAL(shaped("[1,1,1,1,1,1,1,1,1]"), "tensor a: more than 8 axes");
}

BOOST_AUTO_TEST_CASE(a_header_that_is_not_one_is_refused) {
  BOOST_CHECK_EQUAL(refusal(with_length("{\"a\":")), "tensor a: expected '{' at byte 5 of the header");
  BOOST_CHECK_EQUAL(refusal(with_length("[]")), "expected '{' at byte 0 of the header");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"a":{}})")), "tensor a: expected dtype, shape and data_offsets");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"a":{"dtype":"F33","shape":[],"data_offsets":[0,4]}})", one_float)),
                    "tensor a: the type F33 is not known");
  BOOST_CHECK_EQUAL(refusal(with_length(R"({"__metadata__":{"step":3}})")),
                    "__metadata__: step: expected '\"' at byte 24 of the header");
  const std::string entry = R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]})";
  BOOST_CHECK_EQUAL(refusal(with_length("{" + entry + "," + entry + "}", one_float)), "the header names a twice");
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_are_named) {
  const Folder folder;
  const std::string none = folder.file("none"), here = folder.file(".");
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { SafetensorsFile{none}; }),
                    "[safetensors] " + none + ": cannot be opened (No such file or directory)");
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { SafetensorsFile{here}; }),
                    "[safetensors] " + here + ": is a folder, expected a safetensors file");
}

BOOST_AUTO_TEST_CASE(a_transposed_tensor_is_written_in_its_own_order_D090) {
  const Folder folder;
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
  const Folder folder;
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

BOOST_AUTO_TEST_CASE(what_the_format_cannot_hold_is_not_written) {
  const Folder folder;
  const std::string path = folder.file("x.safetensors");
  const auto refused = [&](const std::string& name, const std::map<std::string, std::string>& metadata = {}) {
    return error_text<ValueError>([&] { write_safetensors(path, {{name, ones({3})}}, metadata); });
  };
  BOOST_CHECK_EQUAL(refused(""), "[safetensors] a tensor cannot be called \"\"");
  BOOST_CHECK_EQUAL(refused("__metadata__"), "[safetensors] a tensor cannot be called __metadata__");
  BOOST_CHECK_EQUAL(refused("\xFF"), "[safetensors] a name or the metadata is not UTF-8");
  BOOST_CHECK_EQUAL(refused("x", {{"text", "\xC3"}}), "[safetensors] a name or the metadata is not UTF-8");
  BOOST_CHECK_EQUAL(refused("x", {{"text", std::string(100'000'000, 'x')}}).substr(0, 42),
                    "[safetensors] the header would take 100000");
  BOOST_CHECK_THROW(write_safetensors(path, {{"x", Tensor()}}), StateError);
  BOOST_CHECK_EQUAL(folder.names().size(), 0u);
}

BOOST_AUTO_TEST_CASE(a_file_without_tensors_is_a_file) {
  const Folder folder;
  const std::string path = folder.file("x.safetensors");
  write_safetensors(path, {});
  BOOST_CHECK_EQUAL(contents(path), "\x08\0\0\0\0\0\0\0{}      "s);
  BOOST_CHECK(SafetensorsFile(path).entries().empty());
}

BOOST_AUTO_TEST_CASE(a_save_that_fails_leaves_the_old_file_and_no_temporary_one) {
  const Folder folder;
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
  BOOST_CHECK_EQUAL(folder.names().size(), 1u);
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_written_is_named_and_nothing_is_left) {
  const Folder folder;
  const std::string missing = folder.file("no/such/x"), taken = folder.file("taken");
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { write_safetensors(missing, {}); }),
                    "[write] " + missing + ": cannot be written (No such file or directory)");
  std::filesystem::create_directories(taken + "/inside");
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { write_safetensors(taken, {}); }),
                    "[write] " + taken + ": cannot be written (Is a directory)");
  BOOST_CHECK_EQUAL(folder.names().size(), 1u);
  const std::string loop = folder.file("loop");
  std::filesystem::create_symlink(loop, loop);
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { write_safetensors(loop, {}); }),
                    "[write] " + loop + ": cannot be written (Too many levels of symbolic links)");
  BOOST_CHECK_EQUAL(folder.names().size(), 2u);
}

BOOST_AUTO_TEST_CASE(a_link_is_followed_and_a_pipe_is_written_to) {
  const Folder folder;
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
  BOOST_CHECK_EQUAL(folder.names().size(), 3u);
}

BOOST_AUTO_TEST_CASE(temporary_files_of_dead_processes_are_removed_at_the_next_save) {
  const Folder folder;
  const std::string path = folder.file("x.safetensors");
  testing::write(path + ".tmp-999999999", "half");  // no process has this number
  testing::write(path + ".tmp-1", "alive");         // process 1 lives
  testing::write(folder.file("y.safetensors.tmp-999999999"), "another file's");
  write_safetensors(path, {{"x", ones({3})}});
  BOOST_CHECK(!std::filesystem::exists(path + ".tmp-999999999"));
  BOOST_CHECK(std::filesystem::exists(path + ".tmp-1"));
  BOOST_CHECK_EQUAL(folder.names().size(), 3u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
