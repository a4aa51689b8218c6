// gpt2_gold.cpp: three checkpoints of the format, two of them written by Hugging Face's library: logits, losses and
// greedy continuations against a forward pass in 64 bits, and each saved again and read back.
#include <algorithm>
#include <numeric>

#include <nlohmann/json.hpp>

#include "autograd/mode.hpp"
#include "models/generate.hpp"
#include "models/gpt2_folder.hpp"
#include "models/perplexity.hpp"
#include "nn/kv_cache.hpp"
#include "support.hpp"
#include "support/data.hpp"

namespace lexigrad::models {
namespace {

using namespace lexigrad::testing;

struct Checkpoint {
  std::string folder, file;
  double tolerance;  // relative, of logits and losses: 1e-4 for F32, else what rounding the weights does
};

// Random weights of width 2 make logits near 0, whence the small absolute part.
const Checkpoint checkpoints[] = {
    {"tiny_gpt2_hf", "model.safetensors", 1e-4},
    {"gpt2_vocab50257_d2_hf", "model.safetensors", 1e-4},
    {"gpt2_char_shakespeare", "model.safetensors", 1e-4},
    {"gpt2_char_shakespeare", "model_f16.safetensors", 2e-3},
    {"gpt2_char_shakespeare", "model_bf16.safetensors", 2e-2},
};

struct Loaded {
  Checkpoint checkpoint;
  Transformer model;
  nlohmann::json cases;
};

std::vector<Loaded> loaded() {
  std::vector<Loaded> all;
  for (const Checkpoint& c : checkpoints) {
    const auto folder = data_path("models/" + c.folder);
    if (!folder) return {};
    all.push_back({c, load_model((*folder / c.file).string()),
                   nlohmann::json::parse(std::ifstream(*folder / "gold.json"))["cases"]});
  }
  return all;
}

std::vector<Index> ids_of(const nlohmann::json& c) { return c["ids"].get<std::vector<Index>>(); }

Tensor all_logits(const Transformer& model, const std::vector<Index>& ids) {
  const NoGrad quiet;
  const auto length = static_cast<Index>(ids.size());
  return model.head(model(Ids(Shape{1, length}, ids))).value().reshape({length, model.options.vocab});
}

template <class Body>
void each_case(const Body& body) {
  for (Loaded& l : loaded()) {
    int number = 0;
    for (const nlohmann::json& c : l.cases) {
      BOOST_TEST_CONTEXT(l.checkpoint.folder << "/" << l.checkpoint.file << " case " << number) { body(l, c); }
      ++number;
    }
  }
}

// Of a row of numbers the largest is the measure: one that happens to be near 0 has no relative error of its own.
void check_row(const Tensor& got, const std::vector<double>& want, double tolerance) {
  double largest = 0.0;
  for (const double w : want) largest = std::max(largest, std::abs(w));
  check_close(got, want, tolerance, tolerance * largest);
}

BOOST_AUTO_TEST_SUITE(gpt2_gold)

BOOST_AUTO_TEST_CASE(logits_of_all_positions_and_of_the_last_one) {
  each_case([](const Loaded& l, const nlohmann::json& c) {
    const std::vector<Index> ids = ids_of(c);
    const double tolerance = l.checkpoint.tolerance;
    const Tensor logits = all_logits(l.model, ids);
    const Tensor last = logits.rows(logits.dim(0) - 1, 1).reshape({l.model.options.vocab});
    double sum = 0.0, absolute = 0.0;
    for (Index i = 0; i < logits.size(); ++i) {
      sum += static_cast<double>(logits.data()[i]);
      absolute += std::abs(static_cast<double>(logits.data()[i]));
    }
    if (c.contains("last_logits")) {
      check_row(last, c["last_logits"].get<std::vector<double>>(), tolerance);
      BOOST_TEST(std::abs(sum - c["logits_sum"].get<double>()) <= tolerance * absolute);
    } else {
      check_row(last.rows(0, 8), c["last_logits_first8"].get<std::vector<double>>(), tolerance);
      BOOST_TEST(std::abs(absolute / c["logits_abs_sum"].get<double>() - 1.0) <= tolerance);
      const std::vector<Candidate> five = likeliest(last, 5);
      for (std::size_t i = 0; i < 5; ++i) BOOST_TEST(five[i].id == c["top5_last"][i][0].get<Index>());
    }
  });
}

BOOST_AUTO_TEST_CASE(a_key_value_cache_gives_the_same_logits) {
  each_case([](const Loaded& l, const nlohmann::json& c) {
    const std::vector<Index> ids = ids_of(c);
    const Tensor logits = all_logits(l.model, ids);
    KeyValueCache cache(l.model);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const Tensor got = cache.read(std::span<const Index>(ids).subspan(i, 1));
      check_row(got, numbers(logits.rows(static_cast<Index>(i), 1)), 1e-5);
    }
  });
}

BOOST_AUTO_TEST_CASE(mean_losses) {
  each_case([](const Loaded& l, const nlohmann::json& c) {
    if (c["mean_next_token_loss"].is_null()) return;
    const double want = c["mean_next_token_loss"].get<double>();
    const Score got = score(l.model, ids_of(c), l.model.options.context);
    BOOST_TEST(got.tokens + 1 == static_cast<Index>(c["ids"].size()));
    BOOST_TEST(std::abs(got.mean() / want - 1.0) <= l.checkpoint.tolerance);
  });
}

BOOST_AUTO_TEST_CASE(greedy_continuations) {
  each_case([](const Loaded& l, const nlohmann::json& c) {
    if (!c.contains("greedy_continuation") || l.checkpoint.file.find("bf16") != std::string::npos) return;
    const std::vector<Index> want = c["greedy_continuation"].get<std::vector<Index>>();
    Rng rng(1);
    GenerateOptions options{.max_tokens = static_cast<Index>(want.size()), .sampling = {.temperature = 0.0}};
    options.keep = l.model.options.context;
    BOOST_TEST(generate(l.model, ids_of(c), options, rng) == want, boost::test_tools::per_element());
  });
}

BOOST_AUTO_TEST_CASE(saved_again_and_read_back_bit_for_bit) {
  for (Loaded& l : loaded()) {
    const Folder folder;
    save_gpt2(folder.path(), l.model);
    Transformer back = load_model(folder.path());
    check_same_model(l.model, back);
  }
}

BOOST_AUTO_TEST_CASE(the_file_we_write_has_the_tensors_of_theirs) {
  for (const std::string name : {"gpt2_char_shakespeare", "gpt2_vocab50257_d2_hf"}) {
    const auto path = data_path("models/" + name);
    if (!path) return;
    const Folder folder;
    save_gpt2(folder.path(), load_model(path->string()));
    const SafetensorsFile theirs((*path / "model.safetensors").string()), ours(folder.file("model.safetensors"));
    BOOST_TEST(theirs.entries().size() == ours.entries().size());
    for (const SafetensorsEntry& entry : theirs.entries()) {
      const SafetensorsEntry* mine = ours.find(entry.name);
      BOOST_REQUIRE_MESSAGE(mine != nullptr, entry.name);
      BOOST_TEST(mine->dtype == entry.dtype);
      BOOST_CHECK_MESSAGE(same_bits(theirs.read(entry.name), ours.read(entry.name)), entry.name);
    }
    const auto config = [](const std::string& file) { return nlohmann::json::parse(std::ifstream(file)); };
    const nlohmann::json wrote = config(folder.file("config.json")), given = config((*path / "config.json").string());
    for (const auto& [key, value] : given.items()) {
      const bool of_the_model = key.starts_with("n_") || key == "vocab_size" || key == "model_type" ||
                                key == "architectures" || key == "activation_function" || key == "layer_norm_epsilon" ||
                                key.starts_with("scale_attn");
      if (of_the_model) BOOST_CHECK_MESSAGE(wrote.contains(key) && wrote[key] == value, key);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad::models
