// train_gpt.cpp: small runs: they learn, every file loads, the same bits from any number of threads and after a stop;
// what makes no sense is refused. The run of full length is in char_cpu.cpp.
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "models/gpt2_folder.hpp"
#include "nn/checkpoint.hpp"
#include "nn/safetensors.hpp"
#include "programs/run.hpp"
#include "support/data.hpp"
#include "tensor/ops.hpp"
#include "text/codec.hpp"
#include "text/token_file.hpp"

using namespace programs;
using namespace lexigrad;

namespace {

// A run of some steps of a very small model. What `more` has may not be among these.
Result gpt(const std::vector<std::string>& more, const RunOptions& options = {}) {
  std::vector<std::string> arguments = {TRAIN_GPT, "--layers",        "1",  "--heads", "2", "--dim",
                                        "16",      "--context",       "16", "--batch", "4", "--warmup",
                                        "5",       "--sample-tokens", "20"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments, options);
}

Result resumed(const std::string& out, const std::vector<std::string>& more = {}, const RunOptions& options = {}) {
  std::vector<std::string> arguments = {TRAIN_GPT, "--resume", out, "--sample-tokens", "20"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments, options);
}

std::string checkpoint(const std::string& out) { return out + "/checkpoint.safetensors"; }

void check_finite(const std::string& out) {
  const SafetensorsFile file(checkpoint(out));
  for (const SafetensorsEntry& entry : file.entries()) BOOST_TEST(all_finite(file.read(entry.name)), entry.name);
}

void check_same_run(const std::string& a, const std::string& b) {
  for (const char* name : {"/model.safetensors", "/checkpoint.safetensors", "/loss.csv", "/config.json"}) {
    BOOST_CHECK_MESSAGE(read(a + name) == read(b + name), name << " differs between " << a << " and " << b);
  }
}

void check_no_files(const std::string& folder) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder)) BOOST_ERROR("left behind: " << entry.path().string());
}

// The last validation loss of a run's curve.
double last_loss(const std::string& out) {
  const std::string csv = read(out + "/loss.csv");
  return std::stod(csv.substr(csv.rfind(',') + 1));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(train_gpt)

BOOST_AUTO_TEST_CASE(a_model_of_characters_learns_and_every_file_loads_D098) {
  const Folder folder;
  fs::create_directories(folder / "my data é中");
  const std::string out = folder / "my data é中/the model";
  const Result r = gpt({"--text", write(folder / "my data é中/a b.txt", small_text(200)), "--steps", "120", "--lr",
                        "1e-2", "--sample-every", "50", "--out", out});
  check_works(r);
  for (const char* part :
       {"a sample after step 50 ", "a sample after step 120 ", "validation loss of the model of step"}) {
    check_has(r.out, part);
  }
  const auto codec = text::Codec::load(out);
  const Transformer model = models::load_model(out);
  BOOST_TEST(model.options.vocab == codec.size());
  BOOST_TEST(model.options.context == 16);
  BOOST_TEST(codec.decode(codec.encode("The cat sat.\n")) == "The cat sat.\n");
  BOOST_TEST(last_loss(out) < 0.7 * std::log(static_cast<double>(codec.size())));
  check_has(read(out + "/loss.svg"), "</svg>");
  check_has(read(out + "/loss.svg"), "validation");
}

BOOST_AUTO_TEST_CASE(the_same_bits_from_any_number_of_threads) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  for (const char* threads : {"1", "2", "4"}) {
    check_works(
        gpt({"--text", text, "--steps", "20", "--dropout", "0.1", "--accumulate", "2", "--out", folder / threads},
            {.environment = {{"OMP_NUM_THREADS", threads}}}));
    check_same_run(folder / "1", folder / threads);
  }
}

// Samples draw from generators of their own, validation draws from none, checkpoints change nothing.
BOOST_AUTO_TEST_CASE(looking_on_does_not_change_the_model) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  check_works(gpt({"--text", text, "--steps", "20", "--out", folder / "a"}));
  check_works(gpt({"--text", text, "--steps", "20", "--sample-every", "3", "--save-every", "1", "--prompt", "The cat",
                   "--out", folder / "b"}));
  check_same_run(folder / "a", folder / "b");
}

BOOST_AUTO_TEST_CASE(a_stopped_run_goes_on_with_the_same_bits_D095) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  const std::vector<std::string> settings = {"--text", text,           "--steps", "300",          "--dropout",
                                             "0.1",    "--save-every", "1",       "--accumulate", "2"};
  const auto with_out = [&](const std::string& out) {
    std::vector<std::string> all = settings;
    all.insert(all.end(), {"--out", out});
    return all;
  };
  check_works(gpt(with_out(folder / "whole")));
  const Result stopped = gpt(with_out(folder / "part"), {.interrupt_after = "step   1/300"});
  BOOST_REQUIRE_MESSAGE(stopped.code == 130, "exit code " << stopped.code << "; stderr: " << stopped.err);
  check_has(stopped.out, "train_gpt --resume " + (folder / "part"));
  BOOST_TEST(std::stoi(read_metadata(checkpoint(folder / "part")).at("step")) < 300);
  (void)models::load_model(folder / "part");  // also a stopped run leaves a model
  check_works(resumed(folder / "part", {}, {.environment = {{"OMP_NUM_THREADS", "1"}}}));
  check_same_run(folder / "whole", folder / "part");
  check_works(resumed(folder / "part"));  // nothing is left to do
  check_same_run(folder / "whole", folder / "part");
}

