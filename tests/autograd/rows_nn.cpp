// rows_nn.cpp: rows of the gradcheck table: products, lookups, losses, the parts of a transformer.
#include "autograd/gradcheck_rows.hpp"

namespace lexigrad::testing {

std::vector<Row> matrix_rows() {
  std::vector<Row> rows;
  const auto call = [](const Values& v) { return matmul(v[0], v[1]); };
  for (const auto& [m, k, n] : {std::array<Index, 3>{2, 3, 4}, {1, 1, 1}, {5, 7, 3}, {3, 0, 4}, {3, 4, 0}, {0, 2, 2}}) {
    rows.push_back({"matmul",
                    fmt::format("{}x{}x{}", m, k, n),
                    call,
                    {sample({m, k}, 1), sample({k, n}, 2)},
                    [m = m, k = k, n = n](const std::vector<Tensor>& in) {
                      return k == 0 ? std::vector<double>(static_cast<std::size_t>(m * n), 0.0)
                                    : product(in[0], in[1], m, n, k, false);
                    }});
  }
  rows.push_back({"matmul",
                  "rows of a [2, 3, 4] against one b",
                  call,
                  {sample({2, 3, 4}, 1), sample({4, 5}, 2)},
                  [](const std::vector<Tensor>& in) { return product(in[0], in[1], 3, 5, 4, false); }});
  rows.push_back(
      {"matmul", "batched", call, {sample({2, 3, 4}, 1), sample({2, 4, 5}, 2)}, [](const std::vector<Tensor>& in) {
         return product(in[0], in[1], 3, 5, 4, false, {}, true);
       }});
  // Operands read transposed: stored the other way round, the value is that of the plain product.
  for (const Transpose t : {Transpose::a, Transpose::b, Transpose::both}) {
    for (const Index batch : {Index{0}, Index{2}}) {
      const bool ta = t != Transpose::b, tb = t != Transpose::a;
      Shape a = ta ? Shape{4, 3} : Shape{3, 4}, b = tb ? Shape{5, 4} : Shape{4, 5};
      if (batch > 0) {
        a = Shape{batch, a[0], a[1]};
        b = Shape{batch, b[0], b[1]};
      }
      rows.push_back({"matmul",
                      fmt::format("transposed {} {}", a, b),
                      [t](const Values& v) { return matmul(v[0], v[1], t); },
                      {sample(a, 1), sample(b, 2)},
                      [=](const std::vector<Tensor>& in) {
                        const Tensor x = ta ? transpose(in[0]) : in[0], y = tb ? transpose(in[1]) : in[1];
                        return product(x, y, 3, 5, 4, false, {}, batch > 0);
                      }});
    }
  }
  rows.push_back({"matmul",
                  "rows of a [2, 3, 4] against one b, transposed",
                  [](const Values& v) { return matmul(v[0], v[1], Transpose::b); },
                  {sample({2, 3, 4}, 1), sample({5, 4}, 2)},
                  [](const std::vector<Tensor>& in) { return product(in[0], in[1], 3, 5, 4, true); }});
  rows.push_back({"linear",
                  "with bias",
                  [](const Values& v) { return linear(v[0], v[1], v[2]); },
                  {sample({2, 3, 4}, 1), sample({5, 4}, 2), sample({5}, 3)},
                  [](const std::vector<Tensor>& in) { return product(in[0], in[1], 3, 5, 4, true, in[2]); }});
  rows.push_back({"linear",
                  "of one vector, with bias",
                  [](const Values& v) { return linear(v[0], v[1], v[2]); },
                  {sample({4}, 1), sample({5, 4}, 2), sample({5}, 3)},
                  [](const std::vector<Tensor>& in) { return product(in[0], in[1], 1, 5, 4, true, in[2]); }});
  rows.push_back({"linear",
                  "of one vector, without bias",
                  [](const Values& v) { return linear(v[0], v[1]); },
                  {sample({4}, 1), sample({5, 4}, 2)},
                  [](const std::vector<Tensor>& in) { return product(in[0], in[1], 1, 5, 4, true); }});
  rows.push_back({"linear",
                  "without bias",
                  [](const Values& v) { return linear(v[0], v[1]); },
                  {sample({3, 4}, 1), sample({5, 4}, 2)},
                  [](const std::vector<Tensor>& in) { return product(in[0], in[1], 3, 5, 4, true); }});
  rows.push_back({"linear",
                  "no rows",
                  [](const Values& v) { return linear(v[0], v[1], v[2]); },
                  {sample({0, 4}, 1), sample({5, 4}, 2), sample({5}, 3)},
                  [](const std::vector<Tensor>&) { return std::vector<double>{}; }});
  return rows;
}

std::vector<Row> table_rows() {
  std::vector<Row> rows;
  for (const Ids& ids : {Ids{{1, 3, 1}, {0, 1, 3}}, Ids(Shape{0}, {})}) {
    rows.push_back({"embedding",
                    to_string(ids.shape()),
                    [ids](const Values& v) { return embedding(v[0], ids); },
                    {sample({5, 3})},
                    [ids](const std::vector<Tensor>& in) {
                      std::vector<double> y;
                      for (Index id : ids.values()) {
                        for (Index i = 0; i < 3; ++i) y.push_back(number(in[0], id * 3 + i));
                      }
                      return y;
                    }});
  }
  for (const int axis : {0, 1}) {
    // The middle of the plain reference is along the last axis; so the axis is moved there and back.
    const auto moved = [axis](const Tensor& x) { return axis == 1 ? transpose(x) : transpose(x.reshape({2, 12})); };
    const auto back = [axis](const std::vector<double>& y) {
      return numbers(transpose(tensor(axis == 1 ? Shape{2, 4, 3} : Shape{12, 2}, y)));
    };
    rows.push_back({"softmax",
                    fmt::format("axis {}", axis),
                    [axis](const Values& v) { return softmax(v[0], axis); },
                    {sample({2, 3, 4})},
                    [=](const std::vector<Tensor>& in) { return back(softmax_rows(moved(in[0]), false)); }});
    rows.push_back({"log_softmax",
                    fmt::format("axis {}", axis),
                    [axis](const Values& v) { return log_softmax(v[0], axis); },
                    {sample({2, 3, 4})},
                    [=](const std::vector<Tensor>& in) { return back(softmax_rows(moved(in[0]), true)); }});
  }
  for (const Shape& shape : {Shape{3, 5}, Shape{2, 2, 1}, Shape{0, 4}}) {
    rows.push_back({"softmax",
                    to_string(shape),
                    [](const Values& v) { return softmax(v[0]); },
                    {sample(shape)},
                    [](const std::vector<Tensor>& in) { return softmax_rows(in[0], false); }});
    rows.push_back({"log_softmax",
                    to_string(shape),
                    [](const Values& v) { return log_softmax(v[0]); },
                    {sample(shape)},
                    [](const std::vector<Tensor>& in) { return softmax_rows(in[0], true); }});
  }
  const Ids targets{4, 0, -100, 2};
  for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::none}) {
    for (const auto& [smoothing, weighted] : {std::pair{0.0, false}, {0.2, false}, {0.0, true}, {0.2, true}}) {
      const CrossEntropyOptions o{-100, smoothing, reduction, weighted ? tensor({5}, {0.5, 2, 0, 1, 0.25}) : Tensor()};
      const std::string what = fmt::format("reduction {} smoothing {} {}", static_cast<int>(reduction), smoothing,
                                           weighted ? "class weights" : "");
      rows.push_back({"cross_entropy",
                      what,
                      [=](const Values& v) { return cross_entropy(v[0], targets, o); },
                      {sample({4, 5})},
                      [=](const std::vector<Tensor>& in) { return cross_entropy_of(numbers(in[0]), 5, targets, o); }});
      if (reduction == Reduction::none) continue;
      rows.push_back({"tied_cross_entropy",
                      what,
                      [=](const Values& v) { return tied_cross_entropy(v[0], v[1], targets, o); },
                      {sample({4, 3}, 1), sample({5, 3}, 2)},
                      [=](const std::vector<Tensor>& in) {
                        return cross_entropy_of(product(in[0], in[1], 4, 5, 3, true), 5, targets, o);
                      }});
    }
  }
  return rows;
}

