// train_embeddings.cpp: small runs: every file is there and can be read again; seeds, threads, tokenizers, Ctrl-C.
#include <cmath>

#include <nlohmann/json.hpp>

#include "nn/checkpoint.hpp"
#include "nn/transformer.hpp"
#include "programs/run.hpp"
#include "support/data.hpp"
#include "tensor/ops.hpp"
#include "text/bpe.hpp"
#include "text/vocabulary.hpp"
#include "vectors/word2vec_text.hpp"

using namespace programs;
using namespace lexigrad;

namespace {

const std::vector<std::string> all_files = {"model.safetensors", "checkpoint.safetensors",
                                            "vocab.txt",         "vectors.txt",
                                            "loss.csv",          "loss.svg",
                                            "map.html",          "map.svg",
                                            "report.json"};

// Reads everything a run wrote; the numbers must be finite and fit each other. Gives the report.
nlohmann::json load_all(const std::string& out) {
  for (const std::string& name : all_files) BOOST_REQUIRE_MESSAGE(fs::exists(out + "/" + name), name << " is missing");
  const auto vocabulary = text::Vocabulary::load(out + "/vocab.txt");
  const Metadata metadata = read_metadata(out + "/model.safetensors");
  const auto number = [&](const char* key) { return static_cast<Index>(std::stoll(metadata.at(key))); };
  BOOST_TEST(number("vocab") == vocabulary.size());
  Rng rng(99);
  Transformer model({.vocab = number("vocab"),
                     .context = number("context"),
                     .dim = number("dim"),
                     .layers = number("layers"),
                     .heads = number("heads")},
                    rng);
  load(out + "/model.safetensors", model);
  for (const NamedParameter& p : named_parameters(model)) BOOST_TEST(all_finite(p.parameter.value()), p.name);
  const vectors::WordTable table = vectors::read_vectors(out + "/vectors.txt");
  BOOST_REQUIRE_EQUAL(table.size(), vocabulary.size());
  BOOST_TEST(table.warnings.empty());
  const Tensor& wte = model.wte.weight.value();
  const Tensor rows = wte - sum(wte, 0) / static_cast<double>(wte.dim(0));  // vectors.txt holds rows less their mean
  BOOST_REQUIRE(table.vectors.shape() == rows.shape());
  for (Index i = 0; i < rows.size(); ++i) BOOST_REQUIRE_EQUAL(table.vectors.data()[i], rows.data()[i]);
  for (Index i = 0; i < table.size(); ++i) BOOST_TEST(table.words[static_cast<std::size_t>(i)] == vocabulary.token(i));
  for (const char* picture : {"/loss.svg", "/map.svg"}) {
    check_has(read(out + picture), "<svg");
    check_has(read(out + picture), "</svg>");
  }
  check_has(read(out + "/loss.csv"), "step,train_loss,held_out_loss\n");
  return nlohmann::json::parse(read(out + "/report.json"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(train_embeddings)

BOOST_AUTO_TEST_CASE(every_file_is_written_and_loads_again) {
  const Folder folder;
  const std::string out = folder / "out";
  const Result r = train({"--out", out});  // the embedded corpus
  check_works(r);
  check_has(r.out, "before training");
  check_has(r.out, "after training");
  const nlohmann::json report = load_all(out);
  BOOST_TEST(report.at("training").at("steps") == 30);
  BOOST_TEST(report.at("before").at("cosines").size() == report.at("after").at("cosines").size());
  BOOST_TEST(report.at("held_out").at("loss_after").get<double>() <
             report.at("held_out").at("loss_before").get<double>());
  BOOST_TEST(std::isfinite(report.at("after").at("living_axis").at("auc").get<double>()));
  const nlohmann::json& twelfth = report.at("after").at("strongest_twelfth");  // of 16 dimensions: one
  BOOST_TEST(twelfth.at("dimensions") == 1);
  for (const char* axis : {"share_of_living_axis", "share_of_gender_axis"}) {
    const double share = twelfth.at(axis).get<double>();
    BOOST_TEST((share >= 1.0 / 16 && share <= 1.0), axis << " " << share);
  }

  const Result near = run({EXPLORE, out, "neighbours", "cat", "--count", "3"});
  check_works(near);
  BOOST_TEST(std::count(near.out.begin(), near.out.end(), '\n') == 4);
  check_works(run({EXPLORE, out, "analogy", "man", "king", "woman"}));
  check_works(run({EXPLORE, out, "cosine", "cat", "dog"}));
}

// Where every direction is 1 or -1, the means of two sets of words are often the same; with this seed they are.
BOOST_AUTO_TEST_CASE(a_table_of_one_column_has_no_axis_and_is_trained_all_the_same) {
  const Folder folder;
  const Result r =
      run({TRAIN_EMBEDDINGS, "--dim", "1", "--heads", "1", "--steps", "1", "--seed", "4", "--out", folder / "out"});
  check_works(r);
  check_has(r.out, "or no axis parts them");
}

BOOST_AUTO_TEST_CASE(a_pretrained_table_is_the_beginning_and_stays_when_frozen) {
  const Folder folder;
  check_works(train({"--out", folder / "first"}));
  const std::string vectors = folder / "first/vectors.txt";
  const Result frozen = train({"--init", vectors, "--freeze", "--out", folder / "frozen"});
  check_works(frozen);
  check_has(frozen.out, "words begin with the vectors of");
  check_has(frozen.out, "before training: the vectors of --init");
  const vectors::WordTable a = vectors::read_vectors(vectors), b = vectors::read_vectors(folder / "frozen/vectors.txt");
  const double scale = a.length(7) / b.length(7);
  for (Index i = 0; i < a.vectors.size(); ++i) {
    const double x = static_cast<double>(a.vectors.data()[i]), y = static_cast<double>(b.vectors.data()[i]);
    BOOST_REQUIRE_SMALL(x - scale * y, 1e-4);
  }
  check_works(train({"--init", vectors, "--out", folder / "trained"}));
  BOOST_TEST((read(folder / "trained/vectors.txt") != read(folder / "frozen/vectors.txt")));
  check_fails(run({TRAIN_EMBEDDINGS, "--init", vectors, "--out", folder / "wide"}), 1, {"--dim 16", "vectors.txt"});
  check_fails(train({"--freeze", "--layers", "0", "--out", folder / "none"}), 2, {"--freeze"});
}

BOOST_AUTO_TEST_CASE(the_same_bits_from_any_number_of_threads) {
  const Folder folder;
  std::string first;
  for (const char* threads : {"1", "2", "4"}) {
    const std::string out = folder / threads;
    check_works(train({"--out", out}, {.environment = {{"OMP_NUM_THREADS", threads}}}));
    const std::string model = read(out + "/model.safetensors");
    if (first.empty()) first = model;
    BOOST_CHECK_MESSAGE(model == first, threads << " threads give other bits than one");
  }
}

BOOST_AUTO_TEST_CASE(the_seed_decides) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  const auto model = [&](const char* name, const char* seed) {
    check_works(train({"--text", text, "--seed", seed, "--out", folder / name}));
    const std::string bytes = read(folder / (std::string(name) + "/model.safetensors"));
    return bytes.substr(bytes.find("}}") + 2);  // without the header, which holds the seed
  };
  const std::string one = model("a", "1");
  BOOST_TEST((one == model("b", "1")));
  BOOST_TEST((one != model("c", "2")));
}

BOOST_AUTO_TEST_CASE(controls_run) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  for (const char* control : {"shuffle", "ids"}) {
    const Result r = train({"--text", text, "--control", control, "--out", folder / control});
    check_works(r);
    check_has(r.out, "control: ");
    BOOST_TEST(
        nlohmann::json::parse(read(folder / (std::string(control) + "/report.json"))).at("settings").at("control") ==
        control);
  }
}

BOOST_AUTO_TEST_CASE(characters_and_lower_case) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text());
  check_works(train({"--text", text, "--tokenizer", "char", "--out", folder / "char"}));
  const auto chars = text::Vocabulary::load(folder / "char/vocab.txt");
  for (Index i = text::Vocabulary::first_word; i < chars.size(); ++i) BOOST_TEST(chars.token(i).size() == 1u);
  check_works(train({"--text", text, "--lowercase", "--out", folder / "lower"}));
  const auto lower = text::Vocabulary::load(folder / "lower/vocab.txt");
  BOOST_TEST(lower.find("the").has_value());
  BOOST_TEST(!lower.find("The").has_value());
}

