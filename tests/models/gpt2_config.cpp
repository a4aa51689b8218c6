// gpt2_config.cpp: what is read out of a config.json, and what is refused in it.
#include "models/gpt2_config.hpp"

#include "support.hpp"

namespace lexigrad::models {
namespace {

using testing::error_text;

const std::string sizes = R"("vocab_size": 50, "n_positions": 16, "n_embd": 12, "n_layer": 2, "n_head": 3)";

TransformerOptions read(const std::string& keys) { return parse_gpt2_config("{" + keys + "}", "c"); }
std::string refused(const std::string& keys) {
  return error_text<FileError>([&] { read(keys); });
}

BOOST_AUTO_TEST_SUITE(gpt2_config)

BOOST_AUTO_TEST_CASE(sizes_are_read_and_the_rest_has_gpt2s_defaults) {
  const TransformerOptions o = read(sizes);
  BOOST_TEST(o.vocab == 50);
  BOOST_TEST(o.context == 16);
  BOOST_TEST(o.dim == 12);
  BOOST_TEST(o.layers == 2);
  BOOST_TEST(o.heads == 3);
  BOOST_TEST(o.layer_norm_epsilon == 1e-5);
  BOOST_TEST(o.initializer_range == 0.02);
  BOOST_TEST(read(sizes + R"(, "layer_norm_epsilon": 1e-6)").layer_norm_epsilon == 1e-6);
}

BOOST_AUTO_TEST_CASE(n_ctx_stands_for_n_positions_and_must_not_contradict_it) {
  BOOST_TEST(read(R"("vocab_size": 5, "n_ctx": 7, "n_embd": 2, "n_layer": 0, "n_head": 1)").context == 7);
  BOOST_TEST(read(sizes + R"(, "n_ctx": 16)").context == 16);
  BOOST_TEST(refused(sizes + R"(, "n_ctx": 17)") == "[config] c: n_positions is 16, but n_ctx is 17");
}

BOOST_AUTO_TEST_CASE(keys_of_generation_and_training_do_not_matter) {
  read(sizes + R"(, "n_inner": null, "resid_pdrop": 0.1, "torch_dtype": "float16", "use_cache": true,
                 "task_specific_params": {"text-generation": {"do_sample": true}})");
}

BOOST_AUTO_TEST_CASE(what_this_model_cannot_represent_is_refused_by_key_and_value) {
  BOOST_TEST(refused(sizes + R"(, "activation_function": "relu")") ==
             R"([config] c: activation_function is "relu", this model knows "gelu_new" or "gelu_pytorch_tanh" only)");
  BOOST_TEST(refused(sizes + R"(, "n_inner": 100)") == "[config] c: n_inner is 100, this model knows 48 only");
  BOOST_TEST(refused(sizes + R"(, "model_type": "llama")") ==
             R"([config] c: model_type is "llama", this model knows "gpt2" only)");
  for (const std::string key : {"scale_attn_weights", "tie_word_embeddings"}) {
    BOOST_TEST(refused(sizes + ", \"" + key + "\": false").find(key + " is false") != std::string::npos);
  }
  for (const std::string key : {"scale_attn_by_inverse_layer_idx", "add_cross_attention"}) {
    BOOST_TEST(refused(sizes + ", \"" + key + "\": true").find(key + " is true") != std::string::npos);
  }
  BOOST_TEST(refused(R"("vocab_size": 5, "n_positions": 7, "n_embd": 10, "n_layer": 1, "n_head": 3)") ==
             "[config] c: n_head is 3, which does not divide n_embd, 10");
}

BOOST_AUTO_TEST_CASE(all_that_is_wrong_stands_in_one_message) {
  BOOST_TEST(refused(R"("vocab_size": -1, "n_embd": "12", "n_layer": 1.5, "n_head": 9e99, "model_type": "t5")") ==
             "[config] c: model_type is \"t5\", this model knows \"gpt2\" only; "
             "vocab_size is -1, expected a whole number from 1 on; n_positions is missing; "
             "n_embd is \"12\", expected a whole number from 1 on; n_layer is 1.5, expected a whole number from 0 on; "
             "n_head is 9e+99, expected a whole number from 1 on");
}

BOOST_AUTO_TEST_CASE(numbers_too_large_for_any_model_are_refused) {
  for (const std::string number : {"2147483648", "18446744073709551615", "0", "true", "[]"}) {
    BOOST_TEST(refused(R"("n_positions": 7, "n_embd": 2, "n_layer": 1, "n_head": 1, "vocab_size": )" + number)
                   .find("vocab_size is " + number) != std::string::npos);
  }
  BOOST_TEST(refused(sizes + R"(, "layer_norm_epsilon": -1)").find("layer_norm_epsilon is -1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_that_is_no_json_object_is_refused) {
  for (const std::string& text :
       std::vector<std::string>{"", "{", "{\"a\":}", std::string(100000, '['), std::string("{\0}", 3)}) {
    BOOST_TEST(error_text<FileError>([&] { parse_gpt2_config(text, "c"); }) == "[config] c: is not JSON");
  }
  for (const std::string text : {"[]", "3", "null"}) {
    BOOST_TEST(error_text<FileError>([&] { parse_gpt2_config(text, "c"); }) == "[config] c: is not a JSON object");
  }
}

BOOST_AUTO_TEST_CASE(a_value_cannot_break_the_line_or_fill_the_screen) {
  const std::string text = refused(sizes + ", \"model_type\": \"\x1b[2J\xff" + std::string(5000, 'x') + "\"");
  BOOST_TEST(text == "[config] c: is not JSON");  // an escape within a string is none
  const std::string again = refused(sizes + R"(, "model_type": "\u001b[2J)" + std::string(5000, 'x') + "\"");
  BOOST_TEST(again.size() < 300u);
  BOOST_TEST(again.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back) {
  TransformerOptions o = {.vocab = 7, .context = 9, .dim = 6, .layers = 3, .heads = 2};
  o.layer_norm_epsilon = 3e-6;
  o.initializer_range = 0.01;
  const std::string text = gpt2_config_text(o, 6);
  const TransformerOptions back = parse_gpt2_config(text, "c");
  BOOST_TEST(back.vocab == o.vocab);
  BOOST_TEST(back.context == o.context);
  BOOST_TEST(back.dim == o.dim);
  BOOST_TEST(back.layers == o.layers);
  BOOST_TEST(back.heads == o.heads);
  BOOST_TEST(back.layer_norm_epsilon == o.layer_norm_epsilon);
  BOOST_TEST(back.initializer_range == o.initializer_range);
  BOOST_TEST(text.find("\"eos_token_id\": 6") != std::string::npos);
  BOOST_TEST(gpt2_config_text(o).find("eos_token_id") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad::models
