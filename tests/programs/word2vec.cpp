// word2vec.cpp: the program as its users run it: files, seeds, threads, going on after a stop, mistakes.
#include "nn/safetensors.hpp"
#include "programs/run.hpp"
#include "vectors/neighbours.hpp"
#include "vectors/word2vec_text.hpp"

using namespace programs;
using namespace lexigrad;

namespace {

std::string text(int lines = 400) {
  std::string result;
  for (int i = 0; i < lines / 5; ++i) result += small_text(5);
  return result;
}

Result run_word2vec(const std::string& text, const std::string& out, const std::vector<std::string>& more = {},
                    const RunOptions& options = {}) {
  std::vector<std::string> arguments = {WORD2VEC, "--text", text, "--out", out, "--dim", "12", "--epochs", "2"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments, options);
}

void check_same_files(const std::string& a, const std::string& b) {
  for (const char* name : {"/vectors.txt", "/vectors.bin", "/vocab.txt", "/checkpoint.safetensors"}) {
    BOOST_CHECK_MESSAGE(read(a + name) == read(b + name), name << " differs between " << a << " and " << b);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(word2vec)

BOOST_AUTO_TEST_CASE(every_file_is_written_and_says_the_same) {
  const Folder folder;
  const std::string out = folder / "out";
  const Result r = run_word2vec(write(folder / "t.txt", text()), out, {"--show", "king"});
  check_works(r);
  check_has(r.out, "epoch 2/2  loss ");
  check_has(r.out, "words/s");
  check_has(r.out, "\nking ");
  const vectors::WordTable table = vectors::read_vectors(out + "/vectors.txt");
  BOOST_TEST(table.dim() == 12);
  BOOST_TEST(table.words.front() == "the");
  const SafetensorsFile checkpoint(out + "/checkpoint.safetensors");
  const Tensor input = checkpoint.read("input.weight");
  BOOST_REQUIRE_EQUAL(input.size(), table.vectors.size());
  const std::string binary = read(out + "/vectors.bin");
  std::size_t at = binary.find('\n') + 1;
  check_has(binary.substr(0, at), fmt::format("{} 12\n", table.size()));
  for (Index i = 0; i < table.size(); ++i) {
    const std::string& word = table.words[static_cast<std::size_t>(i)];
    BOOST_REQUIRE_EQUAL(binary.substr(at, word.size() + 1), word + " ");
    at += word.size() + 1;
    BOOST_REQUIRE(std::memcmp(binary.data() + at, input.data() + i * 12, 12 * sizeof(float)) == 0);
    BOOST_REQUIRE(std::memcmp(table.vectors.data() + i * 12, input.data() + i * 12, 12 * sizeof(float)) == 0);
    at += 12 * sizeof(float) + 1;
  }
  BOOST_TEST(at == binary.size());
  check_has(read(out + "/vocab.txt"), "the ");
  check_has(read(out + "/map.html"), "what word2vec learned");
}

BOOST_AUTO_TEST_CASE(a_text_without_common_words_fails_at_once_and_leaves_no_file_D080) {
  const Folder folder;
  const Result r = run_word2vec(write(folder / "t.txt", "a b c d"), folder / "out", {"--min-count", "5"});
  check_fails(r, 1, {"no word occurs 5 times", "occurs 1"});
  BOOST_TEST(!fs::exists(folder / "out"));
}

BOOST_AUTO_TEST_CASE(the_seed_decides_and_nothing_else_does_D086) {
  const Folder folder;
  const std::string t = write(folder / "t.txt", text());
  const auto out = [&](const char* name, const std::vector<std::string>& more, const RunOptions& options = {}) {
    check_works(run_word2vec(t, folder / name, more, options));
    return folder / name;
  };
  const std::string one = out("a", {"--seed", "7", "--threads", "1"});
  check_same_files(one, out("b", {"--seed", "7", "--threads", "1"}));
  check_same_files(one, out("c", {"--seed", "7", "--threads", "2"}));
  check_same_files(
      one, out("d", {"--seed", "7", "--threads", "4"}, {.environment = {{"LC_ALL", "de_DE.UTF-8"}, {"A", "b"}}}));
  BOOST_TEST((read(one + "/vectors.txt") != read(out("e", {"--seed", "8", "--threads", "1"}) + "/vectors.txt")));
  BOOST_TEST((read(one + "/vectors.txt") != read(out("f", {"--seed", "7", "--cbow"}) + "/vectors.txt")));
}

BOOST_AUTO_TEST_CASE(a_rate_of_zero_leaves_the_start_values_D087) {
  const Folder folder;
  const std::string t = write(folder / "t.txt", text());
  const Result r = run_word2vec(t, folder / "still", {"--lr", "0"});
  check_works(r);
  check_works(run_word2vec(t, folder / "once", {"--lr", "0", "--sample", "0", "--negative", "2"}));
  BOOST_TEST((read(folder / "still/vectors.txt") == read(folder / "once/vectors.txt")));
}

BOOST_AUTO_TEST_CASE(a_stopped_run_goes_on_with_the_same_bits) {
  const Folder folder;
  const std::string t = write(folder / "t.txt", text(4000));
  check_works(
      run({WORD2VEC, "--text", t, "--out", folder / "whole", "--dim", "12", "--epochs", "40", "--sample", "0"}));
  const Result stopped =
      run({WORD2VEC, "--text", t, "--out", folder / "part", "--dim", "12", "--epochs", "40", "--sample", "0"},
          {.interrupt_after = "epoch 3/40"});
  BOOST_REQUIRE_MESSAGE(stopped.code == 130, "exit code " << stopped.code << "; stderr: " << stopped.err);
  check_has(stopped.out, "word2vec --resume " + (folder / "part"));
  check_works(run({WORD2VEC, "--resume", folder / "part", "--threads", "1"}));
  check_same_files(folder / "whole", folder / "part");
  check_works(run({WORD2VEC, "--resume", folder / "part"}));  // nothing is left to do
  check_same_files(folder / "whole", folder / "part");

  check_fails(run({WORD2VEC, "--resume", folder / "part", "--dim", "13"}), 2, {"--dim 13", "has 12"});
  check_fails(run({WORD2VEC, "--resume", folder / "part", "--cbow"}), 2, {"--cbow", "has none"});
  check_fails(run({WORD2VEC, "--resume", folder / "part", "--out", "elsewhere"}), 2, {"--out elsewhere"});
  write(t, text(4000) + "One more.\n");
  check_fails(run({WORD2VEC, "--resume", folder / "part"}), 1, {"the text is not the one"});
  check_fails(run({WORD2VEC, "--resume", folder / "nowhere"}), 1, {"nowhere/checkpoint.safetensors"});
}

BOOST_AUTO_TEST_CASE(nothing_is_written_over_that_is_not_its_own) {
  const Folder folder;
  const std::string out = folder / "out";
  std::filesystem::create_directory(out);
  const std::string inside = write(out + "/vocab.txt", text());
  check_fails(run_word2vec(inside, out), 2, {"--out", "vocab.txt is read"});
  BOOST_TEST(read(inside) == text());
  std::filesystem::remove(inside);
  write(out + "/report.json", "{}");
  check_fails(run_word2vec(write(folder / "t.txt", text()), out), 1, {"report.json belongs to another program"});
  std::filesystem::remove(out + "/report.json");
  // A run that fails does not leave the checkpoint of the one before for its own.
  check_works(run_word2vec(folder / "t.txt", out));
  check_fails(run_word2vec(folder / "t.txt", out, {"--lr", "1e30"}), 1, {"--lr"});
  BOOST_TEST(!std::filesystem::exists(out + "/checkpoint.safetensors"));
}

BOOST_AUTO_TEST_CASE(words_that_stand_together_are_one_where_asked) {
  const Folder folder;
  std::string cities;
  for (int i = 0; i < 40; ++i) cities += fmt::format("in{} new york at{}\n", i % 4, (i + 1) % 4);
  const std::string t = write(folder / "t.txt", cities);
  const Result r = run_word2vec(t, folder / "out", {"--phrases", "1", "--phrase-threshold", "3", "--map", "0"});
  check_works(r);
  check_has(r.out, "phrases: ");
  check_has(read(folder / "out/vocab.txt"), "new_york 40");
  BOOST_TEST(!fs::exists(folder / "out/map.html"));
  check_works(run({WORD2VEC, "--resume", folder / "out"}));  // with the phrases that it began with
  check_has(read(folder / "out/vocab.txt"), "new_york 40");
}

BOOST_AUTO_TEST_CASE(letters_are_a_rule_of_their_own) {
  const Folder folder;
  const std::string t = write(folder / "t.txt", text());
  check_works(run_word2vec(t, folder / "out", {"--words", "letters"}));
  for (const std::string& word : vectors::read_vectors(folder / "out/vectors.txt").words) {
    BOOST_TEST(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(without_locks_it_writes_the_same_files) {
  const Folder folder;
  const std::string t = write(folder / "t.txt", text());
  for (const char* form : {"--cbow", "--fixed-windows"}) {
    check_works(run_word2vec(t, folder / "out", {"--lock-free", "--threads", "2", form}));
    BOOST_TEST(vectors::read_vectors(folder / "out/vectors.txt").dim() == 12);
  }
}

BOOST_AUTO_TEST_CASE(mistakes_are_told) {
  const Folder folder;
  const std::string t = write(folder / "t.txt", text());
  check_fails(run_word2vec(folder / "none.txt", folder / "out"), 1, {"none.txt", "does not exist"});
  check_fails(run_word2vec(t, folder / "out", {"--window", "0"}), 2, {"--window 0: expected 1 to 10000"});
  for (const char* seed : {"-1", "18446744073709551616", "1.5", ""}) {
    check_fails(run_word2vec(t, folder / "out", {"--seed", seed}), 2, {"--seed", "expected a whole number from 0"});
  }
  check_fails(run({WORD2VEC, "--text", t, "--epochs", "9223372036854775807"}), 2, {"expected 1 to 1000000"});
  check_fails(run_word2vec(t, folder / "out", {"--resume", ""}), 2, {"--resume", "expected the name of a folder"});
  // Of several texts the one at fault is named.
  const std::string bad = write(folder / "bad.txt", "caf\xE9\n");
  check_fails(run({WORD2VEC, "--text", t, bad, "--out", folder / "out"}), 1, {"bad.txt", "not UTF-8"});
  const std::string single = write(folder / "single.txt", "cat\ncat\ncat\ncat\ncat\ndog\ndog\ndog\ndog\ndog\n");
  check_fails(run_word2vec(single, folder / "single"), 1, {"no word of the vocabulary has another beside it"});
  check_fails(run_word2vec(t, folder / "out", {"--lr", "nan"}), 2, {"--lr nan"});
  check_fails(run_word2vec(t, folder / "out", {"--sample=-1"}), 2, {"--sample -1"});
  check_fails(run_word2vec(t, folder / "out", {"--words", "lines"}), 2, {"--words"});
  check_fails(run_word2vec(t, folder / "out", {"--phrases", "9"}), 2, {"--phrases 9: expected 0 to 4"});
  check_fails(run_word2vec(t, t), 1, {"--out", "is not a folder"});
}

BOOST_AUTO_TEST_CASE(help_lists_every_flag_with_its_default_D100) {
  check_help(WORD2VEC, {"--text",       "--out",       "--words",
                        "--vocab",      "--min-count", "--cbow",
                        "--dim",        "--phrases",   "--phrase-threshold",
                        "--map",        "--window",    "--fixed-windows",
                        "--negative",   "--sample",    "--epochs",
                        "--lr",         "--seed",      "--threads",
                        "--lock-free",  "--group",     "--resume",
                        "--save-every", "--show"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(word2vec_learns)

BOOST_AUTO_TEST_CASE(roads_are_near_cars_in_the_embedded_corpus) {
  for (const char* seed : {"1", "2"}) {  // not by luck
    const Folder folder;
    check_works(run({WORD2VEC, "--window", "10", "--seed", seed, "--out", folder / "out"}));
    const vectors::WordTable table = vectors::read_vectors(folder / "out/vectors.txt");
    for (const char* word : {"drive", "road"}) BOOST_TEST(vectors::rank_of(table, word, "car").value() <= 20, word);
  }
}

BOOST_AUTO_TEST_SUITE_END()