// Words are asked about without the blank that their token begins with.
BOOST_AUTO_TEST_CASE(byte_pairs_are_asked_about_by_word) {
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text(200)), out = folder / "out";
  check_works(train({"--text", text, "--tokenizer", "bpe", "--vocab", "310", "--show", "cat,king,.", "--out", out}));
  const auto pairs = text::Bpe::load_folder(out);
  BOOST_TEST(pairs.size() == 310);
  const vectors::WordTable table = vectors::read_vectors(out + "/vectors.txt");
  BOOST_TEST(table.size() == 310);
  BOOST_TEST(table.warnings.empty());
  BOOST_TEST(table.id("cat") == *pairs.find(" cat"));
  BOOST_TEST(table.id("…c") == *pairs.find("c"));
  BOOST_TEST(table.id(".") == *pairs.find("."));
  check_works(run({EXPLORE, out, "cosine", "cat", "king"}));
  check_fails(train({"--text", text, "--tokenizer", "bpe", "--vocab", "310", "--show", "catfish", "--out", out}), 2,
              {"--show catfish", "\" catfish\" is not one token but ", ": \" cat\" "});
  check_fails(train({"--text", text, "--tokenizer", "bpe", "--vocab", "100", "--out", out}), 2, {"--vocab 100", "257"});
  check_fails(train({"--text", text, "--tokenizer", "gpt2", "--out", out}), 2, {"--gpt2 DIR"});
  check_fails(train({"--text", text, "--gpt2", out, "--out", out}), 2, {"--tokenizer gpt2"});
}

