// gradcheck_table.cpp: one row for every differentiable function: its value against a plain reference, its gradient
// against central differences (in the double build), repeated and empty shapes, and that what it saved is freed.
//
// A function of autograd/functions.hpp without a row fails the last case.
#include <fstream>
#include <regex>
#include <set>

#include "autograd/functions.hpp"
#include "autograd/gradcheck.hpp"
#include "autograd/plain_references.hpp"

namespace lexigrad {
namespace {

using namespace testing;
using Values = std::vector<Variable>;

struct Row {
  std::string function;  // as functions.hpp names it
  std::string what;
  VariableFunction call;
  std::vector<Tensor> inputs;
  Reference reference;  // the value, by other means
};

std::vector<Row> arithmetic_rows() {
  std::vector<Row> rows;
  struct Operation {
    std::string name;
    Variable (*call)(const Variable&, const Variable&);
    double (*f)(double, double);
  };
  const Operation operations[] = {{"add", add, [](double a, double b) { return a + b; }},
                                  {"sub", sub, [](double a, double b) { return a - b; }},
                                  {"mul", mul, [](double a, double b) { return a * b; }},
                                  {"div", div, [](double a, double b) { return a / b; }}};
  const std::pair<Shape, Shape> shapes[] = {
      {{2, 3}, {2, 3}}, {{4, 3}, {3}},          {{3}, {4, 3}}, {{2, 3, 4}, {3, 1}}, {{2, 3}, {}},
      {{1}, {1, 2}},    {{2, 1, 4}, {2, 3, 4}}, {{0, 3}, {3}}, {{2, 0}, {2, 1}},    {{5, 1}, {1}}};
  for (const Operation& o : operations) {
    for (const auto& [a, b] : shapes) {
      const Shape shape = broadcasts_to(b, a) ? a : b;
      rows.push_back({o.name,
                      fmt::format("{} with {}", a, b),
                      [call = o.call](const Values& v) { return call(v[0], v[1]); },
                      {sample(a), positive(b)},
                      pairwise(shape, o.f)});
    }
  }
  rows.push_back(
      {"neg", "", [](const Values& v) { return neg(v[0]); }, {sample({2, 3})}, each([](double x) { return -x; })});
  rows.push_back(
      {"scaled", "", [](const Values& v) { return scaled(v[0], 2.0, 1.0); }, {sample({2, 3})}, each([](double x) {
         return 2.0 * x + 1.0;
       })});
  return rows;
}

std::vector<Row> activation_rows() {
  std::vector<Row> rows;
  for (const Shape& shape : {Shape{2, 9}, Shape{0}, Shape{}}) {
    const std::string what = to_string(shape);
    rows.push_back({"exp", what, [](const Values& v) { return exp(v[0]); }, {sample(shape)}, each(std::exp)});
    rows.push_back({"log", what, [](const Values& v) { return log(v[0]); }, {positive(shape)}, each(std::log)});
    rows.push_back({"tanh", what, [](const Values& v) { return tanh(v[0]); }, {sample(shape)}, each(std::tanh)});
    rows.push_back({"sigmoid", what, [](const Values& v) { return sigmoid(v[0]); }, {sample(shape)}, each([](double x) {
                      return 1.0 / (1.0 + std::exp(-x));
                    })});
    rows.push_back({"relu", what, [](const Values& v) { return relu(v[0]); }, {sample(shape)}, each([](double x) {
                      return x > 0.0 ? x : 0.0;
                    })});
    rows.push_back(
        {"gelu", "tanh " + what, [](const Values& v) { return gelu(v[0]); }, {sample(shape)}, each([](double x) {
           return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x)));
         })});
    rows.push_back({"gelu",
                    "erf " + what,
                    [](const Values& v) { return gelu(v[0], Gelu::erf); },
                    {sample(shape)},
                    each([](double x) { return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0))); })});
  }
  return rows;
}

