// formats.cpp: formats told by their content; packed files; checkpoints; what becomes of odd rows.
#include "vectors/formats.hpp"

#include <fstream>

#include "nn/safetensors.hpp"
#include "support.hpp"
#include "support/data.hpp"
#include "vectors/files.hpp"
#include "vectors/npy.hpp"

using namespace support;

namespace {

WordTable small_table() { return {{"cat", "dog", "fish"}, tensor({3, 2}, {1, 2, -0.5, 0.25, 0.001, -3})}; }
const std::vector<double> small_numbers{1, 2, -0.5, 0.25, 0.001, -3};

void check_small(const WordTable& t) {
  check_words(t, {"cat", "dog", "fish"});
  check_numbers(t, small_numbers);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(formats)

BOOST_AUTO_TEST_CASE(every_format_is_written_and_told_by_its_content) {
  for (const char* name : {"v.txt", "v.bin", "v.npy", "v.safetensors", "v.txt.gz", "v.bin.gz", "v.vec"}) {
    const Folder folder;
    save_table(folder.file(name), small_table());
    check_small(load_table(folder.file(name)));
    BOOST_TEST(load_table(folder.file(name), {.rows = 2}).size() == 2, name);
  }
  const Folder folder;
  save_table(folder.file("v.bin"), small_table());
  std::filesystem::rename(folder.file("v.bin"), folder.file("v.txt"));  // the name does not matter
  check_small(load_table(folder.file("v.txt")));
  write_text_file(folder.file("glove"), "cat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n");
  check_small(load_table(folder.file("glove")));
  check_has(error_text<ValueError>([&] { save_table(folder.file("v.npy.gz"), small_table()); }), "not packed");
}

BOOST_AUTO_TEST_CASE(a_faulty_text_file_is_not_taken_for_binary) {
  const Folder folder;
  const auto refusal = [&](const char* text) {
    write_text_file(folder.file("v.txt"), text);
    return error_text<FileError>([&] { load_table(folder.file("v.txt")); });
  };
  check_has(refusal("4 2\ncat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n"), "v.txt:4: the header says 4 words");
  check_has(refusal("3 3\ncat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n"), "v.txt:2: the header says 3 numbers");
  check_has(refusal("2 2\ncat 1 x2\ndog 1 2\n"), "v.txt:2: number 2, \"x2\"");
  check_has(refusal("3 2\n"), "no row follows");
  write_text_file(folder.file("v.txt"), "2 1\ncaf\xE9 1\nna\xEFve 2\n");  // Latin-1
  BOOST_TEST(load_table(folder.file("v.txt")).size() == 2);
}

BOOST_AUTO_TEST_CASE(a_text_of_vectors_is_not_lost_to_the_words_of_an_array) {
  const Folder folder;
  for (const char* ending : {".npy", ".safetensors"}) {
    save_table(folder.file("v.txt"), small_table());
    check_has(error_text<FileError>([&] { save_table(folder.file("v") + ending, small_table()); }),
              "v.txt, which is there and is no list of words");
    check_small(load_table(folder.file("v.txt")));
    save_table(folder.file("w") + ending, small_table());
    save_table(folder.file("w") + ending, small_table());  // a list of words may be replaced
    check_small(load_table(folder.file("w") + ending));
    check_has(error_text<FileError>([&] { save_table(folder.file("w.txt"), small_table()); }),
              "w.txt: is the list of the words of");
    check_small(load_table(folder.file("w") + ending));
    std::filesystem::remove(folder.file("w") + ending);
    // What cannot be written leaves the list as it was.
    std::filesystem::create_directory(folder.file("d") + ending);
    write_text_file(folder.file("d.txt"), "precious\n");
    BOOST_CHECK_THROW(save_table(folder.file("d") + ending, small_table()), FileError);
    BOOST_TEST(read_file(folder.file("d.txt")) == "precious\n");
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_none_is_refused_as_what_its_name_says) {
  const Folder folder;
  const auto refusal = [&](const char* name, const std::string& bytes) {
    write_text_file(folder.file(name), bytes);
    return error_text<FileError>([&] { load_table(folder.file(name)); });
  };
  check_has(refusal("v.npy", "cat 1 2\n"), "is no .npy file");
  check_has(refusal("v.npy.gz", gzip("cat 1 2\n")), "is no .npy file");
  check_has(refusal("v.safetensors", "{}"), "the header's length");
  check_has(refusal("v.safetensors", std::string(8, '\xFF') + "{}"), "the header claims");
  save_table(folder.file("s.safetensors"), small_table());
  check_has(refusal("s.safetensors.gz", gzip(read_file(folder.file("s.safetensors")))), "unpack it first");
  check_has(refusal("s.gz", gzip(read_file(folder.file("s.safetensors")))), "unpack it first");
  save_table(folder.file("p.npy"), small_table());
  write_text_file(folder.file("p.npy.gz"), gzip(read_file(folder.file("p.npy"))));
  check_small(load_table(folder.file("p.npy.gz")));  // its words are in p.txt
}

BOOST_AUTO_TEST_CASE(gzip_files_are_unpacked_checked_and_may_have_several_members) {
  const std::string text = "cat 1 2\ndog -0.5 0.25\nfish 1e-3 -3\n", packed = gzip(text);
  BOOST_TEST(gunzip(packed, "v.gz") == text);
  BOOST_TEST(gunzip(gzip(text.substr(0, 10)) + gzip(text.substr(10)), "v.gz") == text);
  BOOST_TEST(gunzip(gzip(""), "v.gz") == "");
  std::string large;
  for (int i = 0; i < 200000; ++i) large += fmt::format("{} ", i);
  BOOST_TEST((gunzip(gzip(large), "v.gz") == large));
  for (const std::size_t size : {std::size_t{3}, packed.size() / 2, packed.size() - 1}) {
    check_has(error_text<FileError>([&] { gunzip(packed.substr(0, size), "v.gz"); }),
              "v.gz: the gzip data end in the middle");
  }
  std::string damaged = packed;
  damaged[packed.size() - 6] = static_cast<char>(damaged[packed.size() - 6] ^ 1);  // of the checksum
  check_has(error_text<FileError>([&] { gunzip(damaged, "v.gz"); }), "v.gz: the gzip data are damaged");
  check_has(error_text<FileError>([&] { gunzip(packed + "x", "v.gz"); }), "v.gz: the gzip data");
}

BOOST_AUTO_TEST_CASE(odd_rows_are_told_by_one_warning_a_kind) {
  const Folder folder;
  write_text_file(folder.file("v.txt"), "a 1 2\nb nan 1\na 5 6\nz 0 0\nb\xFF 1 1\ny 0 0\n");
  const WordTable t = load_table(folder.file("v.txt"));
  check_words(t, {"a", "b", "z", "b\xFF", "y"});
  BOOST_REQUIRE_EQUAL(t.warnings.size(), 4u);
  check_has(t.warnings[0], "1 row left out, the word stands further up (\"a\", line 1 and line 3); 5 words kept");
  check_has(t.warnings[1], "1 row with a word that is not UTF-8, kept as it is (\"b\\xFF\", line 5)");
  check_has(t.warnings[2], "1 row with NaN or infinity, never among results (\"b\", line 2)");
  check_has(t.warnings[3], "2 rows of zeros, never among results (\"z\", line 4)");
}

BOOST_AUTO_TEST_CASE(folders_of_gpt2_give_their_token_table) {
  const Folder folder;
  const Tensor table = tensor({3, 2}, {1, 2, -0.5, 0.25, 0.001, -3});
  for (const char* name : {"wte.weight", "transformer.wte.weight"}) {
    write_safetensors(folder.file("model.safetensors"), {{"h.0.weight", ones({2})}, {name, table}});
    write_text_file(folder.file("vocab.json"), "{\"fish\": 2, \"cat\": 0, \"\\u0120dog\": 1}");
    const WordTable t = load_table(folder.file(""));
    check_words(t, {"cat", "\u0120dog", "fish"});
    check_numbers(t, small_numbers);
    check_words(load_table(folder.file("model.safetensors")), t.words);
    BOOST_TEST(load_table(folder.file(""), {.rows = 2}).size() == 2);
  }
  write_text_file(folder.file("vocab.json"), "{\"fish\": 7}");
  check_has(error_text<FileError>([&] { load_table(folder.file("")); }),
            "token \"fish\" has the id 7, the table 3 rows");
  write_text_file(folder.file("vocab.json"), "[1]");
  BOOST_CHECK_THROW(load_table(folder.file("")), FileError);
  write_text_file(folder.file("vocab.json"), "{\"fish\": \"x\"}");
  check_has(error_text<FileError>([&] { load_table(folder.file("")); }), "is no JSON of the form");
  std::filesystem::remove(folder.file("vocab.json"));
  check_has(error_text<FileError>([&] { load_table(folder.file("")); }), "vocab.txt and vocab.json beside it");
  write_safetensors(folder.file("model.safetensors"), {{"other", table}});
  check_has(error_text<FileError>([&] { load_table(folder.file("")); }), "has no wte.weight");
  std::filesystem::remove(folder.file("model.safetensors"));
  check_has(error_text<FileError>([&] { load_table(folder.file("")); }), "neither vectors.txt nor model.safetensors");
}

BOOST_AUTO_TEST_CASE(files_of_others_are_read) {
  const auto tiny = lexigrad::testing::data_path("models/tiny_gpt2_hf");
  const auto character = lexigrad::testing::data_path("models/gpt2_char_shakespeare");
  const auto glove = lexigrad::testing::data_path("vectors/glove6b_100d_3k.bin");
  const auto packed = lexigrad::testing::data_path("vectors/glove6b_100d_24k.txt.gz");
  if (!tiny || !character || !glove || !packed) return;
  const WordTable small = load_table(tiny->string());
  BOOST_TEST(small.size() == 21);
  BOOST_TEST(*small.find("\u0120low") == 14);
  const WordTable letters = load_table(character->string());
  BOOST_TEST((letters.size() == 65 && letters.dim() == 64));
  const WordTable binary = load_table(glove->string()), text = load_table(packed->string(), {.rows = 3000});
  BOOST_TEST((binary.size() == 3000 && binary.dim() == 100));
  BOOST_TEST((binary.words == text.words));
  bool same = true;
  for (Index i = 0; i < binary.vectors.size(); ++i) same = same && binary.vectors.data()[i] == text.vectors.data()[i];
  BOOST_TEST(same);
  const WordTable whole = load_table(packed->string());
  BOOST_TEST(whole.size() == 20336);
  BOOST_TEST(whole.warnings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
