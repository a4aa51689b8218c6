// tokenize.cpp: the program as a user runs it: a tokenizer is learned, text goes to ids and back, bad input is named.
#include <sys/stat.h>

#include "programs/run.hpp"
#include "support/data.hpp"

namespace {

using namespace programs;

// A tokenizer learned from a small text, in a folder that lives as long as the object.
struct Learned {
  Folder folder;
  std::string tokenizer = folder / "tokenizer", text = write(folder / "text.txt", small_text());

  Learned() {
    const Result result = run({TOKENIZE, "train", text, "--vocab-size", "300", "--out", tokenizer});
    check_works(result);
    check_has(result.out, "43 merges, a vocabulary of 300");
  }
  Result operator()(std::vector<std::string> arguments, const RunOptions& options = {}) const {
    arguments.insert(arguments.begin(), TOKENIZE);
    arguments.insert(arguments.begin() + 2, {"--gpt2", tokenizer});
    return run(arguments, options);
  }
};

std::string any_bytes() {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(i * i % 251 + i % 7);
  return bytes + "\r\n\xFF";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokenize)

BOOST_AUTO_TEST_CASE(text_goes_to_ids_and_comes_back) {
  const Learned tokenize;
  for (const std::string& bytes : {read(tokenize.text), any_bytes(), std::string()}) {
    const std::string file = write(tokenize.folder / "bytes", bytes);
    for (const char* format : {"text", "json", "u16", "u32"}) {
      const std::string ids = tokenize.folder / "ids";
      check_works(tokenize({"encode", file, "--format", format, "--out", ids}));
      const Result encoded = tokenize({"encode", "-", "--format", format}, {.input = bytes});
      check_works(encoded);
      BOOST_TEST((encoded.out == read(ids)));
      const Result decoded = tokenize({"decode", ids, "--format", format});
      check_works(decoded);
      BOOST_TEST((decoded.out == bytes));
      check_works(tokenize({"decode", ids, "--format", format, "--out", tokenize.folder / "back"}));
      BOOST_TEST((read(tokenize.folder / "back") == bytes));
    }
  }
}

BOOST_AUTO_TEST_CASE(counting_agrees_with_encoding) {
  const Learned tokenize;
  const Result encoded = tokenize({"encode", tokenize.text}), counted = tokenize({"count", tokenize.text});
  const auto blanks = std::count(encoded.out.begin(), encoded.out.end(), ' ');
  BOOST_TEST(counted.out == fmt::format("{}\n", blanks + 1));
  const Result two = tokenize({"count", tokenize.text, tokenize.text, "--end-of-text"});
  check_has(two.out, fmt::format("{:>12} total\n", 2 * (blanks + 2)));
  BOOST_TEST(tokenize({"encode", "--text", "<|endoftext|>", "--special", "recognised"}).out == "299\n");
  BOOST_TEST(tokenize({"encode", "--text", "", "--end-of-text", "--format", "json"}).out == "[299]\n");
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_writes_the_same_bytes) {
  const Learned tokenize;
  std::string large;
  while (large.size() < 6000000) large += small_text() + any_bytes();
  const std::string file = write(tokenize.folder / "large", large);
  const Result one = tokenize({"encode", file, "--format", "u16", "--threads", "1"});
  const Result three = tokenize({"encode", file, "--format", "u16", "--threads", "3"});
  check_works(one);
  BOOST_TEST((one.out == three.out));
  BOOST_TEST((tokenize({"decode", "-", "--format", "u16"}, {.input = one.out}).out == large));
}

BOOST_AUTO_TEST_CASE(many_documents_come_out_in_their_order) {
  const Learned tokenize;
  std::vector<std::string> files;
  std::string one_by_one, counts;
  for (int i = 0; i < 70; ++i) {  // more than are encoded side by side; one of them large, one empty
    std::string bytes = i == 7 ? std::string() : fmt::format("The king {} saw {} ships.", i, i * i);
    while (i == 40 && bytes.size() < (1 << 21)) bytes += bytes;
    files.push_back(write(tokenize.folder / fmt::format("document {}", i), bytes));
    const Result alone = tokenize({"encode", files.back(), "--format", "json"});
    check_works(alone);
    one_by_one += alone.out;
    counts += fmt::format("{:>12} {}\n", bytes.empty() ? 0 : std::count(alone.out.begin(), alone.out.end(), ',') + 1,
                          files.back());
  }
  std::vector<std::string> encode = {"encode", "--format", "json"}, count = {"count"};
  encode.insert(encode.end(), files.begin(), files.end());
  count.insert(count.end(), files.begin(), files.end());
  for (const char* threads : {"1", "3"}) {
    const Result all = tokenize(encode, {.environment = {{"OMP_NUM_THREADS", threads}}});
    check_works(all);
    BOOST_TEST((all.out == one_by_one));
    const Result counted = tokenize(count, {.environment = {{"OMP_NUM_THREADS", threads}}});
    check_works(counted);
    BOOST_TEST(counted.out.starts_with(counts));
  }
  check_fails(tokenize({"count", files[0], tokenize.folder / "none", files[1]}), 1, {"none"});
}

BOOST_AUTO_TEST_CASE(show_fits_its_lines_and_colours_only_when_asked) {
  const Learned tokenize;
  const std::string text = "The cat sat on the mat.\nDid the dog sleep? \xE4\xB8\xAD\xFF Yes, the dog did.";
  const Result plain = tokenize({"show", "--text", text, "--width", "40"});
  check_works(plain);
  BOOST_TEST(plain.out.find('\x1B') == std::string::npos);
  check_has(plain.out, "·cat");
  check_has(plain.out, "<E4>");
  check_has(plain.out, "<FF>");
  check_has(plain.out, "↵");
  check_has(plain.out, fmt::format("{} bytes\n", text.size()));
  std::istringstream lines(plain.out);
  for (std::string line; std::getline(lines, line);) {
    const auto columns = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
    BOOST_TEST(columns <= 40, line);
  }
  check_has(tokenize({"show", "--text", text, "--color", "always"}).out, "\x1B[0m");
}

BOOST_AUTO_TEST_CASE(other_files_give_the_same_tokenizer) {
  const Learned tokenize;
  const Result files = run({TOKENIZE, "encode", "--merges", tokenize.tokenizer + "/merges.txt", "--vocab",
                            tokenize.tokenizer + "/vocab.json", tokenize.text});
  check_works(files);
  BOOST_TEST((files.out == tokenize({"encode", tokenize.text}).out));
  const std::string ranks = write(tokenize.folder / "x.tiktoken", "YQ== 0\nYg== 1\nYWI= 2\n");
  BOOST_TEST(run({TOKENIZE, "encode", "--tiktoken", ranks, "--text", "abba"}).out == "2 1 0\n");
}

BOOST_AUTO_TEST_CASE(a_vocabulary_has_the_size_that_was_asked_for_D063) {
  const Folder folder;
  const std::string ab = write(folder / "ab", "ab");
  const auto train = [&](const std::string& size) {
    return run({TOKENIZE, "train", ab, "--vocab-size", size, "--out", folder / "out"});
  };
  check_has(train("5000").out, " 1 merges, a vocabulary of 258:");
  check_has(train("257").out, " 0 merges, a vocabulary of 257:");
  for (const char* size : {"256", "255", "0"}) check_fails(train(size), 2, {"vocab_size", size, "expected 257"});
}

BOOST_AUTO_TEST_CASE(bad_input_is_named) {
  const Learned tokenize;
  const Folder& folder = tokenize.folder;
  check_fails(tokenize({"encode", folder / "none"}), 1, {"none' cannot be opened", "No such file"});
  check_fails(tokenize({"encode", tokenize.tokenizer}), 1, {"is a folder; expected a file"});
  check_fails(tokenize({"decode", "--ids", "1 400"}), 1, {"[decode]", "id 400 is outside the vocabulary of 300"});
  check_fails(tokenize({"decode", write(folder / "words", "1 2\n3 x")}), 1,
              {"words' line 2: 'x' is not part of a list of ids"});
  check_fails(tokenize({"decode", write(folder / "large", "1 2 400")}), 1, {"large'", "id 400 is outside"});
  check_fails(tokenize({"decode", write(folder / "odd", std::string("\1\0\2", 3)), "--format", "u16"}), 1,
              {"odd' ends inside an id: 1 bytes"});
  check_fails(tokenize({"encode", "--text", "<|endoftext|>", "--special", "refused"}), 1,
              {"<|endoftext|> at offset 0"});
  check_fails(tokenize({"encode", tokenize.text, "--out", folder / "no" + "/ids"}), 1, {"cannot be written"});
  check_fails(run({TOKENIZE, "count", "--gpt2", folder / "none"}), 1, {"is not a folder"});
  write(tokenize.tokenizer + "/merges.txt", "t h e\n");
  check_fails(tokenize({"count", tokenize.text}), 1, {"merges.txt' line 1: expected two tokens"});
}

BOOST_AUTO_TEST_CASE(nothing_is_left_of_a_file_that_was_not_finished) {
  const Learned tokenize;
  const std::string results = tokenize.folder / "results", pipe = tokenize.folder / "pipe", out = results + "/ids";
  fs::create_directories(results);
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int writer = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);  // so that reading waits
  for (const int signal : {SIGINT, SIGTERM}) {
    const Result stopped = tokenize({"encode", pipe, "--out", out},
                                    {.kill_once_exists = pipe, .kill_milliseconds = 500, .kill_signal = signal});
    check_fails(stopped, 128 + signal, {"stopped: nothing is written"});
    BOOST_TEST(fs::is_empty(results));
  }
  ::close(writer);
  // No file may grow beyond 512 or 1024 bytes.
  const Result full = run({"/bin/sh", "-c", "ulimit -f 1; exec \"$0\" \"$@\"", TOKENIZE, "encode", "--gpt2",
                           tokenize.tokenizer, tokenize.text, "--out", out});
  check_fails(full, 1, {"ids: writing failed", "too large"});
  BOOST_TEST(fs::is_empty(results));
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_told_D100) {
  check_fails(run({TOKENIZE}), 2, {"expected one command"});
  check_fails(run({TOKENIZE, "train", "--min-count", "0", "--out", "x"}), 2, {"min_count 0"});
  check_fails(run({TOKENIZE, "decode", "--gpt2", "x", "--ids", "464", "--format", "u16"}), 2, {"--ids", "u16"});
  check_fails(run({TOKENIZE, "encode"}), 2, {"expected one tokenizer: --gpt2"});
  check_fails(run({TOKENIZE, "encode", "--merges", "x"}), 2, {"--merges and --vocab go together"});
  check_fails(run({TOKENIZE, "encode", "--gpt2", "x", "--text", "a", "file"}), 2, {"not both"});
  check_fails(run({TOKENIZE, "encode", "--gpt2", "x", "--format", "u8"}), 2, {"--format"});
  check_fails(run({TOKENIZE, "count", "--gtp2", "x"}), 2, {"--gtp2"});
  for (const char* command : {"encode", "decode", "count", "show", "train"}) {
    const Result help = run({TOKENIZE, command, "--help"});
    check_works(help);
    check_has(help.out, std::string(command) == "train" ? "--vocab-size" : "--gpt2");
  }
}

BOOST_AUTO_TEST_CASE(gpt2_is_shown_as_the_chapter_says) {
  const auto gpt2 = lexigrad::testing::data_path("gpt2");
  if (!gpt2) return;
  const Result shown = run({TOKENIZE, "show", "--gpt2", gpt2->string(), "--text",
                            "The cat sat on the mat. Unbelievably, its name was Zoë 🙂!"});
  check_works(shown);
  check_has(read(std::string(LEXIGRAD_SOURCE_DIR) + "/examples/README.md"), shown.out);
  BOOST_TEST(run({TOKENIZE, "encode", "--gpt2", gpt2->string(), "--text", "The cat"}).out == "464 3797\n");
}

BOOST_AUTO_TEST_SUITE_END()
