// bad_input.cpp: what train_embeddings does with texts, folders and options that make no sense: one line on stderr that
// says what was expected, the right exit code, and no files.
#include "programs/run.hpp"

using namespace programs;

namespace {

void check_no_files(const std::string& folder) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder)) BOOST_ERROR("left behind: " << entry.path().string());
}

struct Case {
  const char* name;
  std::string bytes;
  std::vector<std::string> parts;  // of the message
};

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_input)

BOOST_AUTO_TEST_CASE(texts_that_are_none) {
  const Folder folder;
  const std::vector<Case> cases = {
      {"empty.txt", "", {"empty.txt"}},
      {"blank.txt", " \n\n\t\n", {"blank.txt"}},
      {"one.txt", "cat", {}},
      {"short.txt", "The cat sat. The cat sat.", {"tokens", "context of 16"}},  // D093
      {"binary.bin",
       std::string("\x7f"
                   "ELF\x01\x00\x02",
                   7),
       {"binary.bin"}},
      {"latin1.txt", "The caf\xe9 is open.\n", {"latin1.txt", "UTF-8"}},
  };
  for (const Case& c : cases) {
    BOOST_TEST_CONTEXT(c.name) {
      const std::string out = folder / (std::string("out-") + c.name);
      check_fails(train({"--min-count", "1", "--text", write(folder / c.name, c.bytes), "--out", out}), 1, c.parts);
      check_no_files(out);
    }
  }
  check_fails(train({"--text", folder / "none.txt", "--out", folder / "out"}), 1, {"none.txt"});
  fs::create_directories(folder / "texts");
  check_fails(train({"--text", folder / "texts", "--out", folder / "out"}), 1, {"texts", "folder"});
  check_fails(train({"--text", "-", "--out", folder / "out"}), 1, {"-"});  // nothing on standard input
  check_no_files(folder / "out");
}

BOOST_AUTO_TEST_CASE(one_huge_line_is_a_text) {
  const Folder folder;
  std::string line;
  while (line.size() < 2000000) line += "the cat sat on the mat and the dog ran to the car ";
  check_works(train({"--text", write(folder / "huge.txt", line), "--out", folder / "out"}));
  BOOST_TEST(fs::exists(folder / "out/model.safetensors"));
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense) {
  const Folder folder;
  const std::vector<std::vector<std::string>> wrong = {{"--dim", "18"},
                                                       {"--dim", "0"},
                                                       {"--heads", "0"},
                                                       {"--layers", "-1"},
                                                       {"--context", "0"},
                                                       {"--batch", "0"},
                                                       {"--lr", "nan"},
                                                       {"--lr", "0"},
                                                       {"--lr", "inf"},
                                                       {"--vocab", "1"},
                                                       {"--dropout", "2"},
                                                       {"--dropout", "nan"},
                                                       {"--min-count", "0"},
                                                       {"--weight-decay", "-1"},
                                                       {"--epochs", "2"},
                                                       {"--tokenizer", "bytes"},
                                                       {"--control", "none at all"},
                                                       {"--steps", "many"},
                                                       {"--epochs", "nan"}};
  for (const auto& options : wrong) {
    BOOST_TEST_CONTEXT(options[0] << " " << options[1]) {
      // spelt anew, since an option may stand only once
      std::vector<std::string> arguments = {TRAIN_EMBEDDINGS, "--out", folder / "out"};
      if (options[0] != "--steps") arguments.insert(arguments.end(), {"--steps", "2"});
      arguments.insert(arguments.end(), options.begin(), options.end());
      check_fails(run(arguments), 2, {options[0]});
      check_no_files(folder / "out");
    }
  }
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_decimal_and_names_are_not_empty) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out";
  for (const char* number : {"010", "0x10", "true", "1e3", "+5", "-"}) {
    check_fails(run({TRAIN_EMBEDDINGS, "--text", text, "--steps", number, "--out", out}), 2,
                {"--steps", "expected a whole number", number});
    check_fails(run({TRAIN_GPT, "--text", text, "--steps", number, "--out", out}), 2, {"expected a whole number"});
    check_fails(run({TOKENIZE, "train", text, "--vocab-size", number, "--out", out}), 2, {"expected a whole number"});
  }
  check_fails(run({TRAIN_EMBEDDINGS, "--text", text, "--seed", "010", "--out", out}), 2, {"--seed", "010"});
  const std::vector<std::vector<std::string>> empty = {{TRAIN_EMBEDDINGS, "--text", "", "--out", out},
                                                       {TRAIN_EMBEDDINGS, "--out", ""},
                                                       {TRAIN_EMBEDDINGS, "--init", "", "--out", out},
                                                       {TRAIN_EMBEDDINGS, "--gpt2", "", "--out", out},
                                                       {TRAIN_GPT, "--text", "", "--out", out},
                                                       {TRAIN_GPT, "--text", text, "--out", ""},
                                                       {TRAIN_GPT, "--text", text, "--from", ""},
                                                       {TRAIN_GPT, "--text", text, "--gpt2", ""},
                                                       {TRAIN_GPT, "--tokens", ""},
                                                       {TOKENIZE, "count", "--gpt2", "", text},
                                                       {TOKENIZE, "train", text, "--out", ""},
                                                       {TOKENIZE, "encode", "--gpt2", out, text, "--out", ""},
                                                       {TOKENIZE, "count", "--tiktoken", "", text},
                                                       {TOKENIZE, "count", "--merges", "", "--vocab", "x", text},
                                                       {GPT2, out, "next", "a", "--tokenizer", ""}};
  for (const auto& arguments : empty) {
    BOOST_TEST_CONTEXT(arguments[0] << " " << arguments[1] << " " << arguments[2]) {
      check_fails(run(arguments), 2, {"expected the name of a f"});
      check_no_files(out);
    }
  }
}

