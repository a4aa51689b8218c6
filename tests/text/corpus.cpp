// corpus.cpp: what is trained on, what is held out, and that the one knows nothing of the other.
#include "text/corpus.hpp"

#include <algorithm>
#include <limits>

#include "support.hpp"
#include "text/bpe_training.hpp"

using namespace support;
using namespace lexigrad::text;

namespace {

// A word that stands in document i alone.
std::string own_word(int i) { return {'w', static_cast<char>('a' + i / 26), static_cast<char>('a' + i % 26)}; }

std::vector<std::string> documents(int count) {
  std::vector<std::string> result;
  for (int i = 0; i < count; ++i) result.push_back("the " + own_word(i));
  return result;
}

std::string refusal(const std::vector<std::string>& texts, const CorpusOptions& options) {
  return error_text<ValueError>([&] { make_corpus(texts, options); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(corpus)

BOOST_AUTO_TEST_CASE(documents_stand_between_ends_of_text) {
  const std::vector<std::string> texts{"a b", "", " \n", "b c c"};
  const Corpus c = make_corpus(texts, {.held_out = 0.0});
  const Index a = c.vocabulary.id("a"), b = c.vocabulary.id("b"), cc = c.vocabulary.id("c");
  check_ids(c.train, {0, a, b, 0, b, cc, cc, 0});
  BOOST_TEST(c.held_out.empty());
  BOOST_TEST(c.train_documents == 2);
  BOOST_TEST(c.train_unknown == 0);
  BOOST_TEST(c.vocabulary.count(Vocabulary::end_of_text) == 3);
  check_ids(std::vector<Index>{a, b, cc}, {4, 2, 3});
}

BOOST_AUTO_TEST_CASE(whole_documents_are_held_out_evenly_spread) {
  const Corpus c = make_corpus(documents(40), {.held_out = 0.1});
  BOOST_TEST(c.held_out_documents == 4);
  BOOST_TEST(c.train_documents == 36);
  BOOST_TEST(!c.held_out_is_tail);
  for (int i = 0; i < 40; ++i) {  // the middle of each ten
    BOOST_TEST((c.vocabulary.id(own_word(i)) != Vocabulary::unknown) == (i % 10 != 5));
  }
}

BOOST_AUTO_TEST_CASE(words_of_the_held_out_part_alone_are_unknown) {
  // Document 5 of ten; its digits stand nowhere else. "the word 5" is: the, word, 5.
  std::vector<std::string> texts;
  for (int i = 0; i < 10; ++i) texts.push_back(fmt::format("the word {}", i));
  const Corpus c = make_corpus(texts, {.held_out = 0.1});
  const Index the = c.vocabulary.id("the"), word = c.vocabulary.id("word");
  check_ids(c.held_out, {0, the, word, Vocabulary::unknown, 0});
  BOOST_TEST(c.held_out_unknown == 1);
  BOOST_TEST(c.train_unknown == 0);
  BOOST_TEST(c.vocabulary.count(the) == 9);
}

BOOST_AUTO_TEST_CASE(the_tail_of_few_documents_is_held_out) {
  const std::vector<std::string> texts{"a b a b a b a b a b", "a b a b a b a b a b"};
  const Corpus c = make_corpus(texts, {.held_out = 0.2});
  BOOST_TEST(c.held_out_is_tail);
  const Index a = c.vocabulary.id("a"), b = c.vocabulary.id("b");
  check_ids(c.held_out, {0, a, b, a, b, 0});
  BOOST_TEST(c.train.size() == 16u + 3u);
  BOOST_TEST(c.train_documents == 2);
  BOOST_TEST(c.held_out_documents == 1);
  const Corpus two = make_corpus(std::vector<std::string>{"a b"}, {.held_out = 0.01});
  check_ids(two.train, {0, 2, 0});
  check_ids(two.held_out, {0, Vocabulary::unknown, 0});
  const Corpus one = make_corpus(std::vector<std::string>{"a"}, {.held_out = 0.5});
  check_ids(one.train, {0, 2, 0});
  BOOST_TEST(one.held_out.empty());
}

BOOST_AUTO_TEST_CASE(the_split_is_the_same_for_every_seed) {
  const Corpus a = make_corpus(documents(40), {.held_out = 0.1}, Rng(1)),
               b = make_corpus(documents(40), {.held_out = 0.1}, Rng(2));
  check_ids(a.train, b.train);
  check_ids(a.held_out, b.held_out);
}

BOOST_AUTO_TEST_CASE(shuffled_tokens_keep_their_counts_and_nothing_else) {
  const Corpus plain = make_corpus(documents(40), {.held_out = 0.1});
  const Corpus one = make_corpus(documents(40), {.held_out = 0.1, .shuffled = true}, Rng(1));
  const Corpus again = make_corpus(documents(40), {.held_out = 0.1, .shuffled = true}, Rng(1));
  const Corpus other = make_corpus(documents(40), {.held_out = 0.1, .shuffled = true}, Rng(2));
  BOOST_TEST((one.train != plain.train));
  BOOST_TEST((one.train != other.train));
  check_ids(again.train, one.train);
  check_ids(one.held_out, plain.held_out);
  std::vector<Index> a = plain.train, b = one.train;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  check_ids(a, b);
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense_are_refused) {
  check_has(refusal({"a"}, {.held_out = 0.6}), "the held-out part is 0.6; it must be from 0 to 0.5");
  check_has(refusal({"a"}, {.held_out = -0.1}), "the held-out part is -0.1");
  check_has(refusal({"a"}, {.held_out = std::numeric_limits<double>::quiet_NaN()}), "the held-out part is nan");
  check_has(refusal({}, {}), "there are no words");
  check_has(refusal({" ", ""}, {}), "there are no words");
  check_has(refusal({"a b"}, {.min_count = 2, .held_out = 0.0}), "min-count is 2");
}

BOOST_AUTO_TEST_CASE(a_text_cannot_spell_the_end_of_a_document) {
  for (const Unit unit : {Unit::words, Unit::chars}) {
    const std::vector<std::string> texts{"a <|endoftext|> b"};
    const Corpus c = make_corpus(texts, {.tokenizer = {unit, false}, .held_out = 0.0});
    BOOST_TEST(std::count(c.train.begin(), c.train.end(), Vocabulary::end_of_text) == 2);
    for (const Index id : encode(c.vocabulary, {unit, false}, "<|endoftext|>"))
      BOOST_TEST(id >= Vocabulary::first_word);
  }
}

BOOST_AUTO_TEST_CASE(a_prompt_is_encoded_and_read_back) {
  const std::vector<std::string> texts{"The king , the queen ."};
  const Tokenizer words{Unit::words, true}, chars{Unit::chars, false};
  const Vocabulary v = make_corpus(texts, {.tokenizer = words, .held_out = 0.0}).vocabulary;
  const std::vector<Index> ids = encode(v, words, "The QUEEN, the cat.");
  BOOST_TEST(decode(v, words, ids) == "the queen, the <|unk|>.");
  BOOST_TEST(encode(v, words, "").empty());
  check_has(error_text<IndexError>([&] { decode(v, words, std::vector<Index>{99}); }), "id 99");
  const Vocabulary letters = make_corpus(texts, {.tokenizer = chars, .held_out = 0.0}).vocabulary;
  BOOST_TEST(decode(letters, chars, encode(letters, chars, "The queen")) == "The queen");
}

BOOST_AUTO_TEST_CASE(a_text_shorter_than_the_context_is_refused_with_both_numbers_D093) {
  const std::vector<Index> ten(10, 2);
  BOOST_TEST(error_text<ValueError>([] { check_length(10, 64); }) ==
             "[corpus] the text has 10 tokens; a context of 64 needs at least 65");
  check_has(error_text<ValueError>([] { check_length(10, 10, "held-out part"); }),
            "the held-out part has 10 tokens; a context of 10 needs at least 11");
  check_has(error_text<ValueError>([] { check_length(0, 64); }), "has 0 tokens; a context of 64");
  check_has(error_text<ValueError>([] { check_length(1, 64); }), "has 1 token; a context of 64");
  check_has(error_text<ValueError>([] { check_length(10, 0); }), "the context is 0; the least is 1");
  check_length(10, 9);
}

// The vocabulary is made of the training documents; ids are its own.
BOOST_AUTO_TEST_CASE(byte_pairs_stand_between_ends_of_text) {
  std::vector<std::string> documents(20, "the cat and the hat"), asked;
  documents[10] = "zebra zebra";
  const auto source = [&](std::span<const std::string> training) {
    asked.assign(training.begin(), training.end());
    return Bpe::train(training, {.vocab_size = 262});
  };
  const Corpus c = make_pair_corpus(documents, source, {.held_out = 0.05});
  BOOST_TEST(asked.size() == 19u);
  BOOST_TEST(std::count(asked.begin(), asked.end(), "zebra zebra") == 0);
  BOOST_TEST(c.vocabulary_size() == 262);
  BOOST_TEST(c.end_of_text == 261);
  BOOST_TEST(std::count(c.train.begin(), c.train.end(), 261) == 20);
  BOOST_TEST(c.pairs->decode(c.held_out) == "<|endoftext|>zebra zebra<|endoftext|>");
  BOOST_TEST(!c.held_out_is_tail);
  BOOST_TEST(c.train_unknown + c.held_out_unknown == 0);
}

BOOST_AUTO_TEST_CASE(the_tail_of_byte_pairs_begins_with_a_whole_character) {
  const auto source = [](std::span<const std::string> training) { return Bpe::train(training, {.vocab_size = 257}); };
  for (const double part : {0.1, 0.2, 0.3, 0.4, 0.5}) {
    const Corpus c = make_pair_corpus({"€€€€€"}, source, {.held_out = part});
    BOOST_TEST(c.held_out_is_tail);
    const std::string train = c.pairs->decode(c.train), held_out = c.pairs->decode(c.held_out);
    BOOST_TEST(train.substr(13).starts_with("€"));
    BOOST_TEST(held_out.substr(13).starts_with("€"));
  }
  check_has(error_text<ValueError>([&] { make_pair_corpus({"", ""}, source); }), "there is no text");
  check_has(error_text<ValueError>([&] { make_pair_corpus({"a"}, source, {.held_out = 0.6}); }), "from 0 to 0.5");
  const auto bare = [](std::span<const std::string>) { return Bpe(std::vector<Bpe::Merge>{}); };
  check_has(error_text<ValueError>([&] { make_pair_corpus({"a"}, bare); }), "has no <|endoftext|>");
}

BOOST_AUTO_TEST_SUITE_END()
