// gpt2_misfits.cpp: folders that do not fit: every name, shape and type in one message, before a model is made.
#include "models/gpt2_config.hpp"
#include "models/gpt2_folder.hpp"
#include "nn/checkpoint.hpp"
#include "support.hpp"

namespace lexigrad::models {
namespace {

using namespace lexigrad::testing;

// A folder whose tensors were changed by `change`; the error of reading it, without its path.
template <class Change>
std::string refused(const Change& change, const TransformerOptions& config = small_options) {
  const Folder folder, other;
  save_gpt2(folder.path(), noisy_model());
  NamedTensors tensors = tensors_in(folder.file("model.safetensors"));
  change(tensors);
  write_safetensors(other.file("model.safetensors"), tensors);
  write(other.file("config.json"), gpt2_config_text(config));
  std::string text = error_text<FileError>([&] { load_model(other.path()); });
  const std::size_t at = text.find(other.path());
  if (at != std::string::npos) text.erase(at, other.path().size() + 1);
  return text;
}

Tensor& named(NamedTensors& tensors, const std::string& name) {
  for (auto& [known, value] : tensors) {
    if (known == "transformer." + name) return value;
  }
  throw std::runtime_error("no " + name);
}

BOOST_AUTO_TEST_SUITE(gpt2_misfits)

BOOST_AUTO_TEST_CASE(everything_that_does_not_fit_is_listed_at_once) {
  const std::string text = refused([](NamedTensors& tensors) {
    named(tensors, "h.0.attn.c_attn.weight") = ones({24, 8});  // a Linear's layout
    named(tensors, "ln_f.bias") = ones({9});
    std::erase_if(tensors, [](const auto& t) { return t.first == "transformer.h.1.mlp.c_fc.bias"; });
    tensors.emplace_back("transformer.h.2.ln_1.weight", ones({8}));
  });
  BOOST_TEST(text ==
             "[load] model.safetensors: missing: transformer.h.1.mlp.c_fc.bias; "
             "unexpected: transformer.h.2.ln_1.weight; "
             "of another shape: transformer.h.0.attn.c_attn.weight [24, 8] (expected [8, 24]), "
             "transformer.ln_f.bias [9] (expected [8])");
}

BOOST_AUTO_TEST_CASE(a_config_of_another_size_is_a_list_of_shapes) {
  TransformerOptions config = small_options;
  config.vocab = 12;
  config.layers = 3;
  const std::string text = refused([](NamedTensors&) {}, config);
  BOOST_TEST(text.find("missing: transformer.h.2.ln_1.weight, ") != std::string::npos);
  BOOST_TEST(text.find(" and 2 more; of another shape: transformer.wte.weight [11, 8] (expected [12, 8])") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_config_of_a_billion_layers_asks_for_no_memory) {
  TransformerOptions config = small_options;
  config.layers = 2'000'000'000;
  BOOST_TEST(refused([](NamedTensors&) {}, config) ==
             "[load] model.safetensors: 2000000000 layers are expected, but there are 28 tensors in all");
  config.layers = 2;
  config.vocab = 2'000'000'000;
  config.context = 2'000'000'000;
  BOOST_TEST(refused([](NamedTensors&) {}, config).find("of another shape: transformer.wte.weight") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_head_that_is_not_the_table_is_refused) {
  BOOST_TEST(refused([](NamedTensors& tensors) {
               Tensor head = named(tensors, "wte.weight").clone();
               head.mutable_data()[3] += real{1};
               tensors.emplace_back("lm_head.weight", head);
             }) == "[load] model.safetensors: lm_head.weight is not wte.weight: this model's head shares the table");
  BOOST_TEST(refused([](NamedTensors& tensors) {
               tensors.emplace_back("lm_head.weight", ones({11, 4}));
             }).find("lm_head.weight [11, 4] (expected [11, 8])") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_of_both_spellings_do_not_mix) {
  const std::string text = refused([](NamedTensors& tensors) {
    for (auto& [name, value] : tensors) {
      if (name == "transformer.ln_f.bias") name = "ln_f.bias";
    }
  });
  BOOST_TEST(text == "[load] model.safetensors: missing: transformer.ln_f.bias; unexpected: ln_f.bias");
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_no_weights) {
  const Folder folder;
  save_gpt2(folder.path(), noisy_model());
  std::string bytes = contents(folder.file("model.safetensors"));
  const std::size_t name = bytes.find("transformer.wpe.weight"), dtype = bytes.find("F32", name);
  bytes.replace(dtype, 3, "I32");
  write(folder.file("model.safetensors"), bytes);
  BOOST_TEST(error_text<FileError>([&] {
               load_model(folder.path());
             }).find("of a type without real numbers: transformer.wpe.weight I32") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_folder_of_a_model_is_named) {
  const Folder folder;
  BOOST_TEST(error_text<FileError>([&] { load_model(folder.file("none")); }) ==
             "[load] " + folder.file("none") +
                 ": is not there; expected a folder with config.json and model.safetensors, or a .safetensors file");
  BOOST_CHECK_THROW(load_model(folder.path()), FileError);  // empty
  std::filesystem::create_directories(folder.file("config.json"));
  BOOST_TEST(error_text<FileError>([&] { load_model(folder.path()); }).find("config.json: cannot be read") !=
             std::string::npos);
  const Folder large;
  write(large.file("config.json"), std::string(std::size_t{2} << 20, ' '));
  BOOST_TEST(error_text<FileError>([&] { load_model(large.path()); }).find("larger than 1 MiB") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_of_ours_must_say_its_sizes) {
  const Folder folder;
  Transformer model = noisy_model();
  const auto refused_with = [&](const Metadata& metadata) {
    save(folder.file("model.safetensors"), model, metadata);
    return error_text<FileError>([&] { load_model(folder.path()); });
  };
  BOOST_TEST(refused_with({}).find("no config.json beside it, and it is no model of train_embeddings") !=
             std::string::npos);
  Metadata metadata = {
      {"format", "lexigrad transformer 1"}, {"vocab", "11"}, {"context", "8"}, {"dim", "8"}, {"layers", "2"}};
  BOOST_TEST(refused_with(metadata).find("__metadata__ has no number for heads") != std::string::npos);
  metadata["heads"] = "3";
  BOOST_TEST(refused_with(metadata).find("describes no model: vocab 11, context 8, dim 8, heads 3") !=
             std::string::npos);
  metadata["heads"] = "2";
  metadata["context"] = "9";
  BOOST_TEST(refused_with(metadata).find("of another shape: wpe.weight [8, 8] (expected [9, 8])") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad::models
