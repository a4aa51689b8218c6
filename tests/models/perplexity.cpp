// perplexity.cpp: windows against losses token by token.
#include "models/perplexity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "autograd/mode.hpp"
#include "support.hpp"

namespace lexigrad::models {
namespace {

using namespace lexigrad::testing;

std::vector<Index> text_of(Index count) {
  Rng rng(9);
  std::vector<Index> ids;
  for (Index i = 0; i < count; ++i) ids.push_back(rng.below(small_options.vocab));
  return ids;
}

// The loss of token t when the model sees those from `begin` on.
double loss_of(const Transformer& model, const std::vector<Index>& ids, Index begin, Index t) {
  const NoGrad quiet;
  const std::vector<Index> seen(ids.begin() + begin, ids.begin() + t);
  const Tensor chances = model.next_token_probabilities(Ids(Shape{1, t - begin}, seen));
  return -std::log(
      static_cast<double>(chances.data()[(t - begin - 1) * model.options.vocab + ids[static_cast<std::size_t>(t)]]));
}

// Each token in the first window that foretells it, as the header says.
double by_hand(const Transformer& model, const std::vector<Index>& ids, Index stride) {
  const Index context = model.options.context, last = static_cast<Index>(ids.size()) - 1;
  double sum = 0.0;
  for (Index t = 1; t <= last; ++t) {
    Index begin = 0;
    while (begin + context < t) begin += stride;
    sum += loss_of(model, ids, begin, t);
  }
  return sum;
}

BOOST_AUTO_TEST_SUITE(perplexity)

BOOST_AUTO_TEST_CASE(windows_of_any_stride_count_each_token_once) {
  const Transformer model = noisy_model();
  for (const Index length : {2, 5, 8, 9, 10, 17, 40}) {
    const std::vector<Index> ids = text_of(length);
    for (const Index stride : {1, 3, 4, 8}) {
      BOOST_TEST_CONTEXT("length " << length << ", stride " << stride) {
        const Score got = score(model, ids, stride);
        BOOST_TEST(got.tokens == length - 1);
        BOOST_TEST(got.nats == by_hand(model, ids, stride), boost::test_tools::tolerance(1e-5));
        BOOST_TEST(got.perplexity() == std::exp(got.nats / static_cast<double>(length - 1)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_loss_that_is_no_number_is_an_error) {
  Transformer model = noisy_model();
  Tensor table = model.wte.weight.writable();
  table.mutable_data()[0] = std::numeric_limits<real>::quiet_NaN();
  const std::vector<Index> ids = text_of(9);
  BOOST_CHECK_THROW(score(model, ids, 4), NonFiniteError);
}

BOOST_AUTO_TEST_CASE(many_windows_in_one_pass_change_nothing) {
  const Transformer model = noisy_model();
  const std::vector<Index> ids = text_of(3000);  // more than one pass
  std::vector<Index> done;
  const Score got = score(model, ids, 5, [&](Index count) { done.push_back(count); });
  BOOST_TEST(got.nats == by_hand(model, ids, 5), boost::test_tools::tolerance(1e-5));
  BOOST_TEST(done.size() >= 2u);
  BOOST_TEST(done.back() == 2999);
  BOOST_TEST(std::is_sorted(done.begin(), done.end()));
}

BOOST_AUTO_TEST_CASE(a_text_of_one_token_a_bad_stride_and_a_bad_id_are_refused) {
  const Transformer model = noisy_model();
  BOOST_TEST(error_text<ValueError>([&] { score(model, text_of(1), 4); }) == "[score] 1 tokens: expected two or more");
  for (const Index stride : {0, 9}) BOOST_CHECK_THROW(score(model, text_of(20), stride), ValueError);
  BOOST_CHECK_THROW(score(model, std::vector<Index>{1, 11}, 4), IndexError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad::models
