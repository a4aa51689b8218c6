// kv_cache.cpp: a text read in pieces gives the logits of one pass over all of it.
#include "nn/kv_cache.hpp"

#include "autograd/mode.hpp"
#include "support.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::same_bits;

const double tolerance = sizeof(real) == 4 ? 2e-5 : 1e-12;

Transformer noisy(const TransformerOptions& options) {
  Rng rng(1);
  Transformer model(options, rng);
  for (const NamedParameter& p : named_parameters(model)) {
    p.parameter.writable().copy_from(normal(p.parameter.shape(), rng, 0.05, 0.2));
  }
  return model;
}

const TransformerOptions medium = {.vocab = 19, .context = 150, .dim = 24, .layers = 2, .heads = 3};

std::vector<Index> text_of(Index count, Index vocab) {
  Rng rng(2);
  std::vector<Index> ids;
  for (Index i = 0; i < count; ++i) ids.push_back(rng.below(vocab));
  return ids;
}

Tensor one_pass(const Transformer& model, const std::vector<Index>& ids) {
  const NoGrad quiet;
  const auto length = static_cast<Index>(ids.size());
  return model.head(model(Ids(Shape{1, length}, ids))).value().reshape({length, model.options.vocab});
}

BOOST_AUTO_TEST_SUITE(kv_cache)

BOOST_AUTO_TEST_CASE(token_by_token_equals_one_pass) {
  for (const TransformerOptions& options :
       {medium, TransformerOptions{.vocab = 5, .context = 7, .dim = 4, .layers = 0, .heads = 1},
        TransformerOptions{.vocab = 5, .context = 1, .dim = 4, .layers = 1, .heads = 4}}) {
    const Transformer model = noisy(options);
    const std::vector<Index> ids = text_of(options.context, options.vocab);
    const Tensor want = one_pass(model, ids);
    KeyValueCache cache(model);
    for (Index i = 0; i < options.context; ++i) {
      BOOST_TEST(cache.length() == i);
      const Tensor got = cache.read({&ids[static_cast<std::size_t>(i)], 1});
      check_close(got, testing::numbers(want.rows(i, 1)), tolerance, tolerance);
    }
    BOOST_TEST(cache.room() == 0);
  }
}

BOOST_AUTO_TEST_CASE(pieces_of_any_length_equal_one_pass) {
  const Transformer model = noisy(medium);
  const std::vector<Index> ids = text_of(150, 19);
  const Tensor want = one_pass(model, ids);
  for (const std::vector<Index>& pieces :
       std::vector<std::vector<Index>>{{150}, {1, 149}, {149, 1}, {64, 64, 22}, {7, 80, 1, 2, 60}, {70, 80}}) {
    KeyValueCache cache(model);
    Index at = 0;
    for (const Index piece : pieces) {
      const Tensor got = cache.read(
          std::span<const Index>(ids).subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(piece)));
      at += piece;
      check_close(got, testing::numbers(want.rows(at - 1, 1)), tolerance, tolerance);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cleared_cache_knows_nothing_of_the_text_before) {
  const Transformer model = noisy(medium);
  const std::vector<Index> ids = text_of(40, 19), other = {1, 2, 3};
  KeyValueCache fresh(model), used(model);
  used.read(ids);
  used.clear();
  BOOST_TEST(used.length() == 0);
  BOOST_CHECK(same_bits(fresh.read(other), used.read(other)));
}

BOOST_AUTO_TEST_CASE(the_same_bits_on_any_number_of_threads) {
  const Transformer model = noisy({.vocab = 500, .context = 300, .dim = 192, .layers = 2, .heads = 6});
  const std::vector<Index> ids = text_of(260, 500);
  const auto run = [&](int threads) {
    const ThreadScope scope(threads);
    KeyValueCache cache(model);
    cache.read(std::span<const Index>(ids).first(200));
    Tensor last;
    for (std::size_t i = 200; i < ids.size(); ++i) last = cache.read({&ids[i], 1});
    return last;
  };
  const Tensor one = run(1);
  for (const int threads : {2, 4}) BOOST_CHECK(same_bits(one, run(threads)));
}

BOOST_AUTO_TEST_CASE(nothing_is_recorded_and_nothing_is_dropped) {
  TransformerOptions options = medium;
  options.dropout = 0.5;
  const Transformer model = noisy(options);
  const std::vector<Index> ids = text_of(20, 19);
  KeyValueCache cache(model);
  check_close(cache.read(ids), testing::numbers(one_pass(model, ids).rows(19, 1)), tolerance, tolerance);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_and_changes_nothing) {
  const Transformer model = noisy({.vocab = 5, .context = 8, .dim = 4, .layers = 1, .heads = 2});
  const std::vector<Index> six = {0, 1, 2, 3, 4, 0}, three = {1, 2, 3}, two = {1, 2}, wrong = {1, 5};
  KeyValueCache cache(model), twin(model);
  cache.read(six);
  twin.read(six);
  BOOST_TEST(error_text<ValueError>([&] { cache.read(three); }) ==
             "[KeyValueCache] 3 tokens behind 6: expected 1 to 2, the context is 8");
  BOOST_CHECK_THROW(cache.read({}), ValueError);
  BOOST_TEST(error_text<IndexError>([&] { cache.read(wrong); }).find("id 5 at position [1]") != std::string::npos);
  BOOST_TEST(cache.length() == 6);
  BOOST_CHECK(same_bits(cache.read(two), twin.read(two)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
