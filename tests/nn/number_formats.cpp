// number_formats.cpp: F16, BF16, F32 and F64 in safetensors files become the numbers that IEEE 754 says, every one of
// the 16-bit ones; and a trained model reads nearly the same in each.
#include <bit>
#include <cmath>
#include <limits>

#include "safetensors_bytes.hpp"
#include "support/data.hpp"

namespace lexigrad {
namespace {

using namespace std::string_literals;
using testing::check_close;
using testing::error_text;
using testing::Folder;
using testing::with_length;

constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

// (-1)^s · 2^(e - bias) · (1 + f / 2^bits); without the 1 where e is 0; the largest e is infinity and NaN.
double number(unsigned stored, int exponent_bits, int fraction_bits) {
  const int e = static_cast<int>(stored >> fraction_bits) & ((1 << exponent_bits) - 1);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const double f = std::ldexp(stored & ((1U << fraction_bits) - 1), -fraction_bits);
  double magnitude = e == 0 ? std::ldexp(f, 1 - bias) : std::ldexp(1 + f, e - bias);
  if (e == (1 << exponent_bits) - 1) magnitude = f == 0 ? inf : nan;
  return (stored & 0x8000U) != 0 ? -magnitude : magnitude;
}

// A file "x" of this type and these bytes, read.
Tensor read(const std::string& dtype, Index count, const std::string& bytes) {
  const Folder folder;
  const std::string path = folder.file("x.safetensors");
  testing::write(path, with_length(fmt::format(R"({{"x":{{"dtype":"{}","shape":[{}],"data_offsets":[0,{}]}}}})", dtype,
                                               count, bytes.size()),
                                   bytes));
  return SafetensorsFile(path).read("x");
}

// The same for every one of the 65536.
void check_all(const std::string& dtype, int exponent_bits, int fraction_bits) {
  std::string bytes;
  for (unsigned i = 0; i < 65536; ++i) bytes += {static_cast<char>(i & 0xFFU), static_cast<char>(i >> 8)};
  const Tensor got = read(dtype, 65536, bytes);
  for (unsigned i = 0; i < 65536; ++i) {
    const auto want = static_cast<real>(number(i, exponent_bits, fraction_bits));
    const real value = got.data()[i];
    const bool same = std::isnan(want) ? std::isnan(value) : value == want && std::signbit(value) == std::signbit(want);
    BOOST_CHECK_MESSAGE(same, fmt::format("{} 0x{:04X}: got {}, want {}", dtype, i, value, want));
  }
}

BOOST_AUTO_TEST_SUITE(number_formats)

BOOST_AUTO_TEST_CASE(every_half_is_read) { check_all("F16", 5, 10); }
BOOST_AUTO_TEST_CASE(every_bfloat_is_read) { check_all("BF16", 8, 7); }

// -0, the smallest and the largest subnormal, the smallest normal, the largest, infinity, NaN.
BOOST_AUTO_TEST_CASE(the_edges_of_half_precision) {
  const Tensor got = read("F16", 8, "\0\x80\x01\0\xff\x03\0\x04\xff\x7b\0\x7c\0\xfc\0\x7e"s);
  check_close(got, {0, 0x1p-24, 1023 * 0x1p-24, 0x1p-14, 65504, inf, -inf, nan}, 0, 0);
  BOOST_CHECK(std::signbit(got.data()[0]));
}

BOOST_AUTO_TEST_CASE(the_edges_of_bfloat) {
  const Tensor got = read("BF16", 8, "\0\x80\x01\0\x7f\0\x80\0\x7f\x7f\x80\x7f\x80\xff\xc0\x7f"s);
  check_close(got, {0, 0x1p-133, 127 * 0x1p-133, 0x1p-126, 255 * 0x1p120, inf, -inf, nan}, 0, 0);
  BOOST_CHECK(std::signbit(got.data()[0]));
}

template <class Stored>
std::string bytes_of(const std::vector<Stored>& numbers) {
  std::string bytes(numbers.size() * sizeof(Stored), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

BOOST_AUTO_TEST_CASE(floats_and_doubles_are_read_to_their_edges) {
  using Float = std::numeric_limits<float>;
  using Double = std::numeric_limits<double>;
  const std::vector<float> floats = {
      0.1F, -0.0F, Float::denorm_min(), Float::max(), -Float::infinity(), Float::quiet_NaN()};
  const Tensor got = read("F32", 6, bytes_of(floats));
  check_close(got, std::vector<double>(floats.begin(), floats.end()), 0, 0);
  BOOST_CHECK(std::signbit(got.data()[1]));
  // What a float cannot hold becomes infinity or 0, with its sign.
  const std::vector<double> doubles = {0.1, -0.0, Double::denorm_min(), -1e-300, Double::max(), -1e300, inf, nan};
  std::vector<double> want;
  for (const double d : doubles) {
    const bool too_large = std::abs(d) > static_cast<double>(std::numeric_limits<real>::max());
    want.push_back(too_large ? std::copysign(inf, d) : static_cast<double>(static_cast<real>(d)));
  }
  check_close(read("F64", 8, bytes_of(doubles)), want, 0, 0);
}

BOOST_AUTO_TEST_CASE(types_without_real_numbers_are_listed_and_not_read) {
  for (const char* type : {"I8", "U8", "BOOL", "I16", "U16", "I32", "U32", "I64", "U64", "F8_E4M3", "F8_E5M2"}) {
    const std::string text = error_text<FileError>([&] { read(type, 0, ""); });
    const std::string end = fmt::format("tensor x: {} cannot be read as numbers; expected F32, F64, F16 or BF16", type);
    BOOST_CHECK_MESSAGE(text.ends_with(end), text);
  }
}

// A trained GPT in three precisions: rounding takes at most half a unit of the last of 11 or 8 bits.
BOOST_AUTO_TEST_CASE(a_trained_model_is_the_same_in_half_precision_up_to_rounding) {
  const auto folder = testing::data_path("models/gpt2_char_shakespeare");
  if (!folder) return;
  const SafetensorsFile full(folder->string() + "/model.safetensors"),
      half(folder->string() + "/model_f16.safetensors"), bfloat(folder->string() + "/model_bf16.safetensors");
  BOOST_CHECK_EQUAL(full.metadata().at("format"), "pt");
  Index numbers = 0;
  for (const SafetensorsEntry& entry : full.entries()) {
    const Tensor exact = full.read(entry.name);
    numbers += exact.size();
    check_close(half.read(entry.name), exact, 0x1p-11, 0x1p-25);  // below 2^-14 halves are 2^-24 apart
    check_close(bfloat.read(entry.name), exact, 0x1p-8, 0);
    BOOST_CHECK_EQUAL(half.find(entry.name)->dtype + " " + bfloat.find(entry.name)->dtype, "F16 BF16");
  }
  const auto shape = [&](const char* name) {
    const SafetensorsEntry* const entry = full.find(name);
    return entry == nullptr ? "missing" : to_string(entry->shape);
  };
  BOOST_CHECK_EQUAL(shape("transformer.wte.weight"), "[65, 64]");
  BOOST_CHECK_EQUAL(shape("transformer.wpe.weight"), "[64, 64]");
  BOOST_CHECK_EQUAL(shape("transformer.h.1.attn.c_attn.weight"), "[64, 192]");  // [in, out]
  BOOST_CHECK_EQUAL(shape("transformer.h.1.mlp.c_proj.weight"), "[256, 64]");
  BOOST_CHECK_EQUAL(shape("transformer.ln_f.bias"), "[64]");
  BOOST_CHECK_EQUAL(full.entries().size(), 28U);
  BOOST_CHECK_EQUAL(numbers, 108352);  // 2 · 49984 in blocks, 65 · 64, 64 · 64, 2 · 64
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