BOOST_AUTO_TEST_CASE(gpt2s_own_byte_pairs) {
  const auto gpt2 = lexigrad::testing::data_path("gpt2");
  if (!gpt2) return;
  const Folder folder;
  const std::string text = write(folder / "t.txt", small_text()), out = folder / "out";
  const auto gpt2_run = [&](const char* shown) {
    return run({TRAIN_EMBEDDINGS,
                "--text",
                text,
                "--tokenizer",
                "gpt2",
                "--gpt2",
                gpt2->string(),
                "--steps",
                "2",
                "--dim",
                "4",
                "--batch",
                "2",
                "--context",
                "8",
                "--heads",
                "1",
                "--show",
                shown,
                "--out",
                out});
  };
  check_works(gpt2_run("cat"));
  BOOST_TEST(vectors::read_vectors(out + "/vectors.txt").id("cat") == 3797);
  BOOST_TEST(read_metadata(out + "/model.safetensors").at("vocab") == "50257");
  check_fails(gpt2_run("xyzzy"), 2, {"\" xyzzy\" is not one token but 3: \" x\" \"y\" \"zzy\""});
}

BOOST_AUTO_TEST_CASE(standard_input_is_a_text) {
  const Folder folder;
  check_works(train({"--text", "-", "--out", folder / "piped"}, {.input = small_text()}));
  check_works(train({"--text", write(folder / "t.txt", small_text()), "--out", folder / "named"}));
  BOOST_TEST((read(folder / "piped/vectors.txt") == read(folder / "named/vectors.txt")));
}

BOOST_AUTO_TEST_CASE(blanks_and_other_letters_in_names_D098) {
  const Folder folder;
  const std::string data = folder / "my data é中";
  fs::create_directories(data);
  const std::string text = write(data + "/a b.txt", small_text());
  check_works(train({"--text", text, "--out", data + "/the results"}));
  load_all(data + "/the results");
  check_works(run({EXPLORE, data + "/the results", "cosine", "cat", "dog"}));
}

BOOST_AUTO_TEST_CASE(ctrl_c_saves_what_was_learned) {
  const Folder folder;
  const std::string out = folder / "out";
  const Result r = run({TRAIN_EMBEDDINGS, "--steps", "1000000", "--dim", "16", "--batch", "8", "--context", "16",
                        "--text", write(folder / "t.txt", small_text()), "--out", out},
                       {.interrupt_after = "step       1/1000000"});
  BOOST_REQUIRE_MESSAGE(r.code == 130, "exit code " << r.code << "; stderr: " << r.err << "; stdout: " << r.out);
  check_has(r.err, "stopping after this step; again to stop at once");
  const nlohmann::json report = load_all(out);
  BOOST_TEST(report.at("training").at("interrupted") == true);
  BOOST_TEST(report.at("training").at("steps") >= 1);
}

BOOST_AUTO_TEST_CASE(help_lists_every_flag_with_its_default_D100) {
  check_help(TRAIN_EMBEDDINGS, {"--text",      "--out",     "--tokenizer", "--gpt2",         "--lowercase", "--vocab",
                                "--min-count", "--dim",     "--layers",    "--heads",        "--context",   "--batch",
                                "--steps",     "--epochs",  "--lr",        "--weight-decay", "--dropout",   "--seed",
                                "--show",      "--control", "--resume",    "--save-every"});
}

BOOST_AUTO_TEST_SUITE_END()
