// gpt2_names.cpp: the list, part by part.
#include "models/gpt2_names.hpp"

#include <algorithm>

namespace lexigrad::models {
namespace {

void add_norm(std::vector<Gpt2Tensor>& list, const std::string& ours, const std::string& theirs, Index dim) {
  list.push_back({ours + ".weight", theirs + ".weight", {dim}});
  list.push_back({ours + ".bias", theirs + ".bias", {dim}});
}

void add_linear(std::vector<Gpt2Tensor>& list, const std::string& ours, const std::string& theirs, Index in,
                Index out) {
  list.push_back({ours + ".weight", theirs + ".weight", {in, out}, true});
  list.push_back({ours + ".bias", theirs + ".bias", {out}});
}

}  // namespace

std::vector<Gpt2Tensor> gpt2_tensors(const TransformerOptions& o) {
  std::vector<Gpt2Tensor> list = {{"wte.weight", "wte.weight", {o.vocab, o.dim}},
                                  {"wpe.weight", "wpe.weight", {o.context, o.dim}}};
  for (Index i = 0; i < o.layers; ++i) {
    const std::string ours = "blocks." + std::to_string(i) + ".", theirs = "h." + std::to_string(i) + ".";
    add_norm(list, ours + "ln_1", theirs + "ln_1", o.dim);
    add_linear(list, ours + "attn.qkv", theirs + "attn.c_attn", o.dim, 3 * o.dim);
    add_linear(list, ours + "attn.proj", theirs + "attn.c_proj", o.dim, o.dim);
    add_norm(list, ours + "ln_2", theirs + "ln_2", o.dim);
    add_linear(list, ours + "mlp.up", theirs + "mlp.c_fc", o.dim, 4 * o.dim);
    add_linear(list, ours + "mlp.down", theirs + "mlp.c_proj", 4 * o.dim, o.dim);
  }
  add_norm(list, "ln_f", "ln_f", o.dim);
  return list;
}

bool is_gpt2_mask(std::string_view name) {
  if (!name.starts_with("h.")) return false;
  name.remove_prefix(2);
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  if (digits == 0) return false;
  name.remove_prefix(digits);
  return name == ".attn.bias" || name == ".attn.masked_bias";
}

}  // namespace lexigrad::models
