// gpt2.cpp: the gpt2 program on checkpoints that are given (data.hpp) and on one that train_embeddings wrote: every
// command, saving and reading back, and what is refused.
#include <nlohmann/json.hpp>

#include "programs/run.hpp"
#include "support/data.hpp"

using namespace programs;

namespace {

struct Given {
  std::string characters, pairs, vocabulary;  // folders: a model of characters, one of GPT-2's tokens, and their files
};

std::optional<Given> given() {
  const auto models = lexigrad::testing::data_path("models"), vocabulary = lexigrad::testing::data_path("gpt2");
  if (!models || !vocabulary) return std::nullopt;
  return Given{(*models / "gpt2_char_shakespeare").string(), (*models / "gpt2_vocab50257_d2_hf").string(),
               vocabulary->string()};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// Every line fits a terminal of 80 columns; counted are code points.
void check_narrow(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    const auto columns =
        std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; });
    BOOST_TEST(columns <= 80, line);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gpt2)

BOOST_AUTO_TEST_CASE(info_prints_the_tree_and_the_sizes) {
  const auto folders = given();
  if (!folders) return;
  const Result r = run({GPT2, folders->characters, "info"});
  check_works(r);
  check_has(r.out, "blocks.1");
  check_has(r.out, "weight               [192, 64]               12,288\n");
  check_has(r.out, "head.weight → wte.weight");
  check_has(r.out, "2 blocks, 64 wide, 4 heads of 16; vocabulary 65, context 64");
}

BOOST_AUTO_TEST_CASE(the_cat_is_traced_from_its_pieces_to_the_next_token_on_one_screen) {
  const auto folders = given();
  if (!folders) return;
  const Result r = run({GPT2, folders->pairs, "trace", "The cat", "--tokenizer", folders->vocabulary});
  check_works(r);
  for (const std::string part :
       {"pieces  \"The\" \" cat\"\n", "ids     [464, 3797]\n", "wte [50257, 2]", "   3797 \" cat\"", "wpe [1024, 2]",
        "qkv [1, 2, 6]", "gelu", "ln_f [1, 2, 2]", "[1, 2, 50257]", "logit"}) {
    check_has(r.out, part);
  }
  BOOST_TEST(lines_of(r.out).size() < 24u);
  check_narrow(r.out);
}

BOOST_AUTO_TEST_CASE(a_long_text_is_traced_on_one_screen_too) {
  const auto folders = given();
  if (!folders) return;
  const Result r = run({GPT2, folders->characters, "trace", std::string(60, 'e') + "\n\n\n\n"});
  check_works(r);
  BOOST_TEST(lines_of(r.out).size() < 40u);
  check_narrow(r.out);
}

BOOST_AUTO_TEST_CASE(greedy_text_is_the_same_each_time_and_equals_top_k_1_D099) {
  const auto folders = given();
  if (!folders) return;
  const auto text = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {GPT2,     folders->characters, "generate", "--prompt",
                                          "ROMEO:", "--max-tokens",      "50"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result r = run(arguments);
    check_works(r);
    return r.out;
  };
  const std::string greedy = text({"--temperature", "0"});
  BOOST_TEST(greedy.starts_with("ROMEO:\n"));
  BOOST_TEST(greedy.size() == 6u + 50 + 1);
  BOOST_TEST(text({"--temperature", "0", "--seed", "9"}) == greedy);
  BOOST_TEST(text({"--top-k", "1", "--seed", "5"}) == greedy);
  BOOST_TEST(text({"--top-k", "1000000"}) == text({}));
  BOOST_TEST(text({"--seed", "2"}) != text({"--seed", "3"}));
}

BOOST_AUTO_TEST_CASE(a_full_context_and_a_long_prompt_are_said_behind_the_text_D027) {
  const auto folders = given();
  if (!folders) return;
  const Result full = run({GPT2, folders->characters, "generate", "--prompt", "ROMEO:", "--max-tokens", "100"});
  BOOST_TEST(full.code == 0);
  BOOST_TEST(full.err == "gpt2: the context of 64 was full: from there on the last 32 tokens were kept\n");
  const Result prompt =
      run({GPT2, folders->characters, "generate", "--prompt", std::string(70, 'e'), "--max-tokens", "1"});
  BOOST_TEST(prompt.code == 0);
  BOOST_TEST(prompt.err == "gpt2: 70 tokens are more than the context of 64: read are the last 64\n");
}

