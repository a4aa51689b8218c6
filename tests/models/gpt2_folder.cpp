// gpt2_folder.cpp: a model saved as GPT-2's folder and read again: the layout in the file, the same bits, and files of
// other spelling.
#include "models/gpt2_folder.hpp"

#include "nn/checkpoint.hpp"
#include "support.hpp"

namespace lexigrad::models {
namespace {

using namespace lexigrad::testing;

const Metadata own_metadata = {{"format", "lexigrad transformer 1"},
                               {"vocab", "11"},
                               {"context", "8"},
                               {"dim", "8"},
                               {"layers", "2"},
                               {"heads", "2"}};

BOOST_AUTO_TEST_SUITE(gpt2_folder)

BOOST_AUTO_TEST_CASE(a_saved_model_reads_back_with_the_same_bits) {
  const Folder folder;
  Transformer model = noisy_model();
  save_gpt2(folder.file("m"), model, 10);
  Transformer back = load_model(folder.file("m"));
  check_same_model(model, back);
  BOOST_TEST(back.options.heads == 2);
  const std::string bytes = contents(folder.file("m/model.safetensors")),
                    config = contents(folder.file("m/config.json"));
  save_gpt2(folder.file("m"), back, 10);  // over itself
  BOOST_TEST((contents(folder.file("m/model.safetensors")) == bytes));
  BOOST_TEST((contents(folder.file("m/config.json")) == config));
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.file("m")), {}) == 2);
}

BOOST_AUTO_TEST_CASE(matrices_of_blocks_lie_transposed_and_tables_do_not) {
  const Folder folder;
  const Transformer model = noisy_model();
  save_gpt2(folder.path(), model);
  const SafetensorsFile file(folder.file("model.safetensors"));
  BOOST_TEST(file.entries().size() == 2u + 2 * 12 + 2);
  BOOST_TEST(file.metadata().at("format") == "pt");
  BOOST_TEST(file.find("lm_head.weight") == nullptr);
  const auto same = [&](const std::string& name, const Tensor& value) {
    BOOST_REQUIRE_MESSAGE(file.find(name) != nullptr, name);
    BOOST_CHECK_MESSAGE(same_bits(file.read(name), value), name);
  };
  same("transformer.wte.weight", model.wte.weight.value());
  same("transformer.wpe.weight", model.wpe.weight.value());
  const Block& block = model.blocks[1];
  same("transformer.h.1.attn.c_attn.weight", transpose(block.attn.qkv.weight.value()));
  same("transformer.h.1.attn.c_attn.bias", block.attn.qkv.bias->value());
  same("transformer.h.1.attn.c_proj.weight", transpose(block.attn.proj.weight.value()));
  same("transformer.h.1.mlp.c_fc.weight", transpose(block.mlp.up.weight.value()));
  same("transformer.h.1.mlp.c_proj.weight", transpose(block.mlp.down.weight.value()));
  same("transformer.h.1.ln_2.bias", block.ln_2.bias->value());
  same("transformer.ln_f.weight", model.ln_f.weight->value());
}

BOOST_AUTO_TEST_CASE(names_without_prefix_masks_and_a_head_that_is_the_table_are_taken) {
  const Folder folder;
  Transformer model = noisy_model();
  save_gpt2(folder.path(), model);
  for (const std::string front : {"", "transformer."}) {
    NamedTensors tensors = tensors_in(folder.file("model.safetensors"));
    for (auto& [name, value] : tensors) {
      if (front.empty() && name.starts_with("transformer.")) name.erase(0, 12);
    }
    tensors.emplace_back(front + "h.0.attn.bias", ones({1, 1, 8, 8}));
    tensors.emplace_back(front + "h.1.attn.masked_bias", scalar(-1e4));
    tensors.emplace_back("lm_head.weight", model.wte.weight.value());
    const Folder other;
    write_safetensors(other.file("model.safetensors"), tensors);
    std::filesystem::copy(folder.file("config.json"), other.file("config.json"));
    Transformer back = load_model(other.path());
    check_same_model(model, back);
  }
}

BOOST_AUTO_TEST_CASE(a_file_in_the_folder_can_be_named) {
  const Folder folder;
  Transformer model = noisy_model();
  save_gpt2(folder.path(), model);
  std::filesystem::rename(folder.file("model.safetensors"), folder.file("other.safetensors"));
  Transformer back = load_model(folder.file("other.safetensors"));
  check_same_model(model, back);
  BOOST_TEST(error_text<FileError>([&] { load_model(folder.path()); }).find("model.safetensors") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_of_train_embeddings_is_opened_by_its_metadata) {
  const Folder folder;
  Transformer model = noisy_model();
  save(folder.file("model.safetensors"), model, own_metadata);
  Transformer back = load_model(folder.path());
  check_same_model(model, back);
  save_gpt2(folder.file("theirs"), back);
  Transformer again = load_model(folder.file("theirs"));
  check_same_model(model, again);
}

BOOST_AUTO_TEST_CASE(epsilon_dropout_and_range_are_what_was_asked_for) {
  const Folder folder;
  TransformerOptions options = small_options;
  options.layer_norm_epsilon = 1e-3;
  options.initializer_range = 0.25;
  save_gpt2(folder.path(), noisy_model(options));
  const Transformer back = load_model(folder.path(), 0.5);
  for (const double eps : {back.ln_f.eps, back.blocks[0].ln_1.eps, back.blocks[1].ln_2.eps}) BOOST_TEST(eps == 1e-3);
  BOOST_TEST(back.options.initializer_range == 0.25);
  BOOST_TEST(back.drop.p == 0.5);
  BOOST_TEST(back.blocks[1].mlp.drop.p == 0.5);
}

BOOST_AUTO_TEST_CASE(a_model_without_blocks_is_one_too) {
  const Folder folder;
  Transformer model = noisy_model({.vocab = 5, .context = 3, .dim = 4, .layers = 0, .heads = 1});
  save_gpt2(folder.path(), model);
  Transformer back = load_model(folder.path());
  check_same_model(model, back);
}

BOOST_AUTO_TEST_CASE(saving_where_nothing_can_be_written_leaves_what_was_there) {
  const Folder folder;
  write(folder.file("taken"), "a file");
  const std::string text = error_text<FileError>([&] { save_gpt2(folder.file("taken"), noisy_model()); });
  BOOST_TEST(text.find("taken") != std::string::npos);
  std::filesystem::create_directories(folder.file("m/model.safetensors"));  // a folder where the file should stand
  write(folder.file("m/config.json"), "old");
  BOOST_CHECK_THROW(save_gpt2(folder.file("m"), noisy_model()), FileError);
  BOOST_TEST(contents(folder.file("m/config.json")) == "old");
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.file("m")), {}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad::models
