// checkpoint.cpp: a model to a file and back: names, ties, what is missing or of another shape; and that a load that
// fails has written nothing.
#include "nn/checkpoint.hpp"
#include "nn/safetensors.hpp"
#include "nn/transformer.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::Folder;
using testing::same_bits;
using testing::sample;
using testing::TiedPair;

Transformer model_of(std::uint64_t seed) {
  Rng rng(seed);
  return Transformer({.vocab = 7, .context = 4, .dim = 6, .layers = 1, .heads = 2}, rng);
}

BOOST_AUTO_TEST_SUITE(checkpoint)

BOOST_AUTO_TEST_CASE(a_loaded_model_computes_the_same_bits) {
  const Folder folder;
  const std::string path = folder.file("model.safetensors");
  Transformer trained = model_of(1), fresh = model_of(2);
  const Ids ids(Shape{1, 4}, {0, 6, 3, 3});
  BOOST_CHECK(!same_bits(trained(ids).value(), fresh(ids).value()));
  save(path, trained, {{"step", "12"}});
  const void* buffer = fresh.wte.weight.value().buffer();
  load(path, fresh);
  BOOST_CHECK(same_bits(trained(ids).value(), fresh(ids).value()));
  BOOST_CHECK(fresh.wte.weight.value().buffer() == buffer);  // written into existing storage
  BOOST_CHECK_EQUAL(read_metadata(path).at("step"), "12");
}

BOOST_AUTO_TEST_CASE(a_tie_is_in_the_file_once_under_its_first_name) {
  const Folder folder;
  const std::string path = folder.file("x");
  TiedPair model(sample({5, 3}));
  save(path, model);
  const SafetensorsFile file(path);
  BOOST_REQUIRE_EQUAL(file.entries().size(), 1U);
  BOOST_CHECK_EQUAL(file.entries()[0].name, "wte.weight");
}

BOOST_AUTO_TEST_CASE(a_tie_is_found_under_its_other_name_or_under_both) {
  const Folder folder;
  const std::string path = folder.file("x");
  const Tensor table = sample({5, 3});
  TiedPair model(zeros({5, 3}));
  write_safetensors(path, {{"head.weight", table}});
  load(path, model);
  check_close(model.wte.weight.value(), table, 0, 0);
  write_safetensors(path, {{"head.weight", table}, {"wte.weight", table * 2.0}});
  load(path, model);
  check_close(model.wte.weight.value(), table * 2.0, 0, 0);
}

BOOST_AUTO_TEST_CASE(everything_that_does_not_fit_is_listed_and_nothing_is_written) {
  const Folder folder;
  const std::string path = folder.file("x");
  Transformer model = model_of(1);
  NamedParameters parameters = named_parameters(model);
  std::vector<std::pair<std::string, Tensor>> tensors;
  for (const NamedParameter& p : parameters) {
    if (p.name == "ln_f.bias" || p.name == "blocks.0.ln_1.weight") continue;
    tensors.emplace_back(p.name, p.name == "wpe.weight" ? zeros({5, 6}) : zeros(p.parameter.shape()));
  }
  tensors.emplace_back("h.0.extra", zeros({1}));
  write_safetensors(path, tensors);
  std::vector<Tensor> before;
  for (const NamedParameter& p : parameters) before.push_back(p.parameter.value().clone());
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { load(path, model); }),
                    "[load] " + path +
                        ": missing: blocks.0.ln_1.weight, ln_f.bias; unexpected: h.0.extra; of another shape: "
                        "wpe.weight [5, 6] (expected [4, 6])");
  for (std::size_t i = 0; i < before.size(); ++i) BOOST_CHECK(same_bits(parameters[i].parameter.value(), before[i]));
}

BOOST_AUTO_TEST_CASE(a_type_without_real_numbers_is_refused) {
  const Folder folder;
  const std::string path = folder.file("x");
  const std::string header = R"({"wte.weight":{"dtype":"I32","shape":[1,2],"data_offsets":[0,8]}})";
  testing::write(
      path, std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header + std::string(8, '\1'));
  TiedPair model(ones({1, 2}));
  BOOST_CHECK_EQUAL(error_text<FileError>([&] { load(path, model); }),
                    "[load] " + path + ": of a type without real numbers: wte.weight I32");
  check_close(model.wte.weight.value(), {1, 1}, 0, 0);
}

BOOST_AUTO_TEST_CASE(a_type_that_is_known_but_cannot_be_read_is_refused_before_anything_is_written) {
  const Folder folder;
  const std::string path = folder.file("x");
  const std::string header = R"({"wte.weight":{"dtype":"F8_E4M3","shape":[1,2],"data_offsets":[0,2]}})";
  testing::write(path, std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header + "ab");
  TiedPair model(ones({1, 2}));
  BOOST_CHECK_THROW(load(path, model), FileError);
  check_close(model.wte.weight.value(), {1, 1}, 0, 0);
}

BOOST_AUTO_TEST_CASE(a_cut_file_is_refused_and_nothing_is_written) {
  const Folder folder;
  const std::string path = folder.file("x");
  TiedPair saved(sample({5, 3})), model(ones({5, 3}));
  save(path, saved);
  const std::string bytes = testing::contents(path);
  for (const std::size_t length :
       {bytes.size() - 1, bytes.size() - 20, std::size_t{40}, std::size_t{8}, std::size_t{0}}) {
    testing::write(path, bytes.substr(0, length));
    BOOST_CHECK_THROW(load(path, model), FileError);
  }
  check_close(model.wte.weight.value(), ones({5, 3}), 0, 0);
}