BOOST_AUTO_TEST_CASE(a_score_does_not_depend_on_the_stride_where_the_text_fits) {
  const auto folders = given();
  if (!folders) return;
  const Folder folder;
  const std::string file = write(folder / "t.txt", "ROMEO:\nWhat shall I do, my lord?\n");
  const Result one = run({GPT2, folders->characters, "score", file});
  check_works(one);
  check_has(one.out, "tokens      33, all but the first foretold");
  check_has(one.out, "perplexity  ");
  const auto loss = [](const Result& r) { return lines_of(r.out).at(1); };
  BOOST_TEST(loss(run({GPT2, folders->characters, "score", file, "--stride", "64"})) == loss(one));
  BOOST_TEST(loss(run({GPT2, folders->characters, "score", "-"}, {.input = read(file)})) == loss(one));
}

BOOST_AUTO_TEST_CASE(neighbours_cosines_and_next_tokens) {
  const auto folders = given();
  if (!folders) return;
  const Result near = run({GPT2, folders->characters, "neighbours", "a", "--count", "2"});
  check_works(near);
  check_has(near.out, "near \"a\" (id 39)");
  BOOST_TEST(lines_of(near.out).size() == 3u);
  const Result three = run({GPT2, folders->characters, "cosine", "a", "e", "x"});
  check_works(three);
  BOOST_TEST(lines_of(three.out).size() == 3u);
  check_has(three.out, "\"a\"  \"e\"");
  const Result next = run({GPT2, folders->characters, "next", "ROMEO", "--count", "4"});
  check_works(next);
  BOOST_TEST(lines_of(next.out).size() == 5u);
  check_has(lines_of(next.out).at(1), "\":\"");
}

BOOST_AUTO_TEST_CASE(a_token_is_found_with_and_without_a_blank_and_pieces_are_shown_where_it_is_none) {
  const auto folders = given();
  if (!folders) return;
  const auto near = [&](const std::string& text) {
    return run({GPT2, folders->pairs, "neighbours", text, "--tokenizer", folders->vocabulary, "--count", "1"});
  };
  check_has(near(" cat").out, "(id 3797)");
  check_has(near("cat").out, "(id 9246)");
  check_has(near("<|endoftext|>").out, "(id 50256)");
  check_fails(near("lexigrad"), 1, {"\"lexigrad\" is 3 tokens", "\"lex\" \"igr\" \"ad\""});
}

