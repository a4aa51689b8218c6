// steady.cpp: a training step after the first takes no fresh memory from the system: not one page fault.
// Under sanitizers nothing is kept for reuse; then this only checks that the steps run.
#include <algorithm>
#include <limits>

#include <sys/resource.h>

#include "nn/clip.hpp"
#include "nn/optim.hpp"
#include "nn/transformer.hpp"
#include "support.hpp"
#include "support/sanitized.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad {
namespace {

constexpr bool pooled = !testing::sanitized;

long minor_faults() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

Ids random_ids(const Shape& shape, Index vocab, Rng& rng) {
  std::vector<Index> ids;
  for (Index i = 0; i < shape.size(); ++i) ids.push_back(rng.below(vocab));
  return Ids(shape, std::move(ids));
}

// Page faults of steps 2 to 6 of training, on one thread: of several, one may meet a kind of work, and need scratch
// memory for it, in a later step than the others.
template <class Optimizer, class Options>
long faults_once(const TransformerOptions& sizes, Index batch, const Options& options) {
  const ThreadScope one_thread(1);
  Rng rng(1), dropping(2);
  Transformer model(sizes, rng);
  Optimizer optimizer(named_parameters(model), options);
  const Ids ids = random_ids({batch, sizes.context}, sizes.vocab, rng);
  const Ids next = random_ids({batch, sizes.context}, sizes.vocab, rng);
  long before = 0;
  for (int step = 0; step < (pooled ? 6 : 2); ++step) {
    if (step == 1) before = minor_faults();
    optimizer.zero_grad();
    const Variable loss = model.loss(ids, next, dropping);
    loss.backward();
    clip_grad_norm(optimizer.parameters(), 1.0);
    optimizer.step();
  }
  return minor_faults() - before;
}

// The fewest of three runs, each from an empty pool: a system that moves or reclaims pages meanwhile makes faults too.
template <class Optimizer, class Options>
long faults_after_the_first_step(const TransformerOptions& sizes, Index batch, const Options& options) {
  long fewest = std::numeric_limits<long>::max();
  for (int run = 0; run < (pooled ? 3 : 1) && fewest > 0; ++run) {
    release_cached_memory();
    fewest = std::min(fewest, faults_once<Optimizer>(sizes, batch, options));
  }
  return fewest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(steady)

BOOST_AUTO_TEST_CASE(a_step_of_a_small_transformer_makes_no_page_fault_after_the_first) {
  const long faults = faults_after_the_first_step<AdamW, AdamWOptions>(
      {.vocab = 3000, .context = 64, .dim = 64, .layers = 2, .heads = 4, .dropout = 0.1}, 16, {});
  if (pooled) BOOST_CHECK_EQUAL(faults, 0);
}

BOOST_AUTO_TEST_CASE(a_step_of_a_wide_tied_table_makes_no_page_fault_after_the_first) {
  const long faults = faults_after_the_first_step<Sgd, SgdOptions>(
      {.vocab = 20000, .context = 256, .dim = 128, .layers = 0, .heads = 1}, 4, {.lr = 0.1});
  if (pooled) BOOST_CHECK_EQUAL(faults, 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace lexigrad