BOOST_AUTO_TEST_CASE(a_killed_run_goes_on_D096) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "killed";
  const std::vector<std::string> settings = {"--text", text, "--steps", "400", "--save-every", "1", "--out"};
  const auto start = [&](const std::string& to, const RunOptions& options = {}) {
    std::vector<std::string> all = settings;
    all.push_back(to);
    return gpt(all, options);
  };
  check_works(start(folder / "whole"));
  for (int kills = 0; kills < 5; ++kills) {
    const RunOptions kill{.kill_once_exists = checkpoint(out), .kill_milliseconds = 20 + 37 * kills};
    const Result r = fs::exists(checkpoint(out)) ? resumed(out, {"--save-every", "1"}, kill) : start(out, kill);
    BOOST_REQUIRE_MESSAGE(r.code == 0 || r.code == 128 + SIGKILL, "exit code " << r.code << "; stderr: " << r.err);
    check_finite(out);
  }
  check_works(resumed(out));
  check_same_run(folder / "whole", out);
}

BOOST_AUTO_TEST_CASE(a_resumed_run_keeps_its_settings_and_its_text) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out";
  check_works(gpt({"--text", text, "--steps", "5", "--out", out}));
  check_fails(resumed(out, {"--lr", "0.1"}), 2, {"--lr 0.1", "has 0.002", "keeps its settings"});
  check_fails(resumed(out, {"--dim", "32"}), 2, {"--dim 32", "has 16"});
  check_fails(resumed(out, {"--preset", "char"}), 2, {"--preset char"});
  check_fails(resumed(out, {"--out", folder / "elsewhere"}), 2, {"--out", "elsewhere"});
  check_works(resumed(out, {"--lr", "2e-3", "--layers", "1", "--text", text, "--sample-every", "2", "--out", out}));
  write(text, small_text() + "One more.\n");
  check_fails(resumed(out), 1, {"the text is not the one", out});
  fs::remove(text);
  check_fails(resumed(out), 1, {text});
  check_fails(resumed(folder / "nowhere"), 1, {"nowhere/checkpoint.safetensors"});
  write(checkpoint(out), "half");
  check_fails(resumed(out), 1, {"checkpoint.safetensors"});
}

BOOST_AUTO_TEST_CASE(a_run_that_diverges_names_the_step_and_leaves_a_whole_checkpoint_D094) {
  const Folder folder;
  const std::string out = folder / "out";
  for (const char* validation : {"0.1", "0"}) {
    const Result r = gpt({"--text", write(folder / "t.txt", small_text()), "--steps", "20", "--lr", "1e30",
                          "--validation", validation, "--save-every", "1", "--out", out});
    check_fails(r, 1, {"step ", "e+", "--lr"});
    if (fs::exists(checkpoint(out))) check_finite(out);
  }
}

BOOST_AUTO_TEST_CASE(texts_that_are_too_short_are_refused_with_both_numbers_D093) {
  const Folder folder;
  const std::string out = folder / "out";
  check_fails(gpt({"--text", write(folder / "t.txt", "0123456789"), "--validation", "0", "--out", out}), 1,
              {"the training part has 10 tokens", "a context of 16 needs at least 17"});
  check_fails(gpt({"--text", write(folder / "t.txt", "a"), "--out", out}), 1, {"has 0 tokens", "context of 16"});
  check_fails(gpt({"--text", write(folder / "t.txt", "0123456789abcdefghi"), "--validation", "0.05", "--out", out}), 1,
              {"the validation part has 1", "at least 2"});
  for (const char* nothing : {"", " \n\n"}) {
    check_fails(gpt({"--text", write(folder / "t.txt", nothing), "--out", out}), 1, {"t.txt"});
  }
  check_fails(gpt({"--text", folder / "none.txt", "--out", out}), 1, {"none.txt"});
  check_no_files(out);
}

BOOST_AUTO_TEST_CASE(folders_that_cannot_be_written_fail_before_training_D097) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), file = write(folder / "a file", "keep me");
  for (const std::string& out : {file, file + "/below", std::string("/proc/lexigrad"), std::string("/dev/null")}) {
    const Result r = gpt({"--text", text, "--out", out});
    check_fails(r, 1, {out});
    BOOST_TEST(r.out.find("step ") == std::string::npos);
  }
  BOOST_TEST(read(file) == "keep me");
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out";
  const std::vector<std::vector<std::string>> wrong = {
      {"--steps", "0"},        {"--accumulate", "0"},    {"--lr", "nan"},         {"--lr", "0"},
      {"--min-lr", "1"},       {"--dropout", "1"},       {"--beta2", "1"},        {"--clip", "-1"},
      {"--clip", "nan"},       {"--weight-decay", "-1"}, {"--validation", "0.7"}, {"--validation", "nan"},
      {"--tokenizer", "gpt2"}, {"--preset", "big"},      {"--vocab-size", "9"},   {"--gpt2", "somewhere"},
      {"--tokens", "t.bin"},   {"--save-every", "-1"},   {"--sedd", "2"},         {"--steps", "many"}};
  for (const auto& options : wrong) {
    BOOST_TEST_CONTEXT(options[0] << " " << options[1]) {
      check_fails(gpt({"--text", text, "--out", out, options[0], options[1]}), 2, {options[0]});
      check_no_files(out);
    }
  }
  check_fails(gpt({"--out", out}), 2, {"--text", "--tokens"});
  check_fails(run({TRAIN_GPT, "--text", text, "--heads", "3"}), 2, {"--dim 128", "--heads 3"});
}

