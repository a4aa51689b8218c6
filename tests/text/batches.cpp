// batches.cpp: windows and their targets, the same at a step whatever came before.
#include "text/batches.hpp"

#include <numeric>
#include <set>

#include "support.hpp"

using namespace support;
using namespace lexigrad::text;

namespace {

// 100, 101, 102 …: a token tells its place.
std::vector<Index> counting(Index count) {
  std::vector<Index> tokens(static_cast<std::size_t>(count));
  std::iota(tokens.begin(), tokens.end(), Index{100});
  return tokens;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(batches)

BOOST_AUTO_TEST_CASE(targets_are_the_inputs_moved_by_one) {
  Batches b(counting(50), 4, 7, Rng(1));
  for (int step = 0; step < 20; ++step) {
    const Batch batch = b.next();
    BOOST_TEST((batch.inputs.shape() == Shape{4, 7}));
    BOOST_TEST((batch.targets.shape() == Shape{4, 7}));
    for (Index i = 0; i < batch.inputs.size(); ++i) {
      BOOST_TEST(batch.targets[i] == batch.inputs[i] + 1);
      if (i % 7 > 0) BOOST_TEST(batch.inputs[i] == batch.inputs[i - 1] + 1);
    }
  }
  BOOST_TEST(b.step() == 20);
}

BOOST_AUTO_TEST_CASE(every_window_is_drawn_sooner_or_later_and_none_outside) {
  Batches b(counting(20), 4, 8, Rng(3));
  BOOST_TEST(b.windows() == 12);
  std::vector<Index> drawn(12, 0);
  for (int step = 0; step < 300; ++step) {
    const Batch batch = b.next();
    for (Index row = 0; row < 4; ++row) ++drawn.at(static_cast<std::size_t>(batch.inputs[row * 8] - 100));
  }
  for (const Index count : drawn) {  // 100 expected, with a deviation of less than 10
    BOOST_TEST(count > 60);
    BOOST_TEST(count < 140);
  }
}

BOOST_AUTO_TEST_CASE(a_batch_depends_on_the_step_alone) {
  Batches straight(counting(500), 3, 5, Rng(9)), resumed(counting(500), 3, 5, Rng(9));
  std::vector<Batch> all;
  for (int step = 0; step < 10; ++step) all.push_back(straight.next());
  resumed.seek(5);
  for (std::size_t step = 5; step < 10; ++step)
    check_ids(resumed.next().inputs.values(), {all[step].inputs.values().begin(), all[step].inputs.values().end()});
  const Batch third = straight.at(3);
  check_ids(third.targets.values(), {all[3].targets.values().begin(), all[3].targets.values().end()});
  BOOST_TEST(straight.step() == 10);  // at() does not move on
  const Batch other = Batches(counting(500), 3, 5, Rng(10)).at(3);
  BOOST_TEST(!std::equal(third.inputs.values().begin(), third.inputs.values().end(), other.inputs.values().begin()));
  check_has(error_text<ValueError>([&] { resumed.seek(-1); }), "there is no step -1");
}

BOOST_AUTO_TEST_CASE(a_short_text_has_no_more_rows_than_windows) {
  const Batches b(counting(10), 32, 8, Rng(1));
  BOOST_TEST(b.batch() == 2);
  BOOST_TEST((b.at(0).inputs.shape() == Shape{2, 8}));
  const Batches one(counting(9), 32, 8, Rng(1));
  BOOST_TEST(one.batch() == 1);
  check_ids(one.at(7).inputs.values(), {100, 101, 102, 103, 104, 105, 106, 107});
}

BOOST_AUTO_TEST_CASE(a_text_shorter_than_the_context_is_refused_with_both_numbers_D093) {
  check_has(error_text<ValueError>([] { Batches(counting(10), 4, 64, Rng(1)); }),
            "the text has 10 tokens; a context of 64 needs at least 65");
  check_has(error_text<ValueError>([] { Batches({}, 4, 64, Rng(1)); }), "has 0 tokens; a context of 64");
  check_has(error_text<ValueError>([] { Batches(counting(10), 0, 4, Rng(1)); }), "the batch size is 0");
  check_has(error_text<ValueError>([] { Batches(counting(10), 4, -1, Rng(1)); }), "the context is -1");
}

BOOST_AUTO_TEST_CASE(evaluation_predicts_every_token_but_the_first_once) {
  for (const Index size : {2, 3, 8, 9, 10, 33, 40, 41, 64, 65, 66}) {
    std::multiset<Index> predicted;
    for (const Batch& batch : evaluation_batches(counting(size), 3, 8)) {
      BOOST_TEST(batch.inputs.shape()[0] <= 3);
      BOOST_TEST(batch.inputs.shape()[1] <= 8);
      BOOST_TEST((batch.inputs.shape() == batch.targets.shape()));
      for (Index i = 0; i < batch.targets.size(); ++i) {
        BOOST_TEST(batch.targets[i] == batch.inputs[i] + 1);
        predicted.insert(batch.targets[i]);
      }
    }
    const std::vector<Index> all = counting(size);
    const std::vector<Index> expected(all.begin() + 1, all.end());
    check_ids(std::vector<Index>(predicted.begin(), predicted.end()), expected);
  }
}

BOOST_AUTO_TEST_CASE(evaluation_of_too_little_is_refused) {
  check_has(error_text<ValueError>([] { evaluation_batches(counting(1), 3, 8); }),
            "a text of 1 token has nothing to predict; at least 2 are needed");
  check_has(error_text<ValueError>([] { evaluation_batches({}, 3, 8); }), "a text of 0 tokens");
  check_has(error_text<ValueError>([] { evaluation_batches(counting(9), 0, 8); }), "the batch size is 0");
  check_has(error_text<ValueError>([] { evaluation_batches(counting(9), 3, 0); }), "the context is 0");
}

BOOST_AUTO_TEST_SUITE_END()
