// generate.cpp: the loop, and what happens when the context is full.
#include "models/generate.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "nn/kv_cache.hpp"

namespace lexigrad::models {
namespace {

// All tokens so far, of which the cache has read the last ones.
class Text {
 public:
  Text(const Transformer& model, const GenerateOptions& options)
      : cache_(model), options_(options), context_(model.options.context) {}

  // Reads more of the text; with no room for it, the last `keep` tokens from the beginning.
  Tensor read(std::span<const Index> more, Index keep) {
    ids_.insert(ids_.end(), more.begin(), more.end());
    auto count = static_cast<Index>(more.size());
    if (count > cache_.room()) {
      cache_.clear();
      count = std::min(keep, static_cast<Index>(ids_.size()));
      if (!told_ && options_.on_full) options_.on_full(count);
      told_ = true;
    }
    return cache_.read(std::span<const Index>(ids_).last(static_cast<std::size_t>(count)));
  }

  Tensor read_prompt(std::span<const Index> prompt) { return read(prompt, context_); }
  Tensor read_token(Index id) {
    const Index keep = options_.keep > 0 ? options_.keep : std::max<Index>(context_ / 2, 1);
    return read({&id, 1}, keep);
  }

 private:
  KeyValueCache cache_;
  const GenerateOptions& options_;
  Index context_;
  std::vector<Index> ids_;
  bool told_ = false;
};

}  // namespace

std::vector<Index> generate(const Transformer& model, std::span<const Index> prompt, const GenerateOptions& options,
                            Rng& rng) {
  check(options.sampling);
  if (prompt.empty()) throw ValueError("generate", "the prompt is empty: expected one token or more");
  if (options.max_tokens < 0 || options.keep < 0 || options.keep > model.options.context) {
    throw ValueError("generate",
                     fmt::format("max_tokens {}, keep {}: expected 0 or more, and keep at most the context, {}",
                                 options.max_tokens, options.keep, model.options.context));
  }
  check_ids("generate", Ids(std::vector<Index>(prompt.begin(), prompt.end())), model.options.vocab);
  std::vector<Index> made;
  if (options.max_tokens == 0) return made;
  Text text(model, options);
  Tensor logits = text.read_prompt(prompt);
  while (true) {
    const Index id = sample(logits, options.sampling, rng);
    if (options.stop && id == *options.stop) break;
    made.push_back(id);
    if (options.on_token && !options.on_token(id)) break;
    if (static_cast<Index>(made.size()) == options.max_tokens) break;
    logits = text.read_token(id);
  }
  return made;
}

}  // namespace lexigrad::models
