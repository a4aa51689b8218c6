// explore.cpp: questions to vector files and to the folders of train_embeddings.
#include "programs/run.hpp"

using namespace programs;

namespace {

// man → king is the step woman → queen; apple lies elsewhere. word2vec text, and the same without its first line.
const std::string rows =
    "man 1 0 0.1\nwoman 1 1 0.1\nking 1 0 1.1\nqueen 1 1 1.1\nprince 1 0.1 1\napple -1 0.2 -0.3\nprincess 1 1 0.9\n";
const std::string word2vec = "7 3\n" + rows;

}  // namespace

BOOST_AUTO_TEST_SUITE(explore)

BOOST_AUTO_TEST_CASE(cosine_of_two_words) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", "2 2\na 3 4\nb 4 3\n");
  const Result r = run({EXPLORE, file, "cosine", "a", "b"});
  check_works(r);
  check_has(r.out, "+0.9600");
}

BOOST_AUTO_TEST_CASE(neighbours_come_nearest_first_and_count_limits_them) {
  const Folder folder;
  const Result r = run({EXPLORE, write(folder / "v.txt", word2vec), "neighbours", "king", "man", "--count", "2"});
  check_works(r);
  const std::size_t king = r.out.find("near king"), man = r.out.find("near man"), prince = r.out.find("prince");
  BOOST_TEST((king < prince && prince < man && man != std::string::npos));
  BOOST_TEST(r.out.find("apple") == std::string::npos);
  BOOST_TEST(std::count(r.out.begin(), r.out.end(), '\n') == 6);
}

BOOST_AUTO_TEST_CASE(analogy_with_and_without_the_query_words) {
  const Folder folder;
  for (const std::string& text : {word2vec, rows}) {
    const Result r = run({EXPLORE, write(folder / "v.txt", text), "analogy", "man", "king", "woman", "--count", "1"});
    check_works(r);
    check_has(r.out, "king - man + woman");
    check_has(r.out, "1  queen");
    check_has(r.out, "first with the query words: queen");
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_word_is_named_with_near_spellings) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec);
  check_fails(run({EXPLORE, file, "neighbours", "quen"}), 1, {"\"quen\"", "queen"});
  const Result second = run({EXPLORE, file, "neighbours", "king", "zebra"});
  check_fails(second, 1, {"\"zebra\""});
  BOOST_TEST(second.out == "");
  check_fails(run({EXPLORE, file, "analogy", "man", "kng", "woman"}), 1, {"\"kng\"", "king"});
  check_fails(run({EXPLORE, file, "cosine", "man", "womann"}), 1, {"\"womann\"", "woman"});
}

BOOST_AUTO_TEST_CASE(what_a_reader_finds_odd_goes_to_stderr) {
  const Folder folder;
  const Result r = run({EXPLORE, write(folder / "v.txt", "a 1 2\nb 2 1\na 5 5\n"), "cosine", "a", "b"});
  BOOST_TEST(r.code == 0);
  check_has(r.err, "warning");
  BOOST_TEST(r.out.find("warning") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_usage) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec);
  check_fails(run({EXPLORE}), 2, {"table"});
  check_fails(run({EXPLORE, file}), 2, {"command", "neighbours", "analogy", "cosine"});
  check_fails(run({EXPLORE, file, "neighbors", "king"}), 2, {"neighbors"});
  check_fails(run({EXPLORE, file, "neighbours", "king", "--cuont", "3"}), 2, {"--cuont"});
  check_fails(run({EXPLORE, file, "neighbours", "king", "--count", "0"}), 2, {"--count"});
  check_fails(run({EXPLORE, file, "neighbours"}), 2, {"words"});
  check_fails(run({EXPLORE, file, "analogy", "man", "king"}), 2, {"c is required"});
}

BOOST_AUTO_TEST_CASE(wrong_files) {
  const Folder folder;
  fs::create_directories(folder / "empty");
  check_fails(run({EXPLORE, folder / "empty", "cosine", "a", "b"}), 1,
              {folder / "empty", "vectors.txt", "train_embeddings"});
  check_fails(run({EXPLORE, folder / "none.txt", "cosine", "a", "b"}), 1, {"none.txt"});
  check_fails(run({EXPLORE, write(folder / "bad.txt", "2 2\na 1 2\nb 1\n"), "cosine", "a", "b"}), 1, {"bad.txt"});
  check_fails(run({EXPLORE, write(folder / "nothing.txt", ""), "cosine", "a", "b"}), 1, {"nothing.txt"});
}

BOOST_AUTO_TEST_CASE(help_lists_commands_and_defaults) {
  const Result all = run({EXPLORE, "--help"});
  check_works(all);
  for (const char* command : {"neighbours", "analogy", "cosine"}) {
    check_has(all.out, command);
    const Result help = run({EXPLORE, command, "--help"});
    check_works(help);
    check_has(help.out, command);
    if (std::string(command) == "cosine") continue;
    check_has(help.out, "--count");
    check_has(help.out, "10");
  }
}

BOOST_AUTO_TEST_SUITE_END()
