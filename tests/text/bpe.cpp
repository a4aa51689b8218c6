// bpe.cpp: encoding and decoding: small tokenizers whose ids are known by hand, and GPT-2's against recorded ids.
#include "text/bpe.hpp"

#include "tensor/parallel.hpp"
#include "tensor/random.hpp"
#include "text/bpe_stream.hpp"
#include "text/support.hpp"
#include "text/utf8.hpp"

namespace {

using namespace support;
using namespace lexigrad::text;

const std::vector<Bpe::Merge> no_merges;

std::string all_bytes() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

// Merges that make words of "the cat" and of a few bytes beyond ASCII.
Bpe small_bpe() {
  const std::vector<Bpe::Merge> merges = {{"t", "h"},   {"th", "e"},      {" ", "c"},          {" c", "a"},
                                          {" ca", "t"}, {"\xE4", "\xB8"}, {"\xE4\xB8", "\xAD"}};
  const std::vector<std::string> specials = {"<|endoftext|>", "<|end|>",
                                             "<|"
                                             "end|><b>"};
  return Bpe(merges, specials);
}

std::string random_bytes(Rng& rng, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(below(rng, 256));
  return text;
}

std::string random_unicode(Rng& rng, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    const auto plane = below(rng, 8);
    const std::uint64_t limit = plane < 3 ? 0x80 : plane < 5 ? 0x800 : plane < 7 ? 0xD800 : 0x110000;
    const auto c = static_cast<char32_t>(below(rng, limit));
    append(text, c >= 0xD800 && c < 0xE000 ? U'x' : c);
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bpe)

BOOST_AUTO_TEST_CASE(ids_are_bytes_then_merges_then_special_tokens) {
  const Bpe bpe = small_bpe();
  BOOST_TEST(bpe.size() == 256 + 7 + 3);
  BOOST_TEST(bpe.tokens() == bpe.size());
  BOOST_TEST(bpe.merges() == 7);
  BOOST_TEST(bpe.bytes(0) == "!");
  BOOST_TEST(bpe.bytes(257) == "the");
  BOOST_TEST(*bpe.find(" cat") == 260);
  BOOST_TEST(!bpe.find("cat"));
  BOOST_TEST(*bpe.end_of_text() == 263);
  check_ids(bpe.specials(), {263, 264, 265});
  check_ids(bpe.encode("the cat"), {257, 260});
  BOOST_TEST(!Bpe(no_merges).end_of_text());
}

BOOST_AUTO_TEST_CASE(every_byte_survives_D054) {
  const Bpe bare(no_merges);
  const Bpe merged = small_bpe();
  for (const Bpe* bpe : {&bare, &merged}) {
    for (int byte = 0; byte < 256; ++byte) {
      const std::string text(1, static_cast<char>(byte));
      BOOST_TEST((bpe->decode(bpe->encode(text)) == text));
    }
    const std::string forward = all_bytes(), backward(forward.rbegin(), forward.rend());
    BOOST_TEST((bpe->decode(bpe->encode(forward)) == forward));
    BOOST_TEST((bpe->decode(bpe->encode(backward)) == backward));
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_survive_and_show_as_replacement_D056) {
  const Bpe bpe = small_bpe();
  const std::string r = "\uFFFD";
  const std::vector<std::pair<std::string, std::string>> cases = {{"\xFF", r},
                                                                  {"\xC0\x80", r + r},
                                                                  {"\xED\xA0\x80", r + r + r},
                                                                  {"\xE2\x82", r},
                                                                  {"a\xFE"
                                                                   "b",
                                                                   "a" + r + "b"},
                                                                  {"\xF4\x90\x80\x80", r + r + r + r},
                                                                  {"\xF0\x9F\x99"
                                                                   "x",
                                                                   r + "x"}};
  for (const auto& [bytes, text] : cases) {
    const auto ids = bpe.encode(bytes);
    BOOST_TEST((bpe.decode(ids) == bytes));
    BOOST_TEST(bpe.decode_text(ids) == text);
  }
}

BOOST_AUTO_TEST_CASE(nothing_gives_nothing_D057) {
  const Bpe bpe = small_bpe();
  BOOST_TEST(bpe.encode("").empty());
  BOOST_TEST(bpe.decode(std::vector<Index>{}).empty());
  BOOST_TEST(bpe.encode_with_offsets("").offsets.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_unknown_id_is_named_with_its_position_D058) {
  const Bpe bpe = small_bpe();
  for (const Index id : {bpe.size(), Index{4294967296}, Index{-1}}) {
    const std::vector<Index> ids = {0, id, 1};
    BOOST_TEST(error_text<IndexError>([&] { bpe.decode(ids); }) ==
               fmt::format("[decode] position 1: id {} is outside the vocabulary of {}", id, bpe.size()));
    BOOST_CHECK_THROW(bpe.bytes(id), IndexError);
    BpeDecoder decoder(bpe);
    BOOST_CHECK_THROW(decoder.feed(id), IndexError);
  }
}

BOOST_AUTO_TEST_CASE(special_names_are_text_unless_asked_for_D059) {
  const Bpe bpe = small_bpe();
  const std::string text = "a<|endoftext|>b";
  const auto ordinary = bpe.encode(text);
  BOOST_TEST(std::count(ordinary.begin(), ordinary.end(), *bpe.end_of_text()) == 0);
  BOOST_TEST(bpe.decode(ordinary) == text);
  const auto recognised = bpe.encode(text, Specials::recognised);
  check_ids(recognised, {*bpe.find("a"), 263, *bpe.find("b")});
  BOOST_TEST(bpe.decode(recognised) == text);
  BOOST_TEST(error_text<ValueError>([&] { bpe.encode(text, Specials::refused); }) ==
             "[encode] the text holds the special token <|endoftext|> at offset 1, which is refused");
  check_ids(bpe.encode("<|end|><b><|end|>", Specials::recognised), {265, 264});  // the longer one of two
  BOOST_TEST(bpe.encode("<|endoftext|", Specials::refused).size() > 1u);
}

BOOST_AUTO_TEST_CASE(overlapping_pairs_go_left_to_right_D061) {
  const std::vector<Bpe::Merge> merges = {{"a", "a"}};
  const Bpe bpe(merges);
  const Index a = *bpe.find("a"), b = *bpe.find("b"), aa = 256;
  check_ids(bpe.encode("aaa"), {aa, a});
  check_ids(bpe.encode("aaaa"), {aa, aa});
  check_ids(bpe.encode("aaaaa"), {aa, aa, a});
  check_ids(bpe.encode("baaab"), {b, aa, a, b});
}

BOOST_AUTO_TEST_CASE(rank_decides_not_position_D062) {
  const std::vector<Bpe::Merge> merges = {{"b", "c"}, {"a", "b"}, {"bc", "d"}, {"a", "bc"}, {"a", "bcd"}};
  const Bpe bpe(merges);
  const Index z = *bpe.find("z"), ab = *bpe.find("ab"), abc = *bpe.find("abc"), abcd = *bpe.find("abcd");
  check_ids(bpe.encode("abc"), {abc});
  check_ids(bpe.encode("abcd"), {abcd});
  check_ids(bpe.encode("zabcdz"), {z, abcd, z});
  check_ids(bpe.encode("abab"), {ab, ab});
}

BOOST_AUTO_TEST_CASE(a_million_letters_are_no_matter_D065) {
  std::vector<Bpe::Merge> merges;
  for (std::size_t n = 1; n <= 128; n *= 2) merges.emplace_back(std::string(n, 'a'), std::string(n, 'a'));
  const std::string text(1000000, 'a');
  const Bpe doubled(merges), bare(no_merges);
  BOOST_TEST(doubled.encode(text).size() == 3907u);
  BOOST_TEST((doubled.decode(doubled.encode(text)) == text));
  BOOST_TEST(bare.encode(text).size() == 1000000u);
}

BOOST_AUTO_TEST_CASE(short_and_long_pieces_merge_alike) {
  // One piece of a long run against the same letters merged by the definition, searched anew after every merge.
  const std::vector<Bpe::Merge> merges = {{"a", "b"}, {"b", "a"}, {"ab", "ab"}, {"c", "ab"}, {"a", "c"}, {"ba", "c"}};
  const Bpe bpe(merges);
  MergeTable table(merges.size());
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const auto id = [&](const std::string& bytes) { return static_cast<Bpe::Id>(*bpe.find(bytes)); };
    const auto& [left, right] = merges[i];
    table.add(id(left), id(right), static_cast<Bpe::Id>(i), id(left + right));
  }
  Rng rng(3);
  for (std::size_t size = 1; size < 200; ++size) {
    std::vector<Bpe::Id> ids, plain;
    for (std::size_t i = 0; i < size; ++i) {
      ids.push_back(static_cast<Bpe::Id>(*bpe.find(std::string(1, "abc"[below(rng, 3)]))));
    }
    plain = ids;
    for (;;) {
      std::size_t best = 0;
      MergeTable::Found found;
      for (std::size_t i = 0; i + 1 < plain.size(); ++i) {
        const auto here = table.find(plain[i], plain[i + 1]);
        if (here.rank < found.rank) best = i, found = here;
      }
      if (found.rank == MergeTable::none) break;
      plain[best] = found.id;
      plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
    merge_all(table, ids, 0);
    BOOST_TEST_REQUIRE((ids == plain), "of " << size << " letters");
  }
}

BOOST_AUTO_TEST_CASE(offsets_are_the_places_of_the_tokens) {
  const Bpe bpe = small_bpe();
  const std::string text = "the cat <|endoftext|>中\xFF";
  const Encoding encoding = bpe.encode_with_offsets(text, Specials::recognised);
  BOOST_TEST(encoding.offsets.size() == encoding.ids.size() + 1);
  for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
    const auto begin = static_cast<std::size_t>(encoding.offsets[i]),
               end = static_cast<std::size_t>(encoding.offsets[i + 1]);
    BOOST_TEST((text.substr(begin, end - begin) == bpe.bytes(encoding.ids[i])));
  }
  BOOST_TEST(encoding.offsets.back() == static_cast<Index>(text.size()));
}

BOOST_AUTO_TEST_CASE(however_a_text_is_parted_its_ids_are_the_same) {
  const Bpe bpe = small_bpe();
  Rng rng(11);
  const std::vector<std::string> words = {"the",     " cat",          "中",  "\xE4\xB8", " ", "\n", "'ll",
                                          "<|end|>", "<|endoftext|>", "<b>", "<|",       "7", "!",  "\u3000"};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto i = below(rng, 15); i > 0; --i) text += words[below(rng, words.size())];
    for (const Specials specials : {Specials::ordinary, Specials::recognised}) {
      std::vector<Bpe::Id> whole, parted;
      bpe.encode(text, whole, specials);
      BpeStream stream(bpe, specials);
      for (int twice = 0; twice < 2; ++twice) {  // a stream may be used again
        parted.clear();
        for (std::size_t at = 0; at < text.size();) {
          const std::size_t size = std::min(1 + below(rng, 5), text.size() - at);
          stream.feed(std::string_view(text).substr(at, size), parted);
          at += size;
        }
        stream.finish(parted);
        BOOST_TEST_REQUIRE((parted == whole), "of \"" << text << "\"");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stream_names_the_place_of_what_it_refuses) {
  const Bpe bpe = small_bpe();
  BpeStream stream(bpe, Specials::refused);
  std::vector<Bpe::Id> ids;
  stream.feed("the cat sat. <|endof", ids);
  check_has(error_text<ValueError>([&] {
              stream.feed("text|> and on", ids);
              stream.finish(ids);
            }),
            "<|endoftext|> at offset 13");
}

BOOST_AUTO_TEST_CASE(ids_that_come_one_by_one_never_break_a_character) {
  const Bpe bpe(no_merges);
  Rng rng(5);
  for (int round = 0; round < 2000; ++round) {
    const std::string bytes = round % 2 == 0 ? random_bytes(rng, below(rng, 8)) : random_unicode(rng, below(rng, 5));
    const auto ids = bpe.encode(bytes);
    BpeDecoder decoder(bpe);
    std::string text;
    for (const Index id : ids) {
      const std::string part = decoder.feed(id);
      BOOST_TEST_REQUIRE(!first_invalid(part));
      text += part;
    }
    text += decoder.finish();
    BOOST_TEST_REQUIRE((text == bpe.decode_text(ids)));
    if (!first_invalid(bytes)) BOOST_TEST_REQUIRE((text == bytes));
  }
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_ids) {
  const Bpe bpe = small_bpe();
  std::string text;
  Rng rng(1);
  while (text.size() < 3000000) text += random_unicode(rng, 5) + " the cat";
  std::vector<Bpe::Id> one;
  {
    const ThreadScope alone(1);
    bpe.encode(text, one);
  }
  for (const int threads : {2, 4}) {
    const ThreadScope scope(threads);
    std::vector<Bpe::Id> more;
    bpe.encode(text, more);
    BOOST_TEST((more == one));
  }
  BOOST_TEST((bpe.decode(one) == text));
}

BOOST_AUTO_TEST_CASE(merges_and_special_tokens_that_make_no_sense_are_refused) {
  const auto refused = [](std::vector<Bpe::Merge> merges, std::vector<std::string> specials) {
    return error_text<ValueError>([&] { Bpe(merges, specials); });
  };
  check_has(refused({{"a", "b"}, {"ab", "cd"}}, {}), "merge 1: 'cd' is neither a byte nor made by a merge before");
  check_has(refused({{"a", "b"}, {"a", "b"}}, {}), "the merge of 'a' and 'b' is there twice");
  check_has(refused({}, {"end"}), "special token 'end': expected a name of the form <…>");
  check_has(refused({}, {"<a>", "<a>"}), "special token '<a>' is there already");
}

BOOST_AUTO_TEST_SUITE_END()
