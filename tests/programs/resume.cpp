// resume.cpp: runs that are stopped, or killed, and go on: the same bits as a run that never stopped.
#include <random>

#include <nlohmann/json.hpp>

#include "nn/safetensors.hpp"
#include "programs/run.hpp"

using namespace programs;
using namespace lexigrad;

namespace {

// A run that has to repeat everything: dropout, weight decay, a schedule, a bigger step every now and then for saving.
std::vector<std::string> arguments(const std::string& text, const std::string& out, int steps) {
  return {TRAIN_EMBEDDINGS,
          "--text",
          text,
          "--out",
          out,
          "--steps",
          std::to_string(steps),
          "--dim",
          "8",
          "--batch",
          "4",
          "--context",
          "8",
          "--heads",
          "2",
          "--dropout",
          "0.1",
          "--save-every",
          "1"};
}

std::string checkpoint(const std::string& out) { return out + "/checkpoint.safetensors"; }

// Reads every tensor; gives the step.
int load_checkpoint(const std::string& out) {
  const SafetensorsFile file(checkpoint(out));
  for (const SafetensorsEntry& entry : file.entries()) (void)file.read(entry.name);
  return std::stoi(file.metadata().at("step"));
}

void check_same_run(const std::string& a, const std::string& b) {
  for (const char* name : {"/model.safetensors", "/checkpoint.safetensors", "/vectors.txt", "/loss.csv"}) {
    // What differs on purpose: the settings of a checkpoint say nothing of --out, so whole files are compared.
    BOOST_CHECK_MESSAGE(read(a + name) == read(b + name), name << " differs between " << a << " and " << b);
  }
}

int files_in(const std::string& folder) {
  return static_cast<int>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(resume)

BOOST_AUTO_TEST_CASE(a_stopped_run_goes_on_with_the_same_bits_D095) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  check_works(run(arguments(text, folder / "whole", 400)));
  const Result stopped = run(arguments(text, folder / "part", 400), {.interrupt_after = "step   1/400"});
  BOOST_REQUIRE_MESSAGE(stopped.code == 130, "exit code " << stopped.code << "; stderr: " << stopped.err);
  check_has(stopped.out, "train_embeddings --resume " + (folder / "part"));
  BOOST_TEST(load_checkpoint(folder / "part") < 400);
  // With another number of threads, and from another folder.
  check_works(run({TRAIN_EMBEDDINGS, "--resume", folder / "part"}, {.environment = {{"OMP_NUM_THREADS", "1"}}}));
  check_same_run(folder / "whole", folder / "part");
  check_works(run({TRAIN_EMBEDDINGS, "--resume", folder / "part"}));  // nothing is left to do
  check_same_run(folder / "whole", folder / "part");
}

// kill -9 fifty times, 50 to 500 ms after a checkpoint is there: it always loads, half-written files do not pile up,
// and where the run ends at last the bits are those of a run that was left alone.
BOOST_AUTO_TEST_CASE(a_run_killed_fifty_times_ends_where_one_left_alone_does_D096) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "killed";
  const int steps = 1500;
  check_works(run(arguments(text, folder / "whole", steps)));
  std::mt19937 random(1);
  int kills = 0, ended = 0;
  for (int start = 0; kills < 50; ++start) {
    const bool goes_on = fs::exists(checkpoint(out));
    const Result r =
        run(goes_on ? std::vector<std::string>{TRAIN_EMBEDDINGS, "--resume", out, "--save-every", "1"}
                    : arguments(text, out, steps),
            {.kill_once_exists = checkpoint(out), .kill_milliseconds = 50 + static_cast<int>(random() % 450)});
    BOOST_REQUIRE_MESSAGE(r.code == 0 || r.code == 128 + SIGKILL, "exit code " << r.code << "; stderr: " << r.err);
    kills += r.code == 0 ? 0 : 1;
    BOOST_TEST(load_checkpoint(out) >= 0);
    BOOST_TEST(files_in(out) <= 10);  // 8 files of a run and those of the one that was killed last
    if (r.code == 0) {
      check_same_run(folder / "whole", out);
      ++ended;
      fs::remove_all(out);
    }
  }
  if (fs::exists(checkpoint(out))) {
    check_works(run({TRAIN_EMBEDDINGS, "--resume", out}));
    check_same_run(folder / "whole", out);
    BOOST_TEST(files_in(out) == 9);
  }
  BOOST_TEST_MESSAGE(kills << " kills; " << ended << " runs ended in between");
}