BOOST_AUTO_TEST_CASE(what_is_saved_is_read_again_with_the_same_numbers_and_tokens) {
  const auto folders = given();
  if (!folders) return;
  const Folder folder;
  for (const std::string& model : {folders->characters, folders->characters + "/model_bf16.safetensors"}) {
    const Result saved = run({GPT2, model, "save", folder / "mine"});
    check_works(saved);
    check_has(saved.out, "config.json, model.safetensors, vocab.json\n");
    const std::vector<std::string> ask = {"next", "What is"};
    const Result before = run({GPT2, model, ask[0], ask[1]}), after = run({GPT2, folder / "mine", ask[0], ask[1]});
    check_works(before);
    BOOST_TEST(before.out == after.out);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_of_train_embeddings_is_opened) {
  const Folder folder;
  const std::string out = folder / "my model é中";
  check_works(train({"--out", out, "--text", write(folder / "t.txt", small_text())}));
  check_has(run({GPT2, out, "info"}).out, "16 wide, 4 heads of 4");
  check_has(run({GPT2, out, "neighbours", "cat", "--count", "1"}).out, "near \"cat\"");
  check_fails(run({GPT2, out, "next", "the catt"}), 1, {"\"catt\" is not in the vocabulary", "cat"});
  const Result text = run({GPT2, out, "generate", "--prompt", "The cat", "--max-tokens", "5"});
  check_works(text);
  BOOST_TEST(text.out.starts_with("The cat"));
  check_works(run({GPT2, out, "save", folder / "theirs"}));
  BOOST_TEST(run({GPT2, folder / "theirs", "info"}).out == run({GPT2, out, "info"}).out);
}

BOOST_AUTO_TEST_CASE(a_folder_of_another_tokenizer_is_not_saved_into) {
  const auto folders = given();
  if (!folders) return;
  const Folder folder;
  fs::create_directories(folder / "m");
  write(folder / "m/merges.txt", "#version: 0.2\n");
  check_fails(run({GPT2, folders->characters, "save", folder / "m"}), 1, {"merges.txt belongs to another tokenizer"});
  BOOST_TEST(!fs::exists(folder / "m/model.safetensors"));
}

BOOST_AUTO_TEST_CASE(a_folder_of_train_gpt_is_opened) {
  const Folder folder;
  const std::string out = folder / "m";
  check_works(run({TRAIN_GPT,   "--text",   write(folder / "t.txt", small_text(200)),
                   "--layers",  "1",        "--heads",
                   "2",         "--dim",    "16",
                   "--context", "16",       "--batch",
                   "4",         "--warmup", "5",
                   "--steps",   "20",       "--sample-tokens",
                   "0",         "--out",    out}));
  check_has(run({GPT2, out, "info"}).out, "1 blocks, 16 wide, 2 heads of 8");
  const Result text = run({GPT2, out, "generate", "--prompt", "The", "--max-tokens", "9"});
  check_works(text);
  BOOST_TEST(text.out.size() == 3u + 9 + 1);
}

BOOST_AUTO_TEST_CASE(an_empty_prompt_begins_with_the_end_of_text_or_is_refused) {
  const auto folders = given();
  if (!folders) return;
  check_works(run({GPT2, folders->pairs, "generate", "--tokenizer", folders->vocabulary, "--max-tokens", "3"}));
  check_fails(run({GPT2, folders->characters, "generate"}), 1, {"--prompt is empty", "<|endoftext|>"});
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_refused_with_what_was_expected) {
  const Folder folder;
  check_fails(run({GPT2}), 2, {"no model", "config.json"});
  check_fails(run({GPT2, folder / "m"}), 2, {"no command", "trace"});
  check_fails(run({GPT2, folder / "m", "info"}), 1, {"is not there", "m"});
  check_fails(run({GPT2, folder / "m", "generate", "--top-p", "1.5"}), 2, {"top_p 1.5"});
  check_fails(run({GPT2, folder / "m", "generate", "--temperature", "-1"}), 2, {"temperature -1"});
  check_fails(run({GPT2, folder / "m", "generate", "--temprature", "1"}), 2, {"--temprature"});
  const auto folders = given();
  if (!folders) return;
  check_fails(run({GPT2, folders->characters, "next", "é"}), 1, {"é"});
  check_fails(run({GPT2, folders->characters, "next", ""}), 1, {"empty"});
  check_fails(run({GPT2, folders->characters, "next", std::string(65, 'a')}), 1, {"65 tokens", "64"});
  check_fails(run({GPT2, folders->characters, "score", folder / "none.txt"}), 1, {"none.txt"});
  check_fails(run({GPT2, folders->characters, "score", write(folder / "a.txt", "a")}), 1, {"a.txt", "two or more"});
  check_fails(run({GPT2, folders->characters, "score", folder / "a.txt", "--stride", "65"}), 2, {"--stride 65", "64"});
  check_fails(run({GPT2, folders->pairs, "next", "a"}), 1, {"no tokenizer files", "--tokenizer"});
  check_fails(run({GPT2, folders->characters, "next", "a", "--tokenizer", folders->vocabulary}), 1,
              {"50257", "65 rows"});
}

BOOST_AUTO_TEST_CASE(help_lists_the_options_of_each_command_D100) {
  const Result all = run({GPT2, "--help"});
  BOOST_TEST(all.code == 0);
  for (const std::string command : {"info", "generate", "score", "neighbours", "cosine", "next", "trace", "save"}) {
    check_has(all.out, command);
    BOOST_TEST(run({GPT2, command, "--help"}).code == 0);
  }
  const std::string help = run({GPT2, "generate", "--help"}).out;
  for (const std::string option :
       {"--prompt", "--max-tokens INT:INT in [0 - 1073741824]=100", "--temperature FLOAT=1", "--top-k INT=0",
        "--top-p FLOAT=1", "--seed UINT=1", "--keep INT=0", "--tokenizer"}) {
    check_has(help, option);
  }
}

BOOST_AUTO_TEST_CASE(misfits_of_a_checkpoint_stand_in_one_line) {
  const auto folders = given();
  if (!folders) return;
  const Folder folder;
  fs::create_directories(folder / "m");
  fs::copy(folders->characters + "/model.safetensors", folder / "m");
  nlohmann::json config = nlohmann::json::parse(read(folders->characters + "/config.json"));
  config["n_layer"] = 3;
  config["n_positions"] = config["n_ctx"] = 65;
  write(folder / "m/config.json", config.dump());
  check_fails(run({GPT2, folder / "m", "info"}), 1,
              {"missing: transformer.h.2.ln_1.weight", "transformer.wpe.weight [64, 64] (expected [65, 64])"});
  config["activation_function"] = "swish";
  write(folder / "m/config.json", config.dump());
  check_fails(run({GPT2, folder / "m", "info"}), 1, {"config.json", "activation_function is \"swish\""});
}

BOOST_AUTO_TEST_SUITE_END()
