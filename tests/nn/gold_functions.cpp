// gold_functions.cpp: every function and module against what another library computed: values and gradients.
#include "gold.hpp"
#include "nn/embedding.hpp"
#include "nn/layer_norm.hpp"
#include "nn/tied_head.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::Gold;
using testing::gold_cases;

BOOST_AUTO_TEST_SUITE(gold_functions)

BOOST_AUTO_TEST_CASE(lookups) {
  for (const Gold& gold : gold_cases("embedding")) {
    EmbeddingOptions options;
    if (!gold.settings()["padding_idx"].is_null()) options.padding_idx = gold.settings()["padding_idx"].get<Index>();
    options.scale_grad_by_freq = gold.settings()["scale_grad_by_freq"].get<bool>();
    const Embedding wte(gold.input("weight"), options);
    gold.check(wte(gold.ids("ids")), {{"weight", wte.weight.variable()}});
  }
}

BOOST_AUTO_TEST_CASE(a_table_used_twice) {
  for (const Gold& gold : gold_cases("tied_head")) {
    const Embedding wte(gold.input("weight"));
    const TiedHead head(wte);
    const Variable m = gold.leaf("M");
    const Variable h = linear(wte(gold.ids("ids")), m), logits = head(h);
    gold.check_output("h", h.value());
    gold.check_output("logits", logits.value());
    logits.backward(gold.input("grad_out"));
    gold.check_gradient("weight", wte.weight.grad());
    gold.check_gradient("M", m.grad());
  }
}

CrossEntropyOptions loss_options(const Gold& gold) {
  CrossEntropyOptions options;
  options.ignore_index = gold.settings()["ignore_index"].get<Index>();
  options.label_smoothing = gold.settings()["label_smoothing"].get<double>();
  const std::string reduction = gold.settings()["reduction"].get<std::string>();
  options.reduction = reduction == "mean" ? Reduction::mean : reduction == "sum" ? Reduction::sum : Reduction::none;
  if (gold.settings()["has_weight"].get<bool>()) options.class_weights = gold.input("weight");
  return options;
}

BOOST_AUTO_TEST_CASE(cross_entropies) {
  for (const Gold& gold : gold_cases("cross_entropy")) {
    const CrossEntropyOptions options = loss_options(gold);
    const Variable logits = gold.leaf("logits");
    const Ids targets = gold.ids("target");
    if (gold.id.starts_with("ce/all_ignored_mean")) {  // NaN there, an error here
      BOOST_CHECK_EQUAL(error_text<ValueError>([&] { cross_entropy(logits, targets, options); }),
                        "[cross_entropy] every target is ignored, so their mean is not defined");
      continue;
    }
    const Variable loss = cross_entropy(logits, targets, options);
    gold.check_output("loss", loss.value());
    loss.backward(gold.has_input("grad_out") ? gold.input("grad_out") : ones({}));
    gold.check_gradient("logits", logits.grad());

    // The tied head on a table of unit vectors has the same logits.
    if (options.reduction == Reduction::none) continue;
    const Index classes = logits.dim(1);
    Tensor unit = zeros({classes, classes});
    for (Index c = 0; c < classes; ++c) unit.mutable_data()[c * classes + c] = 1;
    const Variable h = gold.leaf("logits");
    const Variable tied = tied_cross_entropy(h, Variable(unit), targets, options);
    gold.check_output("loss", tied.value());
    tied.backward();
    gold.check_gradient("logits", h.grad());
  }
}

BOOST_AUTO_TEST_CASE(norms_of_layers) {
  for (const Gold& gold : gold_cases("layer_norm")) {
    const double eps = gold.settings()["eps"].get<double>();
    const Variable x = gold.leaf("x");
    if (gold.settings()["affine"].get<bool>()) {
      const Variable weight = gold.leaf("weight"), bias = gold.leaf("bias");
      gold.check(layer_norm(x, weight, bias, eps), {{"x", x}, {"weight", weight}, {"bias", bias}});
    } else {
      const LayerNorm norm(x.shape().last(), eps, false);
      gold.check(norm(x), {{"x", x}});
    }
  }
}

