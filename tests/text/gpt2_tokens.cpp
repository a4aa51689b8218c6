// gpt2_tokens.cpp: GPT-2's tokenizer from its published files, against ids that another implementation recorded.
#include <stdio.h>

#include <fstream>
#include <memory>

#include <nlohmann/json.hpp>

#include "support/data.hpp"
#include "tensor/random.hpp"
#include "text/bpe_stream.hpp"
#include "text/reading.hpp"
#include "text/sha256.hpp"
#include "text/support.hpp"
#include "text/utf8.hpp"

namespace {

using namespace support;
using namespace lexigrad::text;

// Loaded once; nothing where the data is not there.
const Bpe* gpt2() {
  static const auto path = lexigrad::testing::data_path("gpt2");
  static const std::optional<Bpe> bpe = path ? std::optional(Bpe::load_folder(*path)) : std::nullopt;
  return bpe ? &*bpe : nullptr;
}

std::vector<nlohmann::json> lines_of(const std::string& name) {
  std::vector<nlohmann::json> lines;
  const auto path = lexigrad::testing::data_path(name);
  if (!path) return lines;
  std::ifstream file(*path);
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

char32_t any_code_point(Rng& rng) {
  constexpr std::array<std::size_t, 6> limits = {0x80, 0x80, 0x250, 0x3100, 0xD800, 0x110000};
  const auto c = static_cast<char32_t>(below(rng, limits[below(rng, limits.size())]));
  return c >= 0xD800 && c < 0xE000 ? U'x' : c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gpt2_tokens)

BOOST_AUTO_TEST_CASE(the_published_files_give_the_known_ids) {
  const Bpe* bpe = gpt2();
  if (bpe == nullptr) return;
  BOOST_TEST(bpe->size() == 50257);
  BOOST_TEST(bpe->merges() == 50000);
  BOOST_TEST(*bpe->end_of_text() == 50256);
  check_ids(bpe->specials(), {50256});
  BOOST_TEST(*bpe->find("the") == 1169);
  BOOST_TEST(*bpe->find(" cat") == 3797);
  BOOST_TEST(*bpe->find("cat") == 9246);
  check_ids(bpe->encode("The cat"), {464, 3797});
}

BOOST_AUTO_TEST_CASE(recorded_texts_give_the_recorded_ids) {
  const auto lines = lines_of("gpt2_gold.jsonl");
  if (lines.empty() || gpt2() == nullptr) return;
  BOOST_TEST(lines.size() == 325u);
  for (const auto& line : lines) {
    const auto text = line["text"].get<std::string>();
    const auto expected = line["ids"].get<std::vector<Index>>();
    const Specials specials = line.value("allow_special", false) ? Specials::recognised : Specials::ordinary;
    BOOST_TEST((gpt2()->encode(text, specials) == expected), line["cat"] << ": " << text.substr(0, 80));
    BOOST_TEST((gpt2()->decode(expected) == text));
  }
}

BOOST_AUTO_TEST_CASE(recorded_ids_give_the_recorded_bytes) {
  const auto lines = lines_of("gpt2_decode_gold.jsonl");
  if (lines.empty() || gpt2() == nullptr) return;
  BOOST_TEST(lines.size() == 326u);
  for (const auto& line : lines) {
    const auto ids = line["ids"].get<std::vector<Index>>();
    BOOST_TEST((gpt2()->decode(ids) == from_hex(line["hex"])), line.dump());
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_come_back_as_recorded) {
  const auto lines = lines_of("gpt2_bytes_roundtrip.jsonl");
  if (lines.empty() || gpt2() == nullptr) return;
  BOOST_TEST(lines.size() == 55u);
  for (const auto& line : lines) {
    const std::string bytes = from_hex(line["hex"]);
    const auto ids = gpt2()->encode(bytes);
    BOOST_TEST((gpt2()->decode(ids) == bytes), line.dump());
    if (line.contains("ids")) check_ids(ids, line["ids"].get<std::vector<Index>>());
  }
}

BOOST_AUTO_TEST_CASE(a_million_random_texts_and_byte_strings_come_back) {
  const Bpe* bpe = gpt2();
  if (bpe == nullptr) return;
  Rng rng(2026);
  std::vector<Bpe::Id> ids;
  std::string text;
  Index wrong = 0;
  for (int i = 0; i < 1000000; ++i) {
    text.clear();
    for (std::size_t size = below(rng, 8); size > 0; --size) append(text, any_code_point(rng));
    ids.clear();
    bpe->encode(text, ids);
    wrong += bpe->decode(ids) != text;
    text.clear();
    for (std::size_t size = below(rng, 12); size > 0; --size) text += static_cast<char>(below(rng, 256));
    ids.clear();
    bpe->encode(text, ids);
    wrong += bpe->decode(ids) != text;
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(shakespeare_gives_the_ids_that_others_train_on) {
  const auto path = lexigrad::testing::data_path("corpora/tinyshakespeare.txt");
  if (!path || gpt2() == nullptr) return;
  const auto count = [](std::string_view text) {
    std::vector<Bpe::Id> ids;
    gpt2()->encode(text, ids);
    return ids;
  };
  const std::string text = read_bytes(*path, "a text");
  const std::vector<Bpe::Id> ids = count(text);
  BOOST_TEST(ids.size() == 338025u);
  BOOST_TEST(sha256_of_ids(ids) == "25c01b32b32f41897a6359dd222ec114992dc30c357bcafbfe6c56672f76cd31");
  BOOST_TEST(count(text.substr(0, 1003854)).size() == 301966u);  // the two parts of nanoGPT
  BOOST_TEST(count(text.substr(1003854)).size() == 36059u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(gpt2_corpus)

BOOST_AUTO_TEST_CASE(a_large_corpus_gives_the_ids_of_tiktoken) {  // version 1.0.22, once; by parts of any size
  const auto path = lexigrad::testing::data_path("corpora/english_mix_69mb.txt.gz");
  if (!path || gpt2() == nullptr) return;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> text(::popen(("gzip -dc '" + path->string() + "'").c_str(), "r"),
                                                       &::pclose);
  BOOST_REQUIRE(text);
  BpeStream stream(*gpt2());
  std::vector<Bpe::Id> ids;
  std::vector<char> part(3000001);
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), text.get())) > 0;) {
    stream.feed({part.data(), size}, ids);
  }
  stream.finish(ids);
  BOOST_TEST(ids.size() == 15608004u);
  BOOST_TEST(sha256_of_ids(ids) == "c9b0d1e5950e630d4df88ef0962d7c65a1b57746a85809f7df5c392a1ff5abd8");
}

BOOST_AUTO_TEST_SUITE_END()
