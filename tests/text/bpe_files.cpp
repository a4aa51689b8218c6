// bpe_files.cpp: tokenizers out of files and into them, and what is said of damaged ones.
#include "text/bpe.hpp"
#include "text/byte_alphabet.hpp"
#include "text/reading.hpp"
#include "text/support.hpp"

namespace {

using namespace support;
using namespace lexigrad::text;

const std::string six_merges = "a b\nab c\nĠ a\n# #\nĠa b\nĊ Ċ\n";

// The vocabulary that belongs to merges: the bytes, what they make, and more entries.
std::string vocabulary_of(const std::string& merges, const std::vector<std::string>& more = {}) {
  std::vector<std::string> names;
  for (const std::uint8_t byte : bytes_by_alphabet()) names.push_back(spell(std::string(1, static_cast<char>(byte))));
  for (std::size_t at = 0; at < merges.size();) {
    const std::size_t end = merges.find('\n', at);
    std::string name = merges.substr(at, end - at);
    name.erase(name.find(' '), 1);
    names.push_back(name);
    at = end + 1;
  }
  names.insert(names.end(), more.begin(), more.end());
  std::string json;
  for (std::size_t id = 0; id < names.size(); ++id) {
    std::string name;
    for (const char c : names[id]) name += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    json += fmt::format("{}\"{}\": {}", id == 0 ? "{" : ", ", name, id);
  }
  return json + "}";
}

std::vector<std::string> tokens_of(const Bpe& bpe, const std::string& text) {
  std::vector<std::string> tokens;
  for (const Index id : bpe.encode(text)) tokens.push_back(spell(bpe.bytes(id)));
  return tokens;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : digits[bits >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string ranks_of(const Bpe& bpe) {
  std::string text;
  for (Index id = 0; id < bpe.size(); ++id) {
    if (id != bpe.end_of_text()) text += fmt::format("{} {}\n", base64(bpe.bytes(id)), id);
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bpe_files)

BOOST_AUTO_TEST_CASE(variants_of_a_merges_file_give_one_tokenizer_D064) {
  const Folder folder;
  const std::string vocab = folder.file("vocab.json", vocabulary_of(six_merges));
  const std::string version = "#version: 0.2\n" + six_merges;
  std::string crlf;
  for (const char c : version) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  for (const std::string& content :
       {six_merges, version, crlf, version.substr(0, version.size() - 1), version + "\n\n"}) {
    const Bpe bpe = Bpe::load(folder.file("merges.txt", content), vocab);
    BOOST_TEST(bpe.merges() == 6);
    check_list(tokens_of(bpe, "abc"), {"abc"});
    check_list(tokens_of(bpe, " abc"), {"Ġ", "abc"});
    check_list(tokens_of(bpe, " ab"), {"Ġ", "ab"});
    check_list(tokens_of(bpe, "## a"), {"##", "Ġa"});
    check_list(tokens_of(bpe, "\n\n"), {"ĊĊ"});
    check_list(tokens_of(bpe, "ab ab"), {"ab", "Ġ", "ab"});
  }
}

BOOST_AUTO_TEST_CASE(a_folder_may_use_either_names) {
  for (const char* merges : {"vocab.bpe", "merges.txt"}) {
    for (const char* vocab : {"encoder.json", "vocab.json"}) {
      const Folder folder;
      folder.file(merges, six_merges);
      folder.file(vocab, vocabulary_of(six_merges, {"<|endoftext|>"}));
      BOOST_TEST(*Bpe::load_folder(folder.path()).end_of_text() == 262);
    }
  }
  const Folder folder;
  const auto missing = [&] { return error_text<FileError>([&] { Bpe::load_folder(folder.path()); }); };
  check_has(missing(),
            "lacks merges and vocabulary; looked for the merges as vocab.bpe or merges.txt, and for the "
            "vocabulary as encoder.json or vocab.json");
  folder.file("merges.txt", six_merges);
  check_has(missing(), "lacks the vocabulary;");
  check_has(error_text<FileError>([&] { Bpe::load_folder(folder.file("none")); }), "none' is not a folder");
}

BOOST_AUTO_TEST_CASE(saved_and_loaded_is_the_same) {
  const Folder folder;
  const std::vector<Bpe::Merge> merges = {{"a", "b"},   {"#", "#"},    {"\n", "\n"},
                                          {"\"", "\\"}, {" ", "\xFF"}, {"ab", "ab"}};
  const std::vector<std::string> specials = {"<|endoftext|>", "<é \"x\">"};
  const Bpe bpe(merges, specials);
  bpe.save(folder.file("made") + "/here");
  const Bpe again = Bpe::load_folder(folder.file("made") + "/here");
  BOOST_TEST(again.size() == bpe.size());
  BOOST_TEST(again.merges() == bpe.merges());
  check_ids(again.specials(), bpe.specials());
  for (Index id = 0; id < bpe.size(); ++id) BOOST_TEST((again.bytes(id) == bpe.bytes(id)));
  for (const std::string text : {"abab## \xFF\n\n\"\\", "<|endoftext|><é \"x\">"}) {
    for (const Specials how : {Specials::ordinary, Specials::recognised}) {
      check_ids(again.encode(text, how), bpe.encode(text, how));
    }
  }
  again.save(folder.file("twice"));
  for (const std::string name : {"/vocab.json", "/merges.txt"}) {
    BOOST_TEST((read_bytes(folder.file("twice") + name, "") == read_bytes(folder.file("made") + "/here" + name, "")));
  }
  check_has(error_text<FileError>([&] { bpe.save(folder.file("file", "x") + "/below"); }), "cannot be made");
}

BOOST_AUTO_TEST_CASE(a_vocabulary_may_lack_bytes_and_hold_what_no_merge_makes) {
  const Folder folder;
  const Bpe bpe = Bpe::load(folder.file("merges.txt", "l o\nlo w\n"),
                            folder.file("vocab.json", R"({"l":0,"o":1,"w":2,"lo":3,"low":4,"lowest":5,"<unk>":6})"));
  check_ids(bpe.encode("lowlo"), {4, 3});
  check_ids(bpe.specials(), {6});
  BOOST_TEST(bpe.decode(std::vector<Index>{5, 6}) == "lowest<unk>");
  BOOST_TEST(error_text<ValueError>([&] { bpe.encode("lowest"); }) ==
             "[encode] byte 0x65 at offset 3 has no token in this vocabulary of 7");
  BOOST_TEST(!bpe.end_of_text());
}

BOOST_AUTO_TEST_CASE(ranks_give_the_ids_that_merges_give) {
  const Folder folder;
  const std::string learned = "a b\nab c\n# #\nĊ Ċ\nĠ abc\n";  // each token is reached by merging its bytes
  folder.file("merges.txt", learned);
  folder.file("vocab.json", vocabulary_of(learned, {"<|endoftext|>"}));
  const Bpe merges = Bpe::load_folder(folder.path());
  const Bpe ranks = Bpe::load_tiktoken(folder.file("x.tiktoken", ranks_of(merges)));
  BOOST_TEST(ranks.size() == merges.size());
  BOOST_TEST(*ranks.end_of_text() == *merges.end_of_text());
  for (const std::string text : {"abc", " abc", "## a", "\n\n", "ab ab", "<|endoftext|>"}) {
    check_ids(ranks.encode(text), merges.encode(text));
    check_ids(ranks.encode(text, Specials::recognised), merges.encode(text, Specials::recognised));
  }
  // Unlike merges, ranks know no order of two tokens: any two that make a token are merged.
  const std::string odd = folder.file("odd", "YQ== 0\nYg== 1\nYw== 2\nYmM= 3\nYWI= 4\nYWJj 5\n");  // a b c bc ab abc
  check_ids(Bpe::load_tiktoken(odd).encode("abc"), {5});
  ranks.save(folder.file("saved"));
  check_ids(Bpe::load_folder(folder.file("saved")).encode("## abc ab"), merges.encode("## abc ab"));
}

BOOST_AUTO_TEST_CASE(ranks_may_have_holes_but_not_be_a_hole) {
  const Folder folder;
  const Bpe bpe = Bpe::load_tiktoken(folder.file("x", "YQ== 0\nYg== 1\nYWI= 4\n"));
  BOOST_TEST(bpe.size() == 5);
  BOOST_TEST(bpe.tokens() == 4);
  BOOST_TEST(*bpe.end_of_text() == 2);  // the lowest free id
  check_ids(bpe.encode("abba"), {4, 1, 0});
  BOOST_TEST(error_text<IndexError>([&] {
               bpe.decode(std::vector<Index>{4, 3});
             }) == "[decode] position 1: id 3 has no token");
  bpe.save(folder.file("saved"));
  check_has(error_text<FileError>([&] { Bpe::load_folder(folder.file("saved")); }),
            "gives 'ab' the id 4, and none the id 3; expected the ids 0 to 3");
}

BOOST_AUTO_TEST_CASE(damaged_merges_are_named_with_their_line) {
  const Folder folder;
  const std::string vocab = folder.file("vocab.json", vocabulary_of(six_merges));
  const auto loaded = [&](const std::string& merges) {
    return error_text<FileError>([&] { Bpe::load(folder.file("merges.txt", merges), vocab); });
  };
  check_has(loaded("a b\nabc\n"), "merges.txt' line 2: expected two tokens with a blank between, not 'abc'");
  check_has(loaded("a b\n\nab c\n"), "line 2: expected two tokens with a blank between, not '\"\"'");
  check_has(loaded("a  b\n"), "line 1: expected two tokens");
  check_has(loaded("a b c\n"), "line 1: expected two tokens");
  check_has(loaded(" a\n"), "line 1: expected two tokens");
  check_has(loaded("#version: 0.2\na b\na \t\n"), "line 3: '\\x09' is not spelled in the alphabet of bytes");
  check_has(loaded("a b\nx y\n"), "line 2: 'xy' is not in the vocabulary");
  check_has(loaded("a b\nab c\na b\n"), "line 3: this merge stands in line 1 already");
  check_has(error_text<FileError>([&] { Bpe::load(folder.file("none"), vocab); }),
            "none' does not exist; expected a file of merges (vocab.bpe or merges.txt)");
}

BOOST_AUTO_TEST_CASE(damaged_vocabularies_are_named_with_their_key) {
  const Folder folder;
  const std::string merges = folder.file("merges.txt", "a b\n");
  const auto loaded = [&](const std::string& vocab) {
    return error_text<FileError>([&] { Bpe::load(merges, folder.file("vocab.json", vocab)); });
  };
  check_has(loaded(""), "vocab.json' is not JSON");
  check_has(loaded(R"({"a":0,"b":1,)"), "is not JSON: something is wrong at byte 14");
  check_has(loaded(R"({"a":0,"b":1,"ab":2} x)"), "is not JSON");
  check_has(loaded("[1]"), "holds no object");
  check_has(loaded("7"), "holds no object");
  check_has(loaded("{}"), "names no token");
  check_has(loaded(R"({"a":0,"b":-1})"), "gives 'b' an id that is not a whole number from 0 on");
  check_has(loaded(R"({"a":0,"b":1.5})"), "gives 'b' an id that is not a whole number");
  check_has(loaded(R"({"a":0,"b":"1"})"), "gives 'b' an id that is not a whole number");
  check_has(loaded(R"({"a":0,"b":{"c":1}})"), "gives 'b' an id that is not a whole number");
  check_has(loaded(R"({"a":0,"b":1,"a":2})"), "names the token 'a' twice");
  check_has(loaded(R"({"a":0,"b":1,"ab":1})"), "gives the id 1 to 'ab' and to 'b'");
  check_has(loaded(R"({"a":0,"b":1,"ab":4294967296})"), "gives 'ab' the id 4294967296, and none the id 2");
  check_has(loaded(R"({"a":0,"b":1,"ab":2,"中":3})"),
            "names a token '中', which is not spelled in the alphabet of bytes");
  check_has(loaded(R"({"a":0,"b":1,"ab":2,"":3})"), "names a token '\"\"'");
  check_has(loaded(R"({"a":0,"b":1})"), "line 1: 'ab' is not in the vocabulary");
}

BOOST_AUTO_TEST_CASE(damaged_ranks_are_named_with_their_line) {
  const Folder folder;
  const auto loaded = [&](const std::string& ranks) {
    return error_text<FileError>([&] { Bpe::load_tiktoken(folder.file("x", ranks)); });
  };
  check_has(loaded(""), "holds no ranks");
  check_has(loaded("YQ== 0\n\nYg== 1\n"), "line 2: expected a token in base64, a blank and its rank, not '\"\"'");
  check_has(loaded("YQ= 0\n"), "line 1: expected a token in base64");
  check_has(loaded("Y*== 0\n"), "line 1: expected a token in base64");
  check_has(loaded("YQ==\n"), "line 1: the rank '\"\"' is not a whole number from 0 on");
  check_has(loaded("YQ== -1\n"), "the rank '-1' is not a whole number");
  check_has(loaded("YQ== 1x\n"), "the rank '1x' is not a whole number");
  check_has(loaded("YQ== 99999999999999999999\n"), "is not a whole number from 0 on");
  check_has(loaded("YQ== 0\nYg== 4000000000\n"), "line 2: the rank 4000000000 is out of all proportion to 2 lines");
  check_has(loaded("YQ== 0\nYg== 0\n"), "line 2: the rank 0 is there twice");
  check_has(loaded("YQ== 0\nYQ== 1\n"), "to the same token 'a'");
  check_has(loaded(base64(std::string(2000, 'a')) + " 0\n"), "line 1: the token has more than 1024 bytes");
}

BOOST_AUTO_TEST_SUITE_END()
