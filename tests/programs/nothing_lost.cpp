// nothing_lost.cpp: what a run must not do to files that are there: write over its own input, or leave a folder with
// two tokenizers.
#include "nn/checkpoint.hpp"
#include "nn/safetensors.hpp"
#include "programs/run.hpp"
#include "tensor/ops.hpp"

using namespace programs;
using namespace lexigrad;

namespace {

// train_gpt with a very small model and more arguments.
Result gpt(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {TRAIN_GPT, "--steps",         "2", "--dim",    "8", "--heads", "1", "--context",
                                        "8",       "--sample-tokens", "0", "--layers", "1"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

// Holds what is in `files` before and after a run that must refuse them as its input.
void check_kept(const std::vector<std::string>& files, const std::function<Result()>& start) {
  std::vector<std::string> before;
  for (const std::string& file : files) before.push_back(read(file));
  check_fails(start(), 2, {"is read, and would be written over or removed", fs::path(files[0]).filename().string()});
  for (std::size_t i = 0; i < files.size(); ++i) BOOST_TEST((read(files[i]) == before[i]), files[i]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nothing_lost)

BOOST_AUTO_TEST_CASE(a_text_in_the_folder_of_the_results_stays) {
  const Folder folder;
  for (const char* name : {"vocab.txt", "vocab.json", "merges.txt", "loss.csv", "map.html"}) {
    const std::string text = write(folder / name, small_text());
    check_kept({text}, [&] { return train({"--text", text, "--out", folder / ""}); });
    check_kept({text}, [&] { return train({"--text", text, "--tokenizer", "bpe", "--out", folder / "."}); });
  }
  for (const char* name : {"vocab.json", "merges.txt", "loss.csv"}) {
    const std::string text = write(folder / name, small_text());
    check_kept({text}, [&] { return gpt({"--text", text, "--out", folder / ""}); });
  }
  for (const char* name : {"vocab.json", "merges.txt"}) {
    const std::string text = write(folder / name, small_text());
    check_kept({text}, [&] { return run({TOKENIZE, "train", text, "--out", folder / ""}); });
  }
  fs::create_symlink(folder / "vocab.txt", folder / "text");
  check_kept({folder / "vocab.txt"}, [&] { return train({"--text", folder / "text", "--out", folder / ""}); });
}

BOOST_AUTO_TEST_CASE(tables_models_and_tokenizers_that_are_read_stay) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), emb = folder / "emb", play = folder / "play";
  check_works(train({"--text", text, "--out", emb}));
  check_kept({emb + "/model.safetensors", emb + "/vectors.txt"}, [&] {
    return train({"--text", text, "--init", emb, "--out", emb});
  });
  check_kept({emb + "/vectors.txt"}, [&] {
    return train({"--text", text, "--init", emb + "/vectors.txt", "--out", emb});
  });
  check_works(gpt({"--text", text, "--out", play}));
  check_kept({play + "/config.json", play + "/model.safetensors"}, [&] {
    return run({TRAIN_GPT, "--from", play, "--text", text, "--steps", "1", "--out", play});
  });
  check_kept({play + "/config.json", play + "/model.safetensors"}, [&] { return run({GPT2, play, "save", play}); });
  check_works(gpt({"--text", text, "--out", play}));  // the same program with the same tokenizer may write again

  const std::string mine = folder / "mine";
  check_works(run({TOKENIZE, "train", text, "--vocab-size", "300", "--out", mine}));
  check_kept({text}, [&] { return run({TOKENIZE, "encode", "--gpt2", mine, text, "--out", text}); });
  check_kept({mine + "/merges.txt"}, [&] {
    return run({TOKENIZE, "encode", "--gpt2", mine, "--text", "abc", "--out", mine + "/merges.txt"});
  });
  const std::string ids = write(folder / "ids", "65 66");
  check_kept({ids}, [&] { return run({TOKENIZE, "decode", "--gpt2", mine, ids, "--out", ids}); });
}

BOOST_AUTO_TEST_CASE(a_folder_of_another_tokenizer_or_program_is_refused_before_training) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  const auto refused = [&](const Result& result, const std::string& name) {
    check_fails(result, 1, {name + " belongs to another", "expected a new folder"});
    BOOST_TEST(result.out.find("step ") == std::string::npos);
  };
  const std::vector<std::string> bpe = {"--tokenizer", "bpe", "--vocab", "300", "--text", text, "--out"};
  const auto with = [](std::vector<std::string> arguments, const std::string& out) {
    arguments.push_back(out);
    return arguments;
  };
  const std::string words = folder / "words", pairs = folder / "pairs", play = folder / "play", gpt2 = folder / "gpt2";
  for (int i = 0; i < 2; ++i) {  // the second run writes over what the first one wrote
    check_works(train({"--text", text, "--out", words}));
    check_works(train(with(bpe, pairs)));
    check_works(gpt({"--text", text, "--out", play}));
  }
  refused(train(with(bpe, words)), "vocab.txt");
  refused(train({"--text", text, "--out", pairs}), "vocab.json");
  refused(train({"--text", text, "--tokenizer", "char", "--out", words}), "vectors.txt");
  refused(train({"--text", text, "--out", play}), "vocab.json");
  refused(train(with(bpe, play)), "config.json");
  refused(gpt({"--text", text, "--out", words}), "vocab.txt");
  refused(gpt({"--text", text, "--tokenizer", "bpe", "--vocab-size", "300", "--out", pairs}), "vectors.txt");
  fs::create_directories(gpt2);
  write(gpt2 + "/encoder.json", "{}");
  write(gpt2 + "/vocab.bpe", "#version: 0.2\n");
  refused(gpt({"--text", text, "--out", gpt2}), "encoder.json");
  for (const std::string& out : {words, gpt2, play}) {
    refused(run({TOKENIZE, "train", text, "--vocab-size", "300", "--out", out}), "");
  }
  BOOST_TEST(read(gpt2 + "/encoder.json") == "{}");
}

// Parameters may be finite, and what comes of them not.
BOOST_AUTO_TEST_CASE(what_has_diverged_is_not_saved_as_a_result) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  const std::vector<std::vector<std::string>> runs = {
      {TRAIN_EMBEDDINGS, "--steps", "20", "--save-every", "1", "--dim", "8", "--lr", "1e38"},
      {TRAIN_EMBEDDINGS, "--steps", "1", "--dim", "8", "--lr", "1e30"},
      {TRAIN_GPT, "--steps", "1", "--warmup", "0", "--dim", "8", "--context", "8", "--lr", "1e30"},
      {TRAIN_GPT, "--steps", "1", "--warmup", "0", "--dim", "8", "--context", "8", "--lr", "1e30", "--validation",
       "0"}};
  for (std::vector<std::string> arguments : runs) {
    const std::string out = folder / "out";
    fs::remove_all(out);
    arguments.insert(arguments.end(), {"--text", text, "--out", out});
    const Result r = run(arguments);
    check_fails(r, 1, {"step ", "training has diverged", "--lr"});
    BOOST_TEST(r.out.find("nan") == std::string::npos);
    BOOST_TEST(!fs::exists(out + "/model.safetensors"));
    const SafetensorsFile file(out + "/checkpoint.safetensors");
    for (const SafetensorsEntry& entry : file.entries()) BOOST_TEST(all_finite(file.read(entry.name)), entry.name);
  }
}