// Everything once more over nothing at all: no tokens, no rows, no sequence.
std::vector<Row> empty_rows() {
  const Reference none = [](const std::vector<Tensor>&) { return std::vector<double>{}; };
  const Reference zero = [](const std::vector<Tensor>&) { return std::vector<double>{0.0}; };
  const Ids no_ids(Shape{0}, {});
  const CrossEntropyOptions total{-100, 0.0, Reduction::sum}, each_one{-100, 0.0, Reduction::none};
  return {
      {"transpose", "no rows", [](const Values& v) { return transpose(v[0]); }, {sample({0, 3})}, none},
      {"rows", "none", [](const Values& v) { return scaled(rows(v[0], 2, 0), 1.0); }, {sample({4, 3})}, none},
      {"expand",
       "no rows",
       [](const Values& v) {
         return expand(v[0], Shape{0, 3});
       },
       {sample({3})},
       none},
      {"neg", "none", [](const Values& v) { return neg(v[0]); }, {sample({0})}, none},
      {"concat", "none", [](const Values& v) { return concat(v, 0); }, {sample({0, 2}), sample({0, 2})}, none},
      {"mse",
       "none",
       [](const Values& v) { return mse(v[0], v[1], Reduction::sum); },
       {sample({0}), sample({0})},
       zero},
      {"cross_entropy",
       "no rows",
       [=](const Values& v) { return cross_entropy(v[0], no_ids, total); },
       {sample({0, 4})},
       zero},
      {"cross_entropy",
       "no rows, each",
       [=](const Values& v) { return cross_entropy(v[0], no_ids, each_one); },
       {sample({0, 4})},
       none},
      {"tied_cross_entropy",
       "no tokens",
       [=](const Values& v) { return tied_cross_entropy(v[0], v[1], no_ids, total); },
       {sample({0, 3}), sample({4, 3})},
       zero},
      {"attention", "no batch", [](const Values& v) { return attention(v[0], 1); }, {sample({0, 2, 6})}, none},
      {"attention", "no positions", [](const Values& v) { return attention(v[0], 2); }, {sample({2, 0, 12})}, none},
      {"dropout",
       "none",
       [](const Values& v) {
         Rng rng(1);
         return dropout(v[0], 0.5, rng);
       },
       {sample({0, 2})},
       none},
  };
}