BOOST_AUTO_TEST_CASE(a_resumed_run_refuses_other_settings_and_other_texts) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out";
  check_works(run(arguments(text, out, 5)));
  const auto resumed = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = {TRAIN_EMBEDDINGS, "--resume", out};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  };
  check_fails(resumed({"--lr", "0.1"}), 2, {"--lr 0.1", "has 0.004", "keeps its settings"});
  check_fails(resumed({"--steps", "6"}), 2, {"--steps 6", "has 5"});
  check_fails(resumed({"--lowercase"}), 2, {"--lowercase", "has none"});
  check_fails(resumed({"--out", folder / "elsewhere"}), 2, {"--out", "elsewhere"});
  check_works(resumed({"--lr", "4e-3", "--dim", "8", "--text", text, "--show", "dog", "--out", out}));  // the same
  write(text, small_text() + "One more.\n");
  check_fails(resumed({}), 1, {"the text is not the one", out});
  fs::remove(text);
  check_fails(resumed({}), 1, {text});
  check_fails(run({TRAIN_EMBEDDINGS, "--resume", folder / "nowhere"}), 1, {"nowhere/checkpoint.safetensors"});
  fs::copy_file(out + "/model.safetensors", checkpoint(out), fs::copy_options::overwrite_existing);
  check_fails(resumed({}), 1, {"was not written by train_embeddings"});
  write(checkpoint(out), "half");
  check_fails(resumed({}), 1, {"checkpoint.safetensors"});
}

// The same ids, spelt otherwise: w is the last letter but one, and there is no x.
BOOST_AUTO_TEST_CASE(another_text_with_the_same_ids_is_another_text) {
  const Folder folder;
  std::string other = small_text();
  std::replace(other.begin(), other.end(), 'w', 'x');
  const std::string text = write(folder / "t.txt", small_text()), emb = folder / "emb", gpt = folder / "gpt";
  check_works(
      run({TRAIN_EMBEDDINGS, "--text", text, "--tokenizer", "char", "--steps", "2", "--dim", "8", "--out", emb}));
  check_works(run({TRAIN_GPT, "--text", text, "--steps", "2", "--dim", "8", "--context", "8", "--out", gpt}));
  write(text, other);
  check_fails(run({TRAIN_EMBEDDINGS, "--resume", emb}), 1, {"the text is not the one"});
  check_fails(run({TRAIN_GPT, "--resume", gpt}), 1, {"the text is not the one"});
  std::string tail = small_text();  // only the part that is held out differs
  std::swap(tail[tail.size() - 4], tail[tail.size() - 5]);
  write(text, tail);
  check_fails(run({TRAIN_GPT, "--resume", gpt}), 1, {"the text is not the one"});
}

BOOST_AUTO_TEST_CASE(a_folder_may_be_spelt_in_several_ways_and_a_seed_in_one) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out";
  check_works(run(
      {TRAIN_EMBEDDINGS, "--text", text, "--seed", "9007199254740992", "--steps", "2", "--dim", "8", "--out", out}));
  for (const std::string& spelt : {out + "/", folder / "./out", folder / "out/../out"}) {
    check_works(run({TRAIN_EMBEDDINGS, "--resume", spelt, "--out", out, "--text", folder / "out/../t.txt"}));
    check_works(run({TRAIN_EMBEDDINGS, "--resume", out, "--out", spelt}));
  }
  check_fails(run({TRAIN_EMBEDDINGS, "--resume", out, "--seed", "9007199254740993"}), 2,
              {"--seed 9007199254740993", "has 9007199254740992"});
}

// The screen of "before" is of the table that the run began with, noise or not.
BOOST_AUTO_TEST_CASE(a_resumed_run_tells_of_the_vectors_it_began_with) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), first = folder / "first", out = folder / "out";
  check_works(run({TRAIN_EMBEDDINGS, "--text", text, "--steps", "30", "--dim", "8", "--out", first}));
  check_works(run({TRAIN_EMBEDDINGS, "--text", text, "--init", first + "/vectors.txt", "--steps", "4", "--dim", "8",
                   "--out", out}));
  const auto before = [&] { return nlohmann::json::parse(read(out + "/report.json")).at("before"); };
  const nlohmann::json whole = before();
  check_works(run({TRAIN_EMBEDDINGS, "--resume", out}));
  BOOST_TEST((before() == whole));
}

BOOST_AUTO_TEST_SUITE_END()