BOOST_AUTO_TEST_CASE(byte_pairs_are_learned_from_the_text) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text(100)), out = folder / "out";
  check_works(gpt({"--text", text, "--tokenizer", "bpe", "--vocab-size", "300", "--steps", "10", "--out", out}));
  const auto codec = text::Codec::load(out);
  BOOST_REQUIRE(codec.bpe() != nullptr);
  BOOST_TEST(codec.size() == 300);
  BOOST_TEST(models::load_model(out).options.vocab == 300);
  check_has(read(out + "/config.json"), "\"eos_token_id\": 299");
  check_works(resumed(out));
}

// The same ids from a text and from a file of tokens give the same model.
BOOST_AUTO_TEST_CASE(a_token_file_is_a_text) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text(100)), vocabulary = folder / "vocabulary";
  check_works(gpt({"--text", text, "--tokenizer", "bpe", "--vocab-size", "300", "--steps", "1", "--out", vocabulary}));
  const auto codec = text::Codec::load(vocabulary);
  std::vector<std::uint32_t> ids;
  codec.bpe()->encode(small_text(100), ids);
  text::TokenFileWriter writer(folder / "t.bin", text::TokenWidth::two);
  writer.append(ids);
  writer.commit();
  check_works(gpt({"--text", text, "--tokenizer", "gpt2", "--gpt2", vocabulary, "--steps", "10", "--validation", "0",
                   "--out", folder / "a"}));
  check_works(gpt({"--tokens", folder / "t.bin", "--gpt2", vocabulary, "--steps", "10", "--validation", "0", "--out",
                   folder / "b"}));
  BOOST_TEST((read(folder / "a/model.safetensors") == read(folder / "b/model.safetensors")));
  check_works(resumed(folder / "b"));
  write(folder / "odd.bin", "abc");
  check_fails(gpt({"--tokens", folder / "odd.bin", "--gpt2", vocabulary, "--out", folder / "c"}), 1, {"odd.bin"});
  write(folder / "high.bin", std::string(200, '\x7f'));
  check_fails(gpt({"--tokens", folder / "high.bin", "--gpt2", vocabulary, "--out", folder / "c"}), 1,
              {"high.bin", "32639"});
  check_no_files(folder / "c");
}

BOOST_AUTO_TEST_CASE(fine_tuning_begins_where_a_model_is) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text(200)), base = folder / "base", out = folder / "out";
  check_works(gpt({"--text", text, "--steps", "100", "--lr", "1e-2", "--out", base}));
  const std::vector<std::string> tune = {TRAIN_GPT, "--from", base, "--text", text, "--steps", "10", "--out", out};
  const Result r = run(tune);
  check_works(r);
  check_has(r.out, "1 blocks of 16, 2 heads, context 16");
  BOOST_TEST(last_loss(out) < last_loss(base) + 0.05);
  BOOST_TEST((read(out + "/vocab.json") == read(base + "/vocab.json")));
  check_works(resumed(out));
  for (const char* option : {"--dim", "--layers", "--tokenizer", "--gpt2"}) {
    std::vector<std::string> more = tune;
    more.insert(more.end(), {option, option == std::string("--tokenizer") ? "char" : "16"});
    check_fails(run(more), 2, {option, "has its own"});
  }
  std::vector<std::string> longer = tune;
  longer.insert(longer.end(), {"--context", "64"});
  check_fails(run(longer), 2, {"--context 64", "16 positions"});
  write(text, "Œuvre? " + small_text(200));
  check_fails(run(tune), 1, {"Œ"});
  check_fails(run({TRAIN_GPT, "--from", folder / "none", "--text", text}), 1, {"none"});
}

BOOST_AUTO_TEST_CASE(help_lists_every_flag_with_its_default_D100) {
  check_help(TRAIN_GPT,
             {"--preset",        "--out",        "--resume", "--validate-every", "--save-every",   "--sample-every",
              "--sample-tokens", "--prompt",     "--text",   "--tokens",         "--tokenizer",    "--gpt2",
              "--vocab-size",    "--validation", "--from",   "--layers",         "--heads",        "--dim",
              "--context",       "--dropout",    "--batch",  "--accumulate",     "--steps",        "--lr",
              "--min-lr",        "--warmup",     "--beta1",  "--beta2",          "--weight-decay", "--clip",
              "--seed"});
}

BOOST_AUTO_TEST_SUITE_END()
