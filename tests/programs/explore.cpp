// explore.cpp: questions to vector files and to the folders of train_embeddings.
#include <set>

#include <nlohmann/json.hpp>

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
  // None, or more than there are (D076).
  const std::string file = folder / "v.txt";
  BOOST_TEST(run({EXPLORE, file, "--json", "neighbours", "king", "--count", "0"}).out.find("\"found\":[]") !=
             std::string::npos);
  check_works(run({EXPLORE, file, "neighbours", "king", "--count", "1000000000"}));
  check_works(run({EXPLORE, file, "analogy", "man", "king", "woman", "--count", "0"}));
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

BOOST_AUTO_TEST_CASE(axes_and_the_odd_word) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec);
  const Result ends = run({EXPLORE, file, "axis", "--from", "man,king", "--to", "woman,queen", "--count", "2"});
  check_works(ends);
  BOOST_TEST(ends.out.find("princess") > ends.out.find("to the end of woman"));
  const Result placed = run({EXPLORE, file, "axis", "--from", "man", "--to", "woman", "--", "queen", "prince"});
  check_works(placed);
  BOOST_TEST(placed.out.find("prince") < placed.out.find("queen"));
  const Result odd = run({EXPLORE, file, "odd", "king", "apple", "queen"});
  check_works(odd);
  check_has(odd.out, "apple does not belong");
}

BOOST_AUTO_TEST_CASE(test_sets_are_evaluated) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec);
  const std::string questions = write(folder / "q.txt", ": royal\nman King woman Queen\nman king woman duchess\n");
  const std::string pairs = write(folder / "s.txt", "king queen 8\nking man 6\nking apple 1\n");
  const Result r = run({EXPLORE, file, "evaluate", "--questions", questions, "--similarity", pairs});
  check_works(r);
  check_has(r.out, "royal");
  check_has(r.out, "100.0 %");
  check_has(r.out, "1 left out, a word is unknown");
  check_has(r.out, "over 3 of 3 pairs");
  check_fails(run({EXPLORE, file, "evaluate", "--similarity", questions}), 1, {"q.txt:1", "two words and a number"});
}

BOOST_AUTO_TEST_CASE(answers_for_programs_are_one_object_a_line) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec);
  const Result r = run({EXPLORE, file, "--json", "neighbours", "king", "man", "--count", "2"});
  check_works(r);
  BOOST_REQUIRE_EQUAL(std::count(r.out.begin(), r.out.end(), '\n'), 2);
  const nlohmann::json first = nlohmann::json::parse(r.out.substr(0, r.out.find('\n')));
  BOOST_TEST(first.at("word") == "king");
  BOOST_TEST(first.at("found").at(0).at("word") == "prince");
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"cosine", "king", "man"},
                                             {"analogy", "man", "king", "woman"},
                                             {"analogy", "man", "king", "woman", "--multiply"},
                                             {"odd", "man", "apple", "king"},
                                             {"axis", "--from", "man", "--to", "woman"},
                                             {"neighbours", "king", "--dot"}}) {
    std::vector<std::string> arguments{EXPLORE, file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.emplace_back("--json");  // behind the command, too
    const Result one = run(arguments);
    check_works(one);
    BOOST_TEST(nlohmann::json::parse(one.out).at("command") == more[0]);
  }
}

BOOST_AUTO_TEST_CASE(tables_are_converted_and_read_again) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec);
  const Result first = run({EXPLORE, file, "analogy", "man", "king", "woman"});
  for (const char* name : {"c.bin", "c.npy", "c.safetensors", "c.txt.gz", "c.bin.gz"}) {
    check_works(run({EXPLORE, file, "convert", folder / name}));
    const Result r = run({EXPLORE, folder / name, "analogy", "man", "king", "woman"});
    check_works(r);
    BOOST_TEST(r.out == first.out, name);
  }
  const Result rows = run({EXPLORE, folder / "c.bin", "--rows", "2", "neighbours", "man"});
  check_works(rows);
  BOOST_TEST(std::count(rows.out.begin(), rows.out.end(), '\n') == 2);
}

BOOST_AUTO_TEST_CASE(without_a_command_lines_are_answered_one_by_one) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec);
  const Result r =
      run({EXPLORE, file}, {.input = "king\nking - man + woman\n\ncosine king man\nhelp\nquit\nnever read\n"});
  check_works(r);
  check_has(r.out, "near king, by cosine");
  check_has(r.out, "near king - man + woman");
  check_has(r.out, "cosine of king and man");
  check_has(r.out, "quit");
  const Result faulty = run({EXPLORE, file}, {.input = "kng\nfoo bar\nneighbours king --cuont 3\nqueen\n"});
  BOOST_TEST(faulty.code == 1);
  BOOST_TEST(std::count(faulty.err.begin(), faulty.err.end(), '\n') == 3);
  check_has(faulty.err, "near spellings: king");
  check_has(faulty.out, "near queen");
  check_works(run({EXPLORE, file}));
}

BOOST_AUTO_TEST_CASE(a_map_is_one_page_with_a_picture_and_files_for_the_projector_beside_it) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec),
                    noise = write(folder / "n.txt", "man 1 2\nking 2 1\napple -1 0\n");
  const Result r = run({EXPLORE, file, "map", "--out", folder / "m.html", "--before", noise, "--svg", folder / "m.svg",
                        "--tsv", folder / "p", "--title", "royal"});
  check_works(r);
  check_has(read(folder / "m.html"), "\"title\":\"royal\"");
  check_has(read(folder / "m.svg"), "</svg>");
  check_has(read(folder / "p.words.tsv"), "man\nwoman\nking\n");
  for (const char* name : {"m.html", "m.svg", "p.vectors.tsv", "p.words.tsv"}) check_has(r.out, name);
  check_fails(run({EXPLORE, file, "map", "--out", "/nowhere/m.html"}), 1, {"/nowhere/m.html"});
}

BOOST_AUTO_TEST_CASE(wrong_usage) {
  const Folder folder;
  const std::string file = write(folder / "v.txt", word2vec);
  check_fails(run({EXPLORE}), 2, {"table"});
  check_fails(run({EXPLORE, file, "odd", "king", "man"}), 2, {"three words"});
  check_fails(run({EXPLORE, file, "evaluate"}), 2, {"--questions", "--similarity"});
  check_fails(run({EXPLORE, file, "axis", "--from", "king"}), 2, {"--to is required"});
  check_fails(run({EXPLORE, file, "cosine", "king", "man", "--format", "excel"}), 2, {"--format"});
  check_fails(run({EXPLORE, file, "map", "--max-words", "1"}), 2, {"--max-words"});
  check_fails(run({EXPLORE, file, "neighbors", "king"}), 2, {"neighbors"});
  check_fails(run({EXPLORE, file, "neighbours", "king", "--cuont", "3"}), 2, {"--cuont"});
  check_fails(run({EXPLORE, file, "neighbours", "king", "--count", "-1"}), 2, {"--count"});
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
  for (const char* command : {"neighbours", "analogy", "cosine", "odd", "axis", "evaluate", "convert", "map"}) {
    check_has(all.out, command);
    const Result help = run({EXPLORE, command, "--help"});
    check_works(help);
    check_has(help.out, command);
    if (std::set<std::string>{"cosine", "odd", "evaluate", "convert", "map"}.contains(command)) continue;
    check_has(help.out, "--count");
    check_has(help.out, "10");
  }
}

BOOST_AUTO_TEST_SUITE_END()