BOOST_AUTO_TEST_CASE(gelus) {
  for (const Gold& gold : gold_cases("gelu")) {
    const Variable x = gold.leaf("x");
    gold.check(gelu(x, gold.settings()["approximate"] == "tanh" ? Gelu::tanh : Gelu::erf), {{"x", x}});
  }
}

BOOST_AUTO_TEST_CASE(softmaxes) {
  for (const Gold& gold : gold_cases("softmax")) {
    const Variable x = gold.leaf("x");
    gold.check(softmax(x, gold.settings()["dim"].get<int>()), {{"x", x}});
  }
  for (const Gold& gold : gold_cases("log_softmax")) {
    const Variable x = gold.leaf("x");
    gold.check(log_softmax(x, gold.settings()["dim"].get<int>()), {{"x", x}});
  }
}

BOOST_AUTO_TEST_CASE(linear_layers) {
  for (const Gold& gold : gold_cases("linear")) {
    const Variable x = gold.leaf("x"), weight = gold.leaf("weight"), bias = gold.leaf("bias");
    gold.check(linear(x, weight, bias), {{"x", x}, {"weight", weight}, {"bias", bias}});
  }
}

// [B, H, T, D] of queries, keys and values to our [B, T, 3·H·D].
Tensor packed(const std::array<Tensor, 3>& parts) {
  const Index batch = parts[0].dim(0), heads = parts[0].dim(1), length = parts[0].dim(2), width = parts[0].dim(3);
  Tensor result({batch, length, 3, heads, width});
  real* out = result.mutable_data();
  for (Index i = 0; i < result.size(); ++i) {
    const Index d = i % width, h = i / width % heads, part = i / (width * heads) % 3;
    const Index t = i / (3 * width * heads) % length, b = i / (3 * width * heads * length);
    out[i] = parts[static_cast<std::size_t>(part)](b, h, t, d);
  }
  return result.reshape({batch, length, 3 * heads * width});
}

// One part of [B, T, parts·H·D] back to [B, H, T, D].
Tensor unpacked(const Tensor& x, Index part, const Shape& shape) {
  Tensor result(shape);
  const Index heads = shape[1], length = shape[2], width = shape[3];
  real* out = result.mutable_data();
  for (Index i = 0; i < result.size(); ++i) {
    const Index d = i % width, t = i / width % length, h = i / (width * length) % heads;
    out[i] = x(i / (width * length * heads), t, (part * heads + h) * width + d);
  }
  return result;
}

BOOST_AUTO_TEST_CASE(attentions) {
  for (const Gold& gold : gold_cases("attention")) {
    const Tensor q = gold.input("q"), k = gold.input("k"), v = gold.input("v"), dy = gold.input("grad_out");
    const bool causal = gold.settings()["causal"].get<bool>();
    const Index length = q.dim(2), width = q.dim(3);

    // The fused operation.
    const Variable qkv(packed({q, k, v}), true);
    const Variable y = attention(qkv, q.dim(1), causal);
    gold.check_output("out", unpacked(y.value(), 0, q.shape()));
    y.backward(part(packed({dy, dy, dy}), 2, 0, q.dim(1) * width));
    const Tensor dqkv = qkv.grad().dense();
    gold.check_gradient("q", unpacked(dqkv, 0, q.shape()));
    gold.check_gradient("k", unpacked(dqkv, 1, q.shape()));
    gold.check_gradient("v", unpacked(dqkv, 2, q.shape()));

    // Composed of its parts, where the probabilities can be seen.
    Tensor mask = zeros({length, length});
    for (Index t = 0; causal && t < length; ++t) {
      for (Index s = t + 1; s < length; ++s) mask.mutable_data()[t * length + s] = -INFINITY;
    }
    const Tensor scores = matmul(q, k, Transpose::b) / std::sqrt(static_cast<double>(width));
    const Tensor probabilities = softmax(scores + mask);
    gold.check_output("probs", probabilities);
    gold.check_output("out", matmul(probabilities, v));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
