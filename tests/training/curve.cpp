// curve.cpp: the curve of a run, kept and taken up again; fingerprints of texts.
#include "training/curve.hpp"

#include <boost/test/unit_test.hpp>

#include "training/folder.hpp"

using namespace lexigrad;
using namespace lexigrad::training;

BOOST_AUTO_TEST_SUITE(curve)

BOOST_AUTO_TEST_CASE(a_curve_is_taken_up_with_the_same_bits) {
  Curve curve;
  for (const double loss : {1.0 / 3.0, 0.1, 1e-300}) curve.add(loss);
  curve.close(3);
  curve.history.back().held_out_loss = 2.0 / 3.0;
  curve.add(0.7);
  curve.close(4);
  curve.add(1.0 / 7.0);
  Metadata metadata;
  put_into(metadata, curve, 5);
  Curve back;
  Index step = 0;
  take_from(metadata, "run", back, step, 5);
  BOOST_TEST(step == 5);
  BOOST_TEST(back.history.size() == 2u);
  BOOST_TEST(back.history[0].train_loss == curve.history[0].train_loss);
  BOOST_TEST(*back.history[0].held_out_loss == 2.0 / 3.0);
  BOOST_TEST(!back.history[1].held_out_loss.has_value());
  BOOST_TEST(back.sum == curve.sum);
  BOOST_TEST(back.summed == 1);
  BOOST_TEST(loss_csv(back.history) == "step,train_loss,held_out_loss\n3,0.144444,0.666667\n4,0.700000,\n");
}

BOOST_AUTO_TEST_CASE(a_curve_that_cannot_be_read_is_refused) {
  Metadata metadata;
  Curve curve;
  put_into(metadata, curve, 5);
  for (const char* key : {"step", "history", "since_record"}) {
    Metadata broken = metadata;
    broken[key] = "{";
    Index step = 0;
    BOOST_CHECK_THROW(take_from(broken, "run", curve, step, 5), FileError);
    broken.erase(key);
    BOOST_CHECK_THROW(take_from(broken, "run", curve, step, 5), FileError);
  }
}

BOOST_AUTO_TEST_CASE(a_step_outside_the_run_is_refused) {
  for (const Index written : {Index{-1}, Index{6}}) {
    Metadata metadata;
    Curve curve;
    put_into(metadata, curve, written);
    Index step = 0;
    BOOST_CHECK_THROW(take_from(metadata, "run", curve, step, 5), FileError);
  }
}

BOOST_AUTO_TEST_CASE(a_text_is_known_by_its_vocabulary_and_its_held_out_part_too) {
  const std::vector<Index> train = {1, 2}, held_out = {3};
  const std::vector<std::string> words = {"a", "bc"};
  const std::string mark = text_mark(train, held_out, words);
  BOOST_TEST(text_mark(train, held_out, words) == mark);
  BOOST_TEST(text_mark(train, std::vector<Index>{4}, words) != mark);
  BOOST_TEST(text_mark(train, held_out, {"ab", "c"}) != mark);
  BOOST_TEST(text_mark(train, held_out, {"bc", "a"}) != mark);
}

BOOST_AUTO_TEST_CASE(a_text_is_known_by_its_tokens) {
  const std::vector<Index> ids = {1, 2, 3};
  BOOST_TEST(fingerprint(ids) == fingerprint(std::vector<std::uint16_t>{1, 2, 3}));
  BOOST_TEST(fingerprint(ids) != fingerprint(std::vector<Index>{1, 3, 2}));
  BOOST_TEST(fingerprint(text::Tokens()).starts_with("0 tokens "));
  std::vector<std::uint16_t> many((std::size_t{1} << 24) + 3, 7);
  const std::string before = fingerprint(many);
  many[2 * 1234] = 8;  // every second one is looked at
  BOOST_TEST(fingerprint(many) != before);
  BOOST_CHECK_THROW(check_text({{"text", "other"}}, before, "run"), FileError);
  check_text({{"text", before}}, before, "run");
}

BOOST_AUTO_TEST_SUITE_END()
