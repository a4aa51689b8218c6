// rows_elementwise.cpp: rows of the gradcheck table: arithmetic, choosing, functions of one number.
#include <algorithm>

#include "autograd/gradcheck_rows.hpp"

namespace lexigrad::testing {

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
  struct Choice {
    Shape result, condition, a, b;
  };
  for (const Choice& c : {Choice{{2, 3}, {2, 3}, {2, 3}, {2, 3}},
                          {{2, 3}, {3}, {2, 3}, {2, 1}},
                          {{2, 3}, {2, 3}, {}, {3}},
                          {{2, 3}, {2, 1}, {3}, {2, 3}},
                          {{0, 3}, {0, 3}, {3}, {1}}}) {
    const Tensor condition = less(sample(c.condition, 11), scalar(0));
    const Shape shape = c.result;
    rows.push_back({"where",
                    fmt::format("{} of {} and {}", c.condition, c.a, c.b),
                    [condition](const Values& v) { return where(condition, v[0], v[1]); },
                    {sample(c.a, 1), sample(c.b, 2)},
                    [condition, shape](const std::vector<Tensor>& in) {
                      const auto choose = [](double k, double v) { return k != 0.0 ? v : 0.0; };
                      const auto other = [](double k, double v) { return k == 0.0 ? v : 0.0; };
                      std::vector<double> y = pairwise(shape, choose)({condition, in[0]});
                      const std::vector<double> z = pairwise(shape, other)({condition, in[1]});
                      for (std::size_t i = 0; i < y.size(); ++i) y[i] += z[i];
                      return y;
                    }});
  }
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
    rows.push_back({"sqrt", what, [](const Values& v) { return sqrt(v[0]); }, {positive(shape)}, each(std::sqrt)});
    rows.push_back({"abs", what, [](const Values& v) { return abs(v[0]); }, {sample(shape)}, each(std::fabs)});
    for (const double p : {2.0, 3.0, 0.5, -1.0, 0.0}) {
      rows.push_back({"pow",
                      fmt::format("{} of {}", p, what),
                      [p](const Values& v) { return pow(v[0], p); },
                      {positive(shape)},
                      [p](const std::vector<Tensor>& in) {
                        std::vector<double> y = numbers(in[0]);
                        for (double& v : y) v = std::pow(v, p);
                        return y;
                      }});
    }
    rows.push_back(
        {"clamp", what, [](const Values& v) { return clamp(v[0], -0.7, 0.9); }, {sample(shape)}, each([](double x) {
           return std::min(std::max(x, -0.7), 0.9);
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

}  // namespace lexigrad::testing
