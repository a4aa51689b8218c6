// printable.cpp: what a hostile file can put into an error: one line, whatever it says.
#include "nn/printable.hpp"

#include "support.hpp"

namespace lexigrad {
namespace {

BOOST_AUTO_TEST_SUITE(printable)

BOOST_AUTO_TEST_CASE(letters_of_any_script_stay_as_they_are) {
  for (const char* text : {"blocks.3.qkv.weight", "two words", "\"q\"", "back\\slash", "café 中 \U0001F600"}) {
    BOOST_CHECK_EQUAL(lexigrad::printable(text), text);
  }
  BOOST_CHECK_EQUAL(lexigrad::printable(""), "\"\"");
}

BOOST_AUTO_TEST_CASE(controls_and_bytes_that_are_not_utf8_are_written_out) {
  BOOST_CHECK_EQUAL(lexigrad::printable(std::string_view("a\0b\n\x1B[2J\x7F", 9)), "a\\x00b\\x0A\\x1B[2J\\x7F");
  BOOST_CHECK_EQUAL(lexigrad::printable("\u0085|\u2028|\u202E|\u2067"),
                    "\\xC2\\x85|\\xE2\\x80\\xA8|\\xE2\\x80\\xAE|\\xE2\\x81\\xA7");
  // stray, cut, overlong, a surrogate, over U+10FFFF
  BOOST_CHECK_EQUAL(lexigrad::printable("\x80 \xC3"), "\\x80 \\xC3");
  BOOST_CHECK_EQUAL(lexigrad::printable("\xC0\x80 \xE0\x80\x80"), "\\xC0\\x80 \\xE0\\x80\\x80");
  BOOST_CHECK_EQUAL(lexigrad::printable("\xED\xA0\x80 \xF4\x90\x80\x80"), "\\xED\\xA0\\x80 \\xF4\\x90\\x80\\x80");
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_between_characters_and_its_size_said) {
  const std::string shown(64, 'x');
  BOOST_CHECK_EQUAL(lexigrad::printable(shown), shown);
  BOOST_CHECK_EQUAL(lexigrad::printable(std::string(10'000'000, 'x')), fmt::format("{}... (10000000 bytes)", shown));
  std::string chinese = "a";
  for (int i = 0; i < 50; ++i) chinese += "中";
  BOOST_CHECK_EQUAL(lexigrad::printable(chinese), fmt::format("{}... (151 bytes)", chinese.substr(0, 64)));
  BOOST_CHECK_LE(lexigrad::printable(std::string(1000, '\n')).size(), 90U);
}

BOOST_AUTO_TEST_CASE(every_code_point_is_decoded) {
  for (char32_t c = 0; c <= 0x110000; ++c) {
    std::string bytes;  // as RFC 3629 says
    const auto tail = [&](int shift) { bytes += static_cast<char>(0x80U | (c >> shift & 0x3FU)); };
    const std::size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    bytes += static_cast<char>(size == 1   ? c
                               : size == 2 ? 0xC0U | c >> 6
                               : size == 3 ? 0xE0U | c >> 12
                                           : 0xF0U | c >> 18);
    for (std::size_t i = size - 1; i > 0; --i) tail(static_cast<int>(i - 1) * 6);
    char32_t value = 0;
    const bool sound = (c < 0xD800 || c > 0xDFFF) && c <= 0x10FFFF;
    const std::size_t got = decode_utf8(bytes + "x", value);
    if (got != (sound ? size : 0) || (sound && value != c)) BOOST_ERROR(static_cast<std::uint32_t>(c));
    if (size > 1 && decode_utf8(bytes.substr(0, size - 1), value) != 0) BOOST_ERROR(static_cast<std::uint32_t>(c));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
