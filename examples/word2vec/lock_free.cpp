// lock_free.cpp: the race; see lock_free.hpp.
#include "word2vec/lock_free.hpp"

#include <atomic>

#include "tensor/parallel.hpp"

namespace lexigrad::word2vec {

RoundResult train_lock_free(Model& model, Index pieces, const std::function<std::vector<Group>(Index)>& groups,
                            const std::function<double(Index)>& rate) {
  std::vector<RoundResult> results(static_cast<std::size_t>(pieces));
  std::atomic<Index> words = 0;
  parallel_for_each(pieces, 1, [&](Index piece) {
    // Each thread has handles of its own on the shared numbers.
    Tensor input = model.input.weight.writable(), output = model.output.weight.writable();
    RoundResult& result = results[static_cast<std::size_t>(piece)];
    for (const Group& group : groups(piece)) {
      const double lr = rate(words.fetch_add(group.words, std::memory_order_relaxed));
      result.loss += negative_sampling_descent(input, output, group.windows, lr);
      result.inputs += group.inputs;
    }
  });
  RoundResult total;
  for (const RoundResult& result : results) {
    total.loss += result.loss;
    total.inputs += result.inputs;
  }
  total.words = words;
  return total;
}

}  // namespace lexigrad::word2vec