std::vector<Row> transformer_rows() {
  std::vector<Row> rows;
  rows.push_back({"layer_norm",
                  "rank 3",
                  [](const Values& v) { return layer_norm(v[0], v[1], v[2], 1e-5); },
                  {sample({2, 2, 5}, 1), sample({5}, 2), sample({5}, 3)},
                  [](const std::vector<Tensor>& in) { return layer_norm_rows(in[0], in[1], in[2], 1e-5); }});
  rows.push_back({"layer_norm",
                  "no rows",
                  [](const Values& v) { return layer_norm(v[0], v[1], v[2], 1e-5); },
                  {sample({0, 5}, 1), sample({5}, 2), sample({5}, 3)},
                  [](const std::vector<Tensor>&) { return std::vector<double>{}; }});
  rows.push_back({"layer_norm",
                  "without scale and shift",
                  [](const Values& v) { return layer_norm(v[0]); },
                  {sample({3, 5}, 1)},
                  [](const std::vector<Tensor>& in) { return layer_norm_rows(in[0], ones({5}), zeros({5}), 1e-5); }});
  for (const bool causal : {true, false}) {
    for (const auto& [shape, heads] : {std::pair<Shape, Index>{{2, 5, 12}, 2}, {{1, 1, 6}, 1}, {{1, 67, 6}, 1}}) {
      rows.push_back(
          {"attention",
           fmt::format("{} {} heads {}", to_string(shape), heads, causal ? "causal" : "full"),
           [heads = heads, causal](const Values& v) { return attention(v[0], heads, causal); },
           {sample(shape, 4)},
           [heads = heads, causal](const std::vector<Tensor>& in) { return attention_of(in[0], heads, causal); }});
    }
  }
  rows.push_back({"dropout",
                  "",
                  [](const Values& v) {
                    Rng rng(5);
                    return dropout(v[0], 0.4, rng);
                  },
                  {sample({6, 7})},
                  [](const std::vector<Tensor>& in) {
                    Rng rng(5);
                    const RandomBlock block = rng.take(in[0].size());
                    std::vector<double> y = numbers(in[0]);
                    for (std::size_t i = 0; i < y.size(); ++i) {
                      y[i] *= block.uniform(static_cast<Index>(i)) >= 0.4 ? 1.0 / 0.6 : 0.0;
                    }
                    return y;
                  }});
  return rows;
}

}  // namespace lexigrad::testing
