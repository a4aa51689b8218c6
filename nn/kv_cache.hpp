// kv_cache.hpp: reading a text token by token: the keys and values of what was read are kept, so that one more token
// costs one position and its attention, not the whole text again.
//
//   KeyValueCache cache(model);
//   Tensor logits = cache.read(prompt);                             // [V], for the token after the prompt
//   while (...) logits = cache.read(std::array{choose(logits)});
//
// One text at a time, for generating; training runs all positions at once (transformer.hpp). A cache belongs to the
// numbers that the model had: once they are stepped or loaded, begin with a new one.
#pragma once
#include <span>

#include "nn/transformer.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// The keys and values of each block for the text so far: 2 · layers · context · D numbers.
class KeyValueCache {
 public:
  /// Empty. Keeps a reference: the model must outlive the cache and stay where it is.
  explicit KeyValueCache(const Transformer& model);

  Index length() const { return length_; }                         ///< tokens read so far
  Index room() const { return model_.options.context - length_; }  ///< how many more the context holds
  /// Reads `ids` behind what was read → logits [V] of the token that follows: those of the model's last position for
  /// the whole text, but for rounding. Records nothing and drops nothing.
  /// Throws ValueError when there are none or more than room(); IndexError for an id outside the vocabulary.
  Tensor read(std::span<const Index> ids);
  void clear() { length_ = 0; }  ///< back to an empty text

 private:
  const Transformer& model_;
  std::vector<Tensor> keys_, values_;  // of each block [H, context, D / H]
  Index length_ = 0;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
