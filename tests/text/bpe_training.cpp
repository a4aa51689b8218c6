// bpe_training.cpp: learned merges: small texts by hand, against plain recounting after each merge, and how many.
#include "text/bpe_training.hpp"

#include <map>

#include "tensor/parallel.hpp"
#include "text/byte_alphabet.hpp"
#include "text/pretokenizer.hpp"
#include "text/reading.hpp"
#include "text/support.hpp"

namespace {

using namespace support;
using namespace lexigrad::text;
using Documents = std::vector<std::string>;

BpeTrainingOptions no_specials(Index vocab_size) {
  BpeTrainingOptions options;
  options.vocab_size = vocab_size;
  options.specials = {};
  return options;
}

std::vector<std::string> made(const Bpe& bpe) {
  std::vector<std::string> tokens;
  for (Index id = 256; id < bpe.size(); ++id) tokens.emplace_back(bpe.bytes(id));
  return tokens;
}

// The definition: count all pairs, merge the most frequent one everywhere, count again.
std::vector<std::string> plainly_learned(const std::string& text, std::size_t merges) {
  std::vector<std::string> tokens;
  std::map<std::string, std::size_t> ids;
  for (const std::uint8_t byte : bytes_by_alphabet()) tokens.emplace_back(1, static_cast<char>(byte));
  for (std::size_t id = 0; id < tokens.size(); ++id) ids[tokens[id]] = id;
  std::vector<std::vector<std::size_t>> pieces;
  for (const auto piece : split_pieces(text)) {
    pieces.emplace_back();
    for (const char byte : piece) pieces.back().push_back(ids[std::string(1, byte)]);
  }
  while (merges-- > 0) {
    std::map<std::pair<std::size_t, std::size_t>, Index> counts;
    for (const auto& piece : pieces) {
      for (std::size_t i = 0; i + 1 < piece.size(); ++i) ++counts[{piece[i], piece[i + 1]}];
    }
    if (counts.empty()) break;
    auto best = counts.begin();  // of equals the first, which has the lowest ids
    for (auto pair = counts.begin(); pair != counts.end(); ++pair) {
      if (pair->second > best->second) best = pair;
    }
    const auto [left, right] = best->first;
    const std::string bytes = tokens[left] + tokens[right];
    if (!ids.contains(bytes)) ids[bytes] = tokens.size(), tokens.push_back(bytes);
    for (auto& piece : pieces) {
      std::vector<std::size_t> merged;
      for (std::size_t i = 0; i < piece.size(); ++i) {
        const bool pair = i + 1 < piece.size() && piece[i] == left && piece[i + 1] == right;
        merged.push_back(pair ? ids[bytes] : piece[i]);
        i += pair;
      }
      piece = merged;
    }
  }
  return {tokens.begin() + 256, tokens.end()};
}

std::string random_words(Rng& rng, std::size_t words, const std::string& letters) {
  std::string text;
  for (std::size_t i = 0; i < words; ++i) {
    for (std::size_t size = 1 + below(rng, 8); size > 0; --size) text += letters[below(rng, letters.size())];
    text += below(rng, 6) == 0 ? ".\n" : " ";
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bpe_training)

BOOST_AUTO_TEST_CASE(three_merges_on_aaabdaaabac_D060) {
  const Bpe bpe = Bpe::train(Documents{"aaabdaaabac"}, no_specials(259));
  check_list(made(bpe), {"aa", "ab", "aaab"});  // of the pairs that occur twice, a b has the lower ids
  std::vector<std::string> tokens;
  for (const Index id : bpe.encode("aaabdaaabac")) tokens.emplace_back(bpe.bytes(id));
  check_list(tokens, {"aaab", "d", "aaab", "a", "c"});
}

BOOST_AUTO_TEST_CASE(the_size_of_the_vocabulary_is_kept_D063) {
  Rng rng(1);
  const Documents text = {random_words(rng, 20000, "etaoinshrdlu")};
  BpeTrainingOptions options;  // with one special token
  options.vocab_size = 1000;
  const Bpe thousand = Bpe::train(text, options);
  BOOST_TEST(thousand.merges() == 743);
  BOOST_TEST(thousand.size() == 1000);
  BOOST_TEST(*thousand.end_of_text() == 999);
  BOOST_TEST(Bpe::train(text, no_specials(256)).merges() == 0);
  for (const Index size : {255, 0, -1}) {
    BOOST_TEST(
        error_text<ValueError>([&] { Bpe::train(text, no_specials(size)); }) ==
        fmt::format("[train] vocab_size {}: expected 256 (256 bytes and the special tokens) to 2147483648", size));
  }
  const Bpe two = Bpe::train(Documents{"ab"}, no_specials(5000));
  BOOST_TEST(two.merges() == 1);
  BOOST_TEST(two.size() == 257);
  options.vocab_size = 256;
  BOOST_CHECK_THROW(Bpe::train(text, options), ValueError);
  options = no_specials(300);
  options.min_count = 0;
  BOOST_CHECK_THROW(Bpe::train(text, options), ValueError);
}

BOOST_AUTO_TEST_CASE(each_merge_is_that_of_counting_everything_again) {
  Rng rng(9);
  for (const std::string letters : {"a", "ab", "abcde", "etaoinshrdlu", "\xC3\xA9\xA8 a"}) {
    for (int round = 0; round < 5; ++round) {
      const std::string text = random_words(rng, 60, letters);
      check_list(made(Bpe::train(Documents{text}, no_specials(256 + 80))), plainly_learned(text, 80));
    }
  }
}

BOOST_AUTO_TEST_CASE(rare_pairs_may_be_left_alone) {
  BpeTrainingOptions options = no_specials(1000);
  options.min_count = 3;
  check_list(made(Bpe::train(Documents{"ab ab ab cd cd"}, options)), {"ab"});
}

BOOST_AUTO_TEST_CASE(documents_end_pieces) {
  check_list(made(Bpe::train(Documents{"a", "b"}, no_specials(300))), {});
  check_list(made(Bpe::train(Documents{"ab"}, no_specials(300))), {"ab"});
  check_list(made(Bpe::train(Documents{}, no_specials(300))), {});
}

BOOST_AUTO_TEST_CASE(the_merges_are_the_same_on_any_number_of_threads_and_in_any_parts) {
  Rng rng(4);
  const std::string text = random_words(rng, 200000, "etaoinshrdlucmfwyp");
  std::vector<std::string> first;
  for (const int threads : {1, 2, 4}) {
    const ThreadScope scope(threads);
    BpeTrainer whole, parts;
    whole.add(text);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = std::min(1 + below(rng, 300000), text.size() - at);
      parts.feed(std::string_view(text).substr(at, size));
      at += size;
    }
    parts.finish();
    const std::vector<std::string> tokens = made(whole.train(no_specials(2000)));
    if (first.empty()) first = tokens;
    BOOST_TEST((tokens == first));
    BOOST_TEST((made(parts.train(no_specials(2000))) == first));
  }
}

BOOST_AUTO_TEST_CASE(what_was_learned_loads_again) {
  const Folder folder;
  Rng rng(2);
  const std::string text = random_words(rng, 5000, "etaoinshrdlu\xC3\xA9");
  BpeTrainingOptions options;
  options.vocab_size = 700;
  const Bpe bpe = Bpe::train(Documents{text}, options);
  bpe.save(folder.path());
  const Bpe again = Bpe::load_folder(folder.path());
  check_ids(again.encode(text), bpe.encode(text));
  BOOST_TEST(*again.end_of_text() == *bpe.end_of_text());
}

BOOST_AUTO_TEST_CASE(names_of_special_tokens_are_refused_before_the_work) {
  BpeTrainingOptions options = no_specials(300);
  options.specials = {"end"};
  options.progress = [](Index) { BOOST_ERROR("it has begun"); };
  check_has(error_text<ValueError>([&] { Bpe::train(Documents{"abab"}, options); }), "expected a name of the form <…>");
}

BOOST_AUTO_TEST_SUITE_END()
