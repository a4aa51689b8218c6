// rows_shape.cpp: rows of the gradcheck table: what moves numbers, sums and maxima.
#include <algorithm>

#include "autograd/gradcheck_rows.hpp"

namespace lexigrad::testing {

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
  rows.push_back({"expand",
                  "",
                  [](const Values& v) {
                    return expand(v[0], {2, 3, 4});
                  },
                  {sample({3, 1})},
                  pairwise({2, 3, 4}, [](double, double b) { return b; })});
  rows.back().reference = [](const std::vector<Tensor>& in) {
    return pairwise({2, 3, 4}, [](double a, double) { return a; })({in[0], in[0]});
  };
  // [2, n, 3] parts of n = 1, 0, 4, 2 along the middle axis
  rows.push_back({"concat",
                  "four parts along the middle",
                  [](const Values& v) { return concat(v, 1); },
                  {sample({2, 1, 3}, 1), sample({2, 0, 3}, 2), sample({2, 4, 3}, 3), sample({2, 2, 3}, 4)},
                  [](const std::vector<Tensor>& in) {
                    std::vector<double> y;
                    for (Index o = 0; o < 2; ++o) {
                      for (const Tensor& part : in) {
                        const Index width = part.dim(1) * 3;
                        for (Index i = 0; i < width; ++i) y.push_back(number(part, o * width + i));
                      }
                    }
                    return y;
                  }});
  rows.push_back(
      {"concat", "one part", [](const Values& v) { return scaled(concat(v, 0), 1.0); }, {sample({3})}, same_numbers()});
  rows.push_back({"concat",
                  "vectors",
                  [](const Values& v) {
                    return concat({v[0], v[1]}, -1);
                  },
                  {sample({3}, 1), sample({2}, 2)},
                  [](const std::vector<Tensor>& in) {
                    std::vector<double> y = numbers(in[0]);
                    for (const double v : numbers(in[1])) y.push_back(v);
                    return y;
                  }});
  // Along axis a of [2, 3, 4]: K = 5 ids with repeats (none where the ids are empty).
  for (const int axis : {0, 1, -1}) {
    for (const Index count : {Index{5}, Index{0}}) {
      const Shape picked = Shape{2, 3, 4}.with(axis, count);
      std::vector<Index> values;
      for (Index i = 0; i < picked.size(); ++i) values.push_back((i * i + 1) % Shape{2, 3, 4}[axis]);
      const Ids ids(picked, values);
      const auto place = [axis, ids](Index k) {  // of number k of the ids in x
        Index at[3] = {k / (ids.shape()[1] * ids.shape()[2]), k / ids.shape()[2] % ids.shape()[1], k % ids.shape()[2]};
        at[axis < 0 ? 2 : axis] = ids[k];
        return (at[0] * 3 + at[1]) * 4 + at[2];
      };
      rows.push_back({"gather",
                      fmt::format("{} along {}", picked, axis),
                      [=](const Values& v) { return gather(v[0], axis, ids); },
                      {sample({2, 3, 4})},
                      [=](const std::vector<Tensor>& in) {
                        std::vector<double> y;
                        for (Index k = 0; k < ids.size(); ++k) y.push_back(number(in[0], place(k)));
                        return y;
                      }});
      rows.push_back({"scatter_add",
                      fmt::format("{} along {}", picked, axis),
                      [=](const Values& v) { return scatter_add(v[0], axis, ids, v[1]); },
                      {sample({2, 3, 4}, 1), sample(picked, 2)},
                      [=](const std::vector<Tensor>& in) {
                        std::vector<double> y = numbers(in[0]);
                        for (Index k = 0; k < ids.size(); ++k)
                          y[static_cast<std::size_t>(place(k))] += number(in[1], k);
                        return y;
                      }});
    }
  }
  return rows;
}

