// kv_cache.cpp: the walk through the blocks, with the attention of the new positions only.
#include "nn/kv_cache.hpp"

#include "autograd/mode.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

KeyValueCache::KeyValueCache(const Transformer& model) : model_(model) {
  for (const Block& block : model.blocks) {
    const Shape shape{block.attn.heads, model.options.context, model.options.dim / block.attn.heads};
    keys_.emplace_back(shape);
    values_.emplace_back(shape);
  }
}

Tensor KeyValueCache::read(std::span<const Index> ids) {
  const auto count = static_cast<Index>(ids.size());
  if (count == 0 || count > room()) {
    throw ValueError("KeyValueCache", "{} tokens behind {}: expected 1 to {}, the context is {}", count, length_,
                     room(), model_.options.context);
  }
  const NoGrad quiet;
  Variable h = model_.wte(Ids(std::vector<Index>(ids.begin(), ids.end()))) + rows(model_.wpe.weight, length_, count);
  for (std::size_t i = 0; i < model_.blocks.size(); ++i) {
    const Block& block = model_.blocks[i];
    const Tensor qkv = block.attn.qkv(block.ln_1(h)).value();
    h = h + block.attn.proj(Variable(cached_attention(qkv, keys_[i], values_[i], length_)));
    h = h + block.mlp(block.ln_2(h));
  }
  const Variable last = model_.ln_f(rows(h, count - 1, 1));
  length_ += count;
  return model_.head(last).value().reshape({model_.options.vocab});
}

}  // namespace lexigrad::inline LEXIGRAD_NS