// A run that ends before its first checkpoint leaves its own beginning, not the end of the run before it.
BOOST_AUTO_TEST_CASE(a_checkpoint_is_of_the_run_that_began_last) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  const auto check = [&](std::vector<std::string> start, const std::string& out) {
    start.insert(start.end(), {"--text", text, "--out", out});
    std::vector<std::string> diverges = start;
    diverges.insert(diverges.end(), {"--lr", "1e30"});
    check_works(run(start));
    BOOST_TEST(read_metadata(out + "/checkpoint.safetensors").at("step") == "3");
    BOOST_TEST(run(diverges).code == 1);
    const Metadata metadata = read_metadata(out + "/checkpoint.safetensors");
    BOOST_TEST(metadata.at("step") == "0");
    check_has(metadata.at("settings"), "--lr=1e30");
  };
  check({TRAIN_EMBEDDINGS, "--steps", "3", "--dim", "8"}, folder / "emb");
  check({TRAIN_GPT, "--steps", "3", "--dim", "8", "--context", "8", "--warmup", "0"}, folder / "gpt");
}

BOOST_AUTO_TEST_CASE(a_screen_that_cannot_be_written_is_a_failure) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  const std::vector<std::vector<std::string>> commands = {
      {FIRST_EMBEDDING},
      {TOUR},
      {CUSTOM_OP},
      {CUSTOM_MODULE},
      {TRAIN_EMBEDDINGS, "--help"},
      {TOKENIZE, "train", text, "--vocab-size", "260", "--out", folder / "tokenizer"},
      {TRAIN_EMBEDDINGS, "--text", text, "--steps", "2", "--dim", "8", "--out", folder / "emb"},
      {TRAIN_GPT, "--text", text, "--steps", "2", "--dim", "8", "--layers", "1", "--context", "8", "--out",
       folder / "m"},
      {GPT2, folder / "m", "info"},
      {GPT2, folder / "m", "next", "The"}};
  for (const auto& command : commands) {
    for (const char* output : {"/dev/full", "-"}) {
      BOOST_TEST_CONTEXT(command[0] << " > " << output) {
        const std::string name = fs::path(command[0]).filename().string();
        check_fails(run(command, {.output = output}), 1, {name + ": standard output: writing failed"});
      }
    }
  }
  check_works(run({GPT2, folder / "m", "info"}));  // what was written to files is whole all the same
}

BOOST_AUTO_TEST_CASE(programs_without_options_take_no_arguments) {
  for (const char* program : {TOUR, CUSTOM_OP, CUSTOM_MODULE}) {
    check_fails(run({program, "--foo"}), 2, {"unexpected argument --foo", "expected none"});
  }
}

BOOST_AUTO_TEST_SUITE_END()