BOOST_AUTO_TEST_CASE(brackets_are_no_list) {
  const Folder folder;
  const std::string name = write(folder / "[x]", small_text());
  check_works(run({TOKENIZE, "train", name, "--vocab-size", "300", "--out", folder / "out"}));
  check_works(run({TOKENIZE, "decode", "--gpt2", folder / "out", "--ids", "[65]"}));  // no list of options
  const std::string words = write(folder / "v.txt", "[x] 1 0\nx 0 1\n[x,y] -1 0\n");
  check_has(run({EXPLORE, words, "cosine", "[x]", "[x,y]"}).out, "cosine of [x] and [x,y]: -1.0000");
  check_has(run({EXPLORE, words, "axis", "--from=[x]", "--to", "x"}).out, "from [x] to x");
  for (const char* program : {TRAIN_EMBEDDINGS, TRAIN_GPT}) {
    check_fails(run({program, "--text=[x]", "--out", folder / "out2"}), 1, {"'[x]' does not exist"});
    check_fails(run({program, "[x]"}), 2, {"not expected: [x]"});
  }
}

BOOST_AUTO_TEST_CASE(sizes_that_nobody_means_are_refused) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out", huge = "9223372036854775807";
  const std::vector<std::vector<std::string>> sizes = {
      {"--batch", huge}, {"--context", huge}, {"--layers", "100000000"}, {"--steps", huge}, {"--dim", "400000000"}};
  for (const auto& size : sizes) {
    BOOST_TEST_CONTEXT(size[0]) {
      const int code = size[0] == "--dim" ? 1 : 2;  // what is too large depends on the machine
      check_fails(run({TRAIN_EMBEDDINGS, "--text", text, "--out", out, size[0], size[1]}), code, {size[0], "e"});
      check_fails(run({TRAIN_GPT, "--text", text, "--out", out, size[0], size[1]}), code, {size[0], "e"});
    }
  }
  check_fails(run({TRAIN_GPT, "--text", text, "--out", out, "--accumulate", huge}), 2, {"--accumulate " + huge});
  check_fails(run({TRAIN_EMBEDDINGS, "--text", text, "--out", out, "--epochs", "1e300"}), 2, {"--epochs 1e+300"});
  for (const char* option : {"--steps", "--epochs", "--vocab", "--save-every"}) {  // 0 would be the default
    check_fails(run({TRAIN_EMBEDDINGS, "--text", text, "--out", out, option, "0"}), 2, {option, "above 0"});
  }
  for (const char* option : {"--validate-every", "--save-every", "--sample-every"}) {
    check_fails(run({TRAIN_GPT, "--text", text, "--out", out, option, "0"}), 2, {option, "above 0"});
  }
  check_no_files(out);
}

BOOST_AUTO_TEST_CASE(options_that_would_do_nothing_are_refused) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out";
  check_fails(train({"--text", text, "--tokenizer", "gpt2", "--gpt2", "G", "--vocab", "300", "--out", out}), 2,
              {"--vocab"});
  for (const char* tokenizer : {"gpt2", "bpe"}) {
    check_fails(train({"--text", text, "--tokenizer", tokenizer, "--min-count", "2", "--out", out}), 2,
                {"--min-count", tokenizer});
  }
}

BOOST_AUTO_TEST_CASE(names_that_are_not_utf8_are_told_before_training) {
  const Folder folder;
  const std::string text = write(folder / "f\xff.txt", small_text()), good = write(folder / "t.txt", small_text());
  const auto refused = [](const Result& result, const char* option) {
    check_fails(result, 2, {option, "UTF-8"});
    BOOST_TEST(result.out.find("step ") == std::string::npos);
  };
  refused(train({"--text", text, "--out", folder / "out"}), "--text");
  refused(run({TRAIN_GPT, "--text", text, "--steps", "1", "--out", folder / "out"}), "--text");
  refused(train({"--text", good, "--init", text, "--out", folder / "out"}), "--init");
  refused(train({"--text", good, "--show", "c\xff", "--out", folder / "out"}), "--show");
  refused(run({TOKENIZE, "train", good, "--special", "<\xff>", "--out", folder / "out"}), "special");
  check_no_files(folder / "out");
}

BOOST_AUTO_TEST_CASE(misspelt_flags_are_named) {  // D100
  const Folder folder;
  check_fails(train({"--sedd", "2", "--out", folder / "out"}), 2, {"--sedd"});
  check_fails(train({"--lowercased", "--out", folder / "out"}), 2, {"--lowercased"});
  check_no_files(folder / "out");
}

BOOST_AUTO_TEST_CASE(folders_that_cannot_be_written_fail_before_training_D097) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  const std::string file = write(folder / "a file", "keep me");
  for (const std::string& out : {file, file + "/below", std::string("/proc/lexigrad"), std::string("/dev/null")}) {
    BOOST_TEST_CONTEXT(out) {
      const Result r = train({"--text", text, "--out", out});
      check_fails(r, 1, {out});
      BOOST_TEST(r.out.find("step") == std::string::npos);
    }
  }
  BOOST_TEST(read(file) == "keep me");
}

BOOST_AUTO_TEST_CASE(a_run_that_diverges_keeps_the_older_model_D094) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out",
                    model = out + "/model.safetensors";
  check_works(train({"--text", text, "--out", out}));
  const std::string older = read(model);
  check_fails(train({"--text", text, "--out", out, "--lr", "1e30"}), 1, {"step ", "e+", "--lr"});
  BOOST_TEST((read(model) == older));
  for (const auto& entry : fs::directory_iterator(out)) {
    BOOST_TEST(entry.path().filename().string().find(".tmp") == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