std::vector<Row> shape_rows() {
  std::vector<Row> rows;
  rows.push_back({"reshape",
                  "",
                  [](const Values& v) {
                    return reshape(v[0], {3, 2});
                  },
                  {sample({2, 3})},
                  same_numbers()});
  rows.push_back(
      {"reshape", "empty", [](const Values& v) { return reshape(v[0], {0}); }, {sample({0, 3})}, same_numbers()});
  rows.push_back({"transpose",
                  "batched",
                  [](const Values& v) { return transpose(v[0]); },
                  {sample({2, 3, 4})},
                  [](const std::vector<Tensor>& in) {
                    std::vector<double> y;
                    for (Index b = 0; b < 2; ++b) {
                      for (Index j = 0; j < 4; ++j) {
                        for (Index i = 0; i < 3; ++i) y.push_back(number(in[0], (b * 3 + i) * 4 + j));
                      }
                    }
                    return y;
                  }});
  rows.push_back({"rows",
                  "",
                  [](const Values& v) { return lexigrad::rows(v[0], 1, 2); },
                  {sample({4, 3})},
                  [](const std::vector<Tensor>& in) {
                    std::vector<double> y;
                    for (Index i = 3; i < 9; ++i) y.push_back(number(in[0], i));
                    return y;
                  }});
  const Reference total = [](const std::vector<Tensor>& in) {
    double sum = 0.0;
    for (double v : testing::numbers(in[0])) sum += v;
    return std::vector<double>{sum};
  };
  rows.push_back({"sum", "", [](const Values& v) { return sum(v[0]); }, {sample({3, 4})}, total});
  rows.push_back({"sum", "empty", [](const Values& v) { return sum(v[0]); }, {sample({0, 4})}, total});
  rows.push_back({"mean",
                  "",
                  [](const Values& v) { return mean(v[0]); },
                  {sample({3, 4})},
                  [total](const std::vector<Tensor>& in) { return std::vector<double>{total(in)[0] / 12.0}; }});
  return rows;
}

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
  rows.push_back({"linear",
                  "with bias",
                  [](const Values& v) { return linear(v[0], v[1], v[2]); },
                  {sample({2, 3, 4}, 1), sample({5, 4}, 2), sample({5}, 3)},
                  [](const std::vector<Tensor>& in) { return product(in[0], in[1], 3, 5, 4, true, in[2]); }});
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
    for (const double smoothing : {0.0, 0.2}) {
      const CrossEntropyOptions o{-100, smoothing, reduction};
      rows.push_back(
          {"cross_entropy",
           fmt::format("reduction {} smoothing {}", static_cast<int>(reduction), smoothing),
           [=](const Values& v) { return cross_entropy(v[0], targets, o); },
           {sample({4, 5})},
           [=](const std::vector<Tensor>& in) { return cross_entropy_of(testing::numbers(in[0]), 5, targets, o); }});
      if (reduction == Reduction::none) continue;
      rows.push_back({"tied_cross_entropy",
                      fmt::format("reduction {} smoothing {}", static_cast<int>(reduction), smoothing),
                      [=](const Values& v) { return tied_cross_entropy(v[0], v[1], targets, o); },
                      {sample({4, 3}, 1), sample({5, 3}, 2)},
                      [=](const std::vector<Tensor>& in) {
                        return cross_entropy_of(product(in[0], in[1], 4, 5, 3, true), 5, targets, o);
                      }});
    }
  }
  return rows;
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
                    std::vector<double> y = testing::numbers(in[0]);
                    for (std::size_t i = 0; i < y.size(); ++i) {
                      y[i] *= block.uniform(static_cast<Index>(i)) >= 0.4 ? 1.0 / 0.6 : 0.0;
                    }
                    return y;
                  }});
  return rows;
}

std::vector<Row> table() {
  std::vector<Row> rows;
  for (const auto& part :
       {arithmetic_rows(), activation_rows(), shape_rows(), matrix_rows(), table_rows(), transformer_rows()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gradcheck_table)

BOOST_AUTO_TEST_CASE(every_value_agrees_with_a_plain_reference) {
  for (const Row& row : table()) {
    BOOST_TEST_CONTEXT(row.function << " " << row.what) {
      std::vector<Variable> inputs(row.inputs.begin(), row.inputs.end());
      check_close(row.call(inputs).value(), row.reference(row.inputs), sizeof(real) == 4 ? 1e-5 : 1e-12,
                  sizeof(real) == 4 ? 2e-6 : 1e-13);
    }
  }
}

#ifdef LEXIGRAD_F64
BOOST_AUTO_TEST_CASE(every_gradient_agrees_with_central_differences) {
  for (const Row& row : table()) {
    const GradcheckResult result = gradcheck(row.call, row.inputs);
    BOOST_TEST(result.ok, row.function << " " << row.what << ": " << result.message);
  }
}
#endif

BOOST_AUTO_TEST_CASE(what_an_op_saved_is_freed_when_backward_is_done) {
  for (const Row& row : table()) {
    std::vector<Tensor> inputs;
    for (const Tensor& input : row.inputs) inputs.push_back(input.clone());
    std::vector<Variable> leaves;
    for (const Tensor& input : inputs) leaves.emplace_back(input, true);
    const Variable y = row.call(leaves);
    Tensor start = ones(y.shape());
    y.backward(start);
    BOOST_CHECK_THROW(y.backward(start), StateError);
    leaves.clear();
    // Only reshape and rows hand a buffer on as their value; whatever else is still held was not freed.
    if (row.function == "reshape" || row.function == "rows") continue;
    for (const Tensor& input : inputs)
      BOOST_TEST((input.size() == 0 || input.unique()), row.function << " " << row.what);
  }
}

BOOST_AUTO_TEST_CASE(every_declared_function_has_a_row) {
  std::ifstream header(LEXIGRAD_SOURCE_DIR "/autograd/functions.hpp");
  BOOST_REQUIRE(header.is_open());
  std::set<std::string> declared, tested;
  const std::regex declaration("^Variable ([a-z_]+)\\(.*");
  std::string line;
  std::smatch match;
  while (std::getline(header, line)) {
    if (std::regex_match(line, match, declaration)) declared.insert(match[1]);
  }
  BOOST_TEST(declared.size() >= 20U);
  for (const Row& row : table()) tested.insert(row.function);
  for (const std::string& name : declared) BOOST_TEST(tested.contains(name), name << " has no row");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace lexigrad
