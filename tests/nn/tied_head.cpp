// tied_head.cpp: the output head on the embedding's own table: one parameter, both gradients, whichever path.
#include "nn/checkpoint.hpp"
#include "nn/optim.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::Folder;
using testing::sample;
using testing::TiedPair;

Tensor five_rows() {
  return tensor({5, 3}, {-0.5, -0.2, 0.1, 0.2, 0.5, -0.3, -0.2, 0.1, 0.4, 0.5, -0.3, 0, 0.1, 0.4, -0.4});
}

BOOST_AUTO_TEST_SUITE(tied_head)

BOOST_AUTO_TEST_CASE(the_table_gets_both_gradients_D010) {
  const std::vector<double> want = {-0.008934535354, -0.06458396521, 0.0838145144,   0.1175264707,  0.06980783746,
                                    -0.1556335275,   -0.0396586376,  -0.09115812592, 0.04617384292, 0.02873494565,
                                    0.08040506151,   -0.05738191412, 0.1603264849,   0.07406682897, -0.05185755398};
  for (const bool in_blocks : {true, false}) {
    TiedPair model(five_rows());
    const Variable h = model.wte(Ids{1, 4, 1});
    const Ids targets{4, 0, 2};
    const Variable loss = in_blocks ? model.head.cross_entropy(h, targets) : cross_entropy(model.head(h), targets);
    check_close(loss.value(), scalar(1.682242757));
    loss.backward();
    check_close(model.wte.weight.grad().dense(), want);
    BOOST_CHECK_EQUAL(named_parameters(model).size(), 1U);
    BOOST_CHECK_EQUAL(parameter_count(model), 15);
  }
}

BOOST_AUTO_TEST_CASE(one_hidden_vector_has_both_gradients_whichever_path) {
  std::vector<Tensor> hidden, tables;
  for (const bool in_blocks : {true, false}) {
    TiedPair model(five_rows());
    const Variable h(sample({3}), true);
    const Ids target(Shape{}, {1});
    (in_blocks ? model.head.cross_entropy(h, target) : cross_entropy(model.head(h), target)).backward();
    hidden.push_back(h.grad().dense());
    tables.push_back(model.wte.weight.grad().dense());
  }
  check_close(hidden[1], hidden[0]);
  check_close(tables[1], tables[0]);
}

BOOST_AUTO_TEST_CASE(a_tied_table_is_stepped_once) {
  TiedPair model(five_rows());
  Sgd opt(named_parameters(model), {.lr = 1});
  model.head.cross_entropy(model.wte(Ids{1, 4, 1}), Ids{4, 0, 2}).backward();
  const Tensor gradient = model.wte.weight.grad().dense().clone();
  opt.step();
  check_close(model.head.weight.value(), five_rows() - gradient);
}

BOOST_AUTO_TEST_CASE(a_saved_and_loaded_model_is_still_tied_D011) {
  const Folder folder;
  const std::string path = folder.file("tied.safetensors");
  TiedPair trained(five_rows()), fresh(zeros({5, 3}));
  save(path, trained);
  load(path, fresh);  // and the head is not missing
  check_close(fresh.head.weight.value(), five_rows(), 0, 0);
  BOOST_CHECK_LT(testing::contents(path).size(), 200 + 15 * sizeof(real));  // the matrix once
  Sgd opt(named_parameters(fresh), {.lr = 1});
  fresh.head.cross_entropy(fresh.wte(Ids{1, 4, 1}), Ids{4, 0, 2}).backward();
  opt.step();
  BOOST_CHECK(!testing::same_bits(fresh.wte.weight.value(), five_rows()));
  BOOST_CHECK(testing::same_bits(fresh.wte.weight.value(), fresh.head.weight.value()));
}

BOOST_AUTO_TEST_CASE(one_parameter_handed_over_twice_is_an_error_D012) {
  const Parameter x(zeros({1}));
  NamedParameters twice;
  twice.push_back({"x", x.share(), {}});
  twice.push_back({"y", x.share(), {}});
  const auto again = [&] {
    NamedParameters list;
    for (const NamedParameter& p : twice) list.push_back({p.name, p.parameter.share(), {}});
    return list;
  };
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { Sgd(again(), {.lr = 0.1}); }),
                    "[Sgd] x and y are one parameter: it would be stepped twice");
  BOOST_CHECK_EQUAL(error_text<ValueError>([&] { AdamW(again(), {}); }),
                    "[AdamW] x and y are one parameter: it would be stepped twice");
}

BOOST_AUTO_TEST_CASE(a_head_outlives_the_embedding_that_moved) {
  Embedding wte(five_rows());
  const TiedHead head(wte);
  const Embedding moved = std::move(wte);
  BOOST_CHECK(head.weight.is_shared_with(moved.weight));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
