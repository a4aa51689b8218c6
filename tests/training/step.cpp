// step.cpp: micro-batches that count by their tokens, and steps that are not taken.
#include "training/step.hpp"

#include <limits>

#include <boost/test/unit_test.hpp>

#include "nn/parameter.hpp"
#include "tensor/create.hpp"

using namespace lexigrad;

namespace {

NamedParameters only(const Parameter& p) {
  NamedParameters list;
  list.push_back({"w", p.share(), {}});
  return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(step)

// logits = x Wᵀ; two micro-batches, of 1 and of 3 tokens. The ids stand for rows of x.
BOOST_AUTO_TEST_CASE(micro_batches_count_by_their_tokens_D052) {
  const Tensor x = tensor({4, 2}, {1, 2, 0, 1, 2, 0, 1, 1});
  const Parameter w(tensor({3, 2}, {0.1, 0.2, 0.3, -0.4, 0, 0.5}));
  const std::vector<text::Batch> batches = {{Ids{0}, Ids{0}}, {Ids{1, 2, 3}, Ids{2, 1, 0}}};
  int calls = 0;
  const auto batch_at = [&](Index i) -> const text::Batch& { return batches[static_cast<std::size_t>(i)]; };
  const double loss = training::backward_of_mean(2, 4.0, batch_at, [&](const text::Batch& batch) {
    ++calls;
    return cross_entropy(linear(Variable(gather_rows(x, batch.inputs)), w), batch.targets);
  });
  BOOST_TEST(calls == 2);
  const std::vector<double> want = {-0.1796395497, -0.411550429, -0.1862471173,
                                    0.1662604915,  0.365886667,  0.2452899375};
  const Tensor got = w.grad().dense();
  for (Index i = 0; i < 6; ++i) {
    BOOST_CHECK_SMALL(static_cast<double>(got.data()[i]) - want[static_cast<std::size_t>(i)], 2e-6);
  }
  const Parameter whole(w.value().clone());
  const Variable mean = cross_entropy(linear(Variable(x), whole), Ids{0, 2, 1, 0});
  BOOST_CHECK_SMALL(loss - static_cast<double>(mean.item()), 1e-6);
}

BOOST_AUTO_TEST_CASE(nothing_moves_where_loss_or_gradients_are_not_finite) {
  const Parameter w(tensor({2}, {1, 2}));
  Sgd opt(only(w), {.lr = 0.5});
  const auto message = [&](double loss) {
    try {
      training::clip_and_step(opt, loss, 1.0, 7);
    } catch (const NonFiniteError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  sum(Variable(tensor({2}, {std::numeric_limits<double>::infinity(), 1})) * Variable(w)).backward();
  for (const double loss : {std::numeric_limits<double>::quiet_NaN(), 1.0}) {
    const std::string text = message(loss);
    for (const char* part : {"step 7", "learning rate 0.5", "--lr"}) {
      BOOST_CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    }
    BOOST_TEST(w.value().data()[0] == real(1));
  }
  opt.zero_grad();
  sum(Variable(w)).backward();
  training::clip_and_step(opt, 1.0, 0.0, 8);  // 0: the gradient as it is
  BOOST_TEST(w.value().data()[0] == real(0.5));
}

BOOST_AUTO_TEST_CASE(a_loss_that_is_not_finite_ends_before_its_backward_pass) {
  const Parameter w(tensor({1}, {std::numeric_limits<double>::quiet_NaN()}));
  const std::vector<text::Batch> batches = {{Ids{0}, Ids{0}}, {Ids{0}, Ids{0}}};
  int calls = 0;
  const auto batch_at = [&](Index i) -> const text::Batch& { return batches[static_cast<std::size_t>(i)]; };
  const double loss = training::backward_of_mean(2, 2.0, batch_at, [&](const text::Batch&) {
    ++calls;
    return sum(Variable(w));
  });
  BOOST_TEST(std::isnan(loss));
  BOOST_TEST(calls == 1);
  BOOST_TEST(!w.grad().defined());
}

// Each is made when its turn has come, and is gone before the next one.
BOOST_AUTO_TEST_CASE(micro_batches_are_made_one_at_a_time) {
  const Parameter w(tensor({1}, {1}));
  std::string order;
  const auto batch_at = [&](Index i) {
    order += static_cast<char>('0' + i);
    return text::Batch{Ids{0}, Ids{0}};
  };
  training::backward_of_mean(3, 3.0, batch_at, [&](const text::Batch&) {
    order += 'l';
    return sum(Variable(w));
  });
  BOOST_TEST(order == "0l1l2l");
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_not_saved) {
  const double inf = std::numeric_limits<double>::infinity();
  const Parameter good(tensor({1}, {1})), bad(tensor({1}, {inf}));
  training::require_finite(only(good), 1.0, 7, 0.5);
  BOOST_CHECK_THROW(training::require_finite(only(bad), 1.0, 7, 0.5), NonFiniteError);
  BOOST_CHECK_THROW(training::require_finite(only(good), std::numeric_limits<double>::quiet_NaN(), 7, 0.5),
                    NonFiniteError);
}

BOOST_AUTO_TEST_SUITE_END()
