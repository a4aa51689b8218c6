// summary.cpp: the tree that fmt prints for a model: names, kinds, shapes, counts, ties, what is frozen.
#include "nn/summary.hpp"
#include "nn/transformer.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::TiedPair;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

BOOST_AUTO_TEST_SUITE(summary)

BOOST_AUTO_TEST_CASE(the_tree_has_a_line_for_every_module_and_parameter) {
  const TiedPair model(zeros({5, 3}));
  BOOST_CHECK_EQUAL(fmt::format("{}", model),
                    "TiedPair\n"
                    "  wte                        Embedding\n"
                    "    weight                   [5, 3]                      15\n"
                    "  head                       TiedHead\n"
                    "    weight                   [5, 3]                  shared\n"
                    "15 parameters, of which tied: head.weight → wte.weight");
}

BOOST_AUTO_TEST_CASE(counts_are_grouped_and_blocks_are_numbered) {
  Rng rng(1);
  const Transformer model({.vocab = 1000, .context = 16, .dim = 24, .layers = 2, .heads = 2}, rng);
  const std::string text = fmt::format("{}", model);
  BOOST_CHECK(text.starts_with("Transformer\n"));
  BOOST_CHECK(holds(text, "[1000, 24]              24,000\n"));
  BOOST_CHECK(holds(text, "\n  blocks.1 "));
  BOOST_CHECK(holds(text, "\n    attn "));
  BOOST_CHECK(holds(text, fmt::format("\n{} parameters, of which tied: head.weight → wte.weight", "38,880")));
}

BOOST_AUTO_TEST_CASE(what_is_frozen_is_said) {
  TiedPair model(zeros({5, 3}));
  freeze(model.wte);
  const std::string text = fmt::format("{}", model);
  BOOST_CHECK(holds(text, "15  frozen\n"));
  BOOST_CHECK(holds(text, "\n15 parameters, 0 of them trainable, of which tied"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