std::vector<Row> reduce_rows() {
  std::vector<Row> rows;
  const Reference total = [](const std::vector<Tensor>& in) {
    double sum = 0.0;
    for (double v : numbers(in[0])) sum += v;
    return std::vector<double>{sum};
  };
  rows.push_back({"sum", "", [](const Values& v) { return sum(v[0]); }, {sample({3, 4})}, total});
  rows.push_back({"sum", "empty", [](const Values& v) { return sum(v[0]); }, {sample({0, 4})}, total});
  rows.push_back({"mean",
                  "",
                  [](const Values& v) { return mean(v[0]); },
                  {sample({3, 4})},
                  [total](const std::vector<Tensor>& in) { return std::vector<double>{total(in)[0] / 12.0}; }});
  rows.push_back({"max",
                  "",
                  [](const Values& v) { return max(v[0]); },
                  {sample({3, 4})},
                  [](const std::vector<Tensor>& in) {
                    const std::vector<double> x = numbers(in[0]);
                    return std::vector<double>{*std::max_element(x.begin(), x.end())};
                  }});
  // Along an axis of [2, 3, 4], the axis kept or not; and along an axis of a tensor without numbers.
  for (const int axis : {0, 1, -1}) {
    const Index count = Shape{2, 3, 4}[axis], step = axis == 0 ? 12 : axis == 1 ? 4 : 1;
    const auto along = [=](const std::vector<Tensor>& in, double start, auto combine, double divisor) {
      std::vector<double> y;
      for (Index i = 0; i < 24; ++i) {
        if (i / step % count != 0) continue;  // the first place of a row along the axis
        double value = start;
        for (Index k = 0; k < count; ++k) value = combine(value, number(in[0], i + k * step));
        y.push_back(value / divisor);
      }
      return y;
    };
    const auto add = [](double a, double b) { return a + b; };
    const auto greater = [](double a, double b) { return std::max(a, b); };
    for (const bool keep : {false, true}) {
      const std::string what = fmt::format("axis {} {}", axis, keep ? "kept" : "");
      rows.push_back({"sum",
                      what,
                      [=](const Values& v) { return sum(v[0], axis, keep); },
                      {sample({2, 3, 4})},
                      [=](const std::vector<Tensor>& in) { return along(in, 0.0, add, 1.0); }});
      rows.push_back({"mean",
                      what,
                      [=](const Values& v) { return mean(v[0], axis, keep); },
                      {sample({2, 3, 4})},
                      [=](const std::vector<Tensor>& in) { return along(in, 0.0, add, static_cast<double>(count)); }});
      rows.push_back({"max",
                      what,
                      [=](const Values& v) { return max(v[0], axis, keep); },
                      {sample({2, 3, 4})},
                      [=](const std::vector<Tensor>& in) { return along(in, -INFINITY, greater, 1.0); }});
    }
  }
  const auto zeros_of = [](std::size_t n) {
    return [n](const std::vector<Tensor>&) { return std::vector<double>(n, 0.0); };
  };
  rows.push_back({"sum", "empty axis", [](const Values& v) { return sum(v[0], 1); }, {sample({2, 0, 3})}, zeros_of(6)});
  rows.push_back({"mean", "no rows", [](const Values& v) { return mean(v[0], 1); }, {sample({0, 4})}, zeros_of(0)});
  rows.push_back({"max", "no rows", [](const Values& v) { return max(v[0], 1); }, {sample({0, 4})}, zeros_of(0)});
  for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::none}) {
    rows.push_back({"mse",
                    fmt::format("reduction {}", static_cast<int>(reduction)),
                    [=](const Values& v) { return mse(v[0], v[1], reduction); },
                    {sample({3, 4}, 1), sample({3, 4}, 2)},
                    [=](const std::vector<Tensor>& in) {
                      std::vector<double> y;
                      double total = 0.0;
                      for (Index i = 0; i < 12; ++i) {
                        const double d = number(in[0], i) - number(in[1], i);
                        y.push_back(d * d);
                        total += d * d;
                      }
                      if (reduction == Reduction::none) return y;
                      return std::vector<double>{reduction == Reduction::mean ? total / 12.0 : total};
                    }});
  }
  return rows;
}
}  // namespace lexigrad::testing
