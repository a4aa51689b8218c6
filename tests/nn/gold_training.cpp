// gold_training.cpp: optimizers, clipping, schedules and whole small models against what another library computed.
#include "gold.hpp"
#include "nn/clip.hpp"
#include "nn/schedule.hpp"
#include "nn/transformer.hpp"
#include "support.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::Gold;
using testing::gold_cases;
using testing::listed;

std::unique_ptr<Optimizer> optimizer_of(const nlohmann::json& s, NamedParameters parameters) {
  const double lr = s["lr"].get<double>();
  if (s["name"] == "sgd") {
    return std::make_unique<Sgd>(
        std::move(parameters),
        SgdOptions{.lr = lr, .momentum = s.value("momentum", 0.0), .nesterov = s.value("nesterov", false)});
  }
  const double beta1 = s["betas"][0].get<double>(), beta2 = s["betas"][1].get<double>();
  const double eps = s["eps"].get<double>(), decay = s["weight_decay"].get<double>();
  if (s["name"] == "adam") {
    return std::make_unique<Adam>(std::move(parameters), AdamOptions{lr, beta1, beta2, eps, decay});
  }
  BOOST_REQUIRE(s["name"] == "adamw");
  return std::make_unique<AdamW>(std::move(parameters), AdamWOptions{lr, beta1, beta2, eps, decay, true});
}

BOOST_AUTO_TEST_SUITE(gold_training)

BOOST_AUTO_TEST_CASE(steps_of_optimizers) {
  for (const Gold& gold : gold_cases("optimizer")) {
    const Parameter p0(gold.input("p0")), p1(gold.input("p1"));
    const auto optimizer = optimizer_of(gold.settings(), listed({&p0, &p1}));
    int step = 0;
    for (; gold.has_input(fmt::format("g0_step{}", step)); ++step) {
      p0.gradient() = Gradient(gold.input(fmt::format("g0_step{}", step)));
      p1.gradient() = Gradient(gold.input(fmt::format("g1_step{}", step)));
      optimizer->step();
      gold.check_output(fmt::format("p0_after{}", step), p0.value());
      gold.check_output(fmt::format("p1_after{}", step), p1.value());
    }
    BOOST_TEST(step >= 3);
  }
}

BOOST_AUTO_TEST_CASE(clipping) {
  for (const Gold& gold : gold_cases("clip_grad_norm")) {
    const Parameter p0(zeros(gold.input("g0").shape())), p1(zeros(gold.input("g1").shape()));
    p0.gradient() = Gradient(gold.input("g0"));
    p1.gradient() = Gradient(gold.input("g1"));
    gold.check_output("norm", scalar(clip_grad_norm(listed({&p0, &p1}), gold.settings()["max_norm"].get<double>())));
    gold.check_output("g0", p0.grad().dense());
    gold.check_output("g1", p1.grad().dense());
  }
}

BOOST_AUTO_TEST_CASE(schedules) {
  for (const Gold& gold : gold_cases("schedule")) {
    const nlohmann::json& s = gold.settings();
    const WarmupCosine lr{s["lr_max"].get<double>(), s["lr_min"].get<double>(), 0, s["T_max"].get<Index>()};
    std::vector<double> rates;
    for (Index t = 0; t <= lr.total; ++t) rates.push_back(lr(t));
    gold.check_output("lr", tensor({lr.total + 1}, rates));
  }
}

// "blocks.0.attn.qkv.weight" as the file calls it: "param.h.0.qkv.weight".
std::string gold_name(std::string name) {
  const std::pair<std::string, std::string> renamed[] = {{"blocks.", "h."},  {"ln_1", "ln1"}, {"ln_2", "ln2"},
                                                         {"ln_f", "lnf"},    {"attn.", ""},   {"mlp.up", "fc"},
                                                         {"mlp.down", "fc2"}};
  for (const auto& [ours, theirs] : renamed) {
    const std::size_t at = name.find(ours);
    if (at != std::string::npos) name.replace(at, ours.size(), theirs);
  }
  return "param." + name;
}

BOOST_AUTO_TEST_CASE(whole_models) {
  for (const Gold& gold : gold_cases("gpt")) {
    const nlohmann::json& s = gold.settings();
    Rng rng(1);
    Transformer model({.vocab = s["vocab"].get<Index>(),
                       .context = s["block_size"].get<Index>(),
                       .dim = s["d_model"].get<Index>(),
                       .layers = s["layers"].get<Index>(),
                       .heads = s["heads"].get<Index>()},
                      rng);
    const NamedParameters parameters = named_parameters(model);
    for (const NamedParameter& p : parameters) p.parameter.writable().copy_from(gold.input(gold_name(p.name)));
    const Ids ids = gold.ids("ids"), target = gold.ids("target");
    gold.check_output("logits", model.head(model(ids)).value());
    const Variable loss = model.loss(ids, target);
    gold.check_output("loss", loss.value());
    loss.backward();
    for (const NamedParameter& p : parameters) gold.check_gradient(gold_name(p.name), p.parameter.grad());

    if (s["train"].is_null()) continue;
    const std::vector<double> want = testing::numbers(gold.output("train_losses"));
    AdamW opt(named_parameters(model), {.lr = 1e-2, .beta1 = 0.9, .beta2 = 0.95, .eps = 1e-8, .weight_decay = 0.0});
    std::vector<double> losses;
    for (std::size_t step = 0; step < want.size(); ++step) {
      opt.zero_grad();
      const Variable now = model.loss(ids, target);
      now.backward();
      clip_grad_norm(opt, 1.0);
      opt.step();
      losses.push_back(static_cast<double>(now.item()));
    }
    BOOST_TEST_CONTEXT(gold.id << " losses in training") {
      check_close(tensor({static_cast<Index>(losses.size())}, losses), want, sizeof(real) == 8 ? 1e-8 : 1e-3, 0.0);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