// One step of training with dropout on: what every resumed run has to repeat.
double train_step(Transformer& model, Optimizer& opt, Rng& rng, Index step) {
  opt.zero_grad();
  const Variable loss =
      model.loss(Ids(Shape{1, 4}, {step % 7, 1, 2, (3 * step) % 7}), Ids(Shape{1, 4}, {1, 2, 3, 4}), rng);
  loss.backward();
  opt.step();
  return static_cast<double>(loss.item());
}

Transformer dropping_model(std::uint64_t seed) {
  Rng rng(seed);
  return Transformer({.vocab = 7, .context = 4, .dim = 6, .layers = 1, .heads = 2, .dropout = 0.2}, rng);
}

template <class Opt, class Options>
void check_resumed(const Options& options) {
  const Folder folder;
  const std::string path = folder.file("run.safetensors");
  Transformer whole = dropping_model(1), resumed = dropping_model(2);
  Rng rng(5), later(9);
  Opt opt(named_parameters(whole), options), fresh(named_parameters(resumed), options);
  for (Index step = 0; step < 3; ++step) train_step(whole, opt, rng, step);
  save(path, whole, opt, rng, {{"step", "3"}});
  load(path, resumed, fresh, later);
  BOOST_CHECK_EQUAL(read_metadata(path).at("step"), "3");
  for (Index step = 3; step < 6; ++step) {
    BOOST_CHECK_EQUAL(train_step(whole, opt, rng, step), train_step(resumed, fresh, later, step));
  }
  const NamedParameters a = named_parameters(whole), b = named_parameters(resumed);
  for (std::size_t i = 0; i < a.size(); ++i) BOOST_CHECK(same_bits(a[i].parameter.value(), b[i].parameter.value()));
  load(path, resumed);  // as a model alone, what is the optimizer's is left out
}

BOOST_AUTO_TEST_CASE(a_resumed_run_has_the_bits_of_one_that_never_stopped) {
  check_resumed<AdamW>(AdamWOptions{.lr = 0.01, .weight_decay = 0.1});
  check_resumed<Adam>(AdamOptions{.lr = 0.01, .rows = RowUpdate::lazy});
  check_resumed<Adagrad>(AdagradOptions{.lr = 0.1});
  check_resumed<Sgd>(SgdOptions{.lr = 0.1, .momentum = 0.9});
  check_resumed<Sgd>(SgdOptions{.lr = 0.1});
}

BOOST_AUTO_TEST_CASE(metadata_that_a_run_is_kept_under_is_refused) {
  const Folder folder;
  const std::string path = folder.file("run.safetensors");
  Transformer model = dropping_model(1);
  const Rng rng(5);
  const AdamW opt(named_parameters(model), {});
  for (const char* key : {"rng", "optimizer", "optimizer/wte.weight"}) {
    BOOST_CHECK_EQUAL(error_text<ValueError>([&] {
                        save(path, model, opt, rng, {{key, "mine"}});
                      }),
                      fmt::format("[save] the metadata's {} is what the run itself is kept under", key));
  }
  BOOST_CHECK(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_run_that_does_not_fit_is_refused_and_nothing_changes) {
  const Folder folder;
  const std::string path = folder.file("run.safetensors");
  Transformer model = dropping_model(1), other = dropping_model(2);
  Rng rng(5), untouched(9);
  AdamW opt(named_parameters(model), {});
  train_step(model, opt, rng, 0);
  const Tensor before = other.wte.weight.value().clone();
  Sgd sgd(named_parameters(other), {});
  AdamW adam(named_parameters(other), {});
  const auto refused = [&](Optimizer& optimizer) {
    return error_text<FileError>([&] { load(path, other, optimizer, untouched); });
  };
  save(path, model, opt, rng);
  BOOST_CHECK_EQUAL(refused(sgd), fmt::format("[load] {}: [Sgd] the state is that of AdamW", path));
  save(path, model);
  BOOST_CHECK_EQUAL(refused(adam),
                    fmt::format("[load] {}: holds a model, but no optimizer's state to go on with", path));
  save(path, model, {{"optimizer", "AdamW"}});
  BOOST_CHECK_EQUAL(refused(adam), fmt::format("[load] {}: __metadata__ has no rng", path));
  for (const char* wrong : {"1 2", "1 -2 3", "1 2 3 4", "1 2 x", "1 2 18446744073709551616"}) {
    save(path, model, {{"optimizer", "AdamW"}, {"rng", wrong}});
    BOOST_CHECK_EQUAL(refused(adam), fmt::format("[load] {}: __metadata__ rng is not 3 whole numbers", path));
  }
  save(path, model, {{"optimizer", "AdamW"}, {"rng", "1 2 3"}, {"optimizer/wte.weight", "-x"}});
  BOOST_CHECK_EQUAL(refused(adam),
                    fmt::format("[load] {}: __metadata__ optimizer/wte.weight is not 1 whole number", path));
  BOOST_CHECK(same_bits(other.wte.weight.value(), before));
  BOOST_CHECK_EQUAL(untouched.seed(), 9U);
  BOOST_CHECK(!adam.has_state(0));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
