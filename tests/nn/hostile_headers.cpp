// hostile_headers.cpp: headers of safetensors files made to harm the reader: to crash it, to make its arithmetic
// overflow, to be read in two ways. Each is refused with a FileError of one printable line, by the tensor's name.
#include "nn/checkpoint.hpp"
#include "safetensors_bytes.hpp"

namespace lexigrad {
namespace {

using namespace std::string_literals;
using testing::Bytes;
using testing::error_text;
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

BOOST_AUTO_TEST_SUITE(hostile_headers)

BOOST_AUTO_TEST_CASE(trailing_bytes_are_refused) {
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
  const std::string refusal =
      "the string at byte 1 of the header holds a wrong escape, a control character or bytes that are not UTF-8";
  BOOST_CHECK_EQUAL(named("a\0b"s), refusal);
  BOOST_CHECK_EQUAL(named("a\nb"), refusal);
  for (const char* bytes : {"\xFF", "\x80", "\xC3", "\xC0\x80", "\xE4\xB8", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    BOOST_CHECK_EQUAL(named(bytes), refusal);
  }
  for (const char* escape : {"\\x", "\\u", "\\u12", "\\u123g", "\\ud800", "\\ud800x", "\\ud800\\n", "\\ud800\\u0041",
                             "\\ud800\\ud800", "\\udc00", "\\u+123", "\\u-123", "\\u 123", "\\U0041"}) {
    BOOST_CHECK_EQUAL(named(escape), refusal);
  }
  BOOST_CHECK_EQUAL(header_refusal("{\"a"), "the header ends within a string");
  BOOST_CHECK_EQUAL(header_refusal("{\"a\\"), "the header ends within a string");
  BOOST_CHECK_EQUAL(header_refusal("{\"a\\u00"), "the header ends within a string");
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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
