// gpt2_config.cpp: reading the keys with distrust, and writing them.
#include "models/gpt2_config.hpp"

#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nn/printable.hpp"

namespace lexigrad::models {
namespace {

using nlohmann::json;

constexpr Index most = Index{1} << 31;  // of any size: a product of two stays far below 2^63

std::string shown(const json& value) { return printable(value.dump(-1, ' ', false, json::error_handler_t::replace)); }

// Asks for keys one by one and collects what is wrong with them.
class Reader {
 public:
  explicit Reader(const json& tree) : tree_(tree) {}

  // A whole number in [least, most); the first of `keys` that is there counts, and the others must agree with it.
  Index whole(const std::vector<const char*>& keys, Index least) {
    const json* first = nullptr;
    for (const char* key : keys) {
      if (!has(key)) continue;
      const json& value = tree_[key];
      const bool good = value.is_number_integer() && value.get<double>() >= static_cast<double>(least) &&
                        value.get<double>() < static_cast<double>(most);
      if (!good) {
        complain(fmt::format("{} is {}, expected a whole number from {} on", key, shown(value), least));
        return least;
      }
      if (first != nullptr && *first != value) {
        complain(fmt::format("{} is {}, but {} is {}", keys[0], shown(*first), key, shown(value)));
      }
      if (first == nullptr) first = &value;
    }
    if (first == nullptr) complain(fmt::format("{} is missing", keys[0]));
    return first == nullptr ? least : first->get<Index>();
  }

  double number(const char* key, double otherwise) {
    if (!has(key)) return otherwise;
    const json& value = tree_[key];
    if (value.is_number() && value.get<double>() >= 0.0 && value.get<double>() <= 1.0) return value.get<double>();
    complain(fmt::format("{} is {}, expected a number from 0 to 1", key, shown(value)));
    return otherwise;
  }

  // Where the key is there, it must have one of these values.
  void only(const char* key, const std::vector<json>& allowed) {
    if (!has(key)) return;
    std::string list;
    for (const json& value : allowed) {
      if (tree_[key] == value) return;
      list += (list.empty() ? "" : " or ") + value.dump();
    }
    complain(fmt::format("{} is {}, this model knows {} only", key, shown(tree_[key]), list));
  }

  void complain(const std::string& text) { wrong_ += (wrong_.empty() ? "" : "; ") + text; }
  const std::string& wrong() const { return wrong_; }

 private:
  bool has(const char* key) const { return tree_.contains(key) && !tree_[key].is_null(); }

  const json& tree_;
  std::string wrong_;
};

}  // namespace

TransformerOptions parse_gpt2_config(std::string_view text, const std::string& path) {
  const auto fail = [&](const std::string& reason) -> void { throw FileError("config", path + ": " + reason); };
  const json tree = json::parse(text, nullptr, false);
  if (tree.is_discarded()) fail("is not JSON");
  if (!tree.is_object()) fail("is not a JSON object");
  Reader read(tree);
  read.only("model_type", {"gpt2"});
  read.only("activation_function", {"gelu_new", "gelu_pytorch_tanh"});
  read.only("scale_attn_weights", {true});
  read.only("scale_attn_by_inverse_layer_idx", {false});
  read.only("add_cross_attention", {false});
  read.only("tie_word_embeddings", {true});
  TransformerOptions o;
  o.vocab = read.whole({"vocab_size"}, 1);
  o.context = read.whole({"n_positions", "n_ctx"}, 1);
  o.dim = read.whole({"n_embd"}, 1);
  o.layers = read.whole({"n_layer"}, 0);
  o.heads = read.whole({"n_head"}, 1);
  read.only("n_inner", {4 * o.dim});
  o.layer_norm_epsilon = read.number("layer_norm_epsilon", 1e-5);
  o.initializer_range = read.number("initializer_range", 0.02);
  if (read.wrong().empty() && o.dim % o.heads != 0) {
    read.complain(fmt::format("n_head is {}, which does not divide n_embd, {}", o.heads, o.dim));
  }
  if (!read.wrong().empty()) fail(read.wrong());
  return o;
}

std::string gpt2_config_text(const TransformerOptions& o, Index end_of_text) {
  nlohmann::ordered_json tree = {
      {"model_type", "gpt2"},
      {"architectures", {"GPT2LMHeadModel"}},
      {"activation_function", "gelu_new"},
      {"vocab_size", o.vocab},
      {"n_positions", o.context},
      {"n_ctx", o.context},
      {"n_embd", o.dim},
      {"n_layer", o.layers},
      {"n_head", o.heads},
      {"n_inner", nullptr},
      {"layer_norm_epsilon", o.layer_norm_epsilon},
      {"initializer_range", o.initializer_range},
      {"embd_pdrop", o.dropout},
      {"attn_pdrop", 0.0},
      {"resid_pdrop", o.dropout},
      {"scale_attn_weights", true},
      {"scale_attn_by_inverse_layer_idx", false},
      {"tie_word_embeddings", true},
      {"torch_dtype", sizeof(real) == 4 ? "float32" : "float64"},
  };
  if (end_of_text >= 0) tree["bos_token_id"] = tree["eos_token_id"] = end_of_text;
  return tree.dump(2) + "\n";
}

}  // namespace lexigrad::models
