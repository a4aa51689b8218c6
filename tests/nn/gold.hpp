// gold.hpp: values and gradients that another library computed, read from gold_nn.json; a case has settings, inputs,
// outputs and gradients by name. The double build takes the cases computed in 64 bits, the float build those in 32.
#pragma once
#include <fstream>
#include <map>

#include <nlohmann/json.hpp>

#include "autograd/variable.hpp"
#include "support/compare.hpp"
#include "support/data.hpp"

namespace lexigrad::testing {

class Gold {
 public:
  Gold(const std::string& name, nlohmann::json json) : id(name), json_(std::move(json)) {}

  const std::string id;
  const nlohmann::json& settings() const { return json_["params"]; }
  bool has_input(const std::string& name) const { return json_["inputs"].contains(name); }
  Tensor input(const std::string& name) const { return numbers_in("inputs", name); }
  Variable leaf(const std::string& name) const { return Variable(input(name), true); }
  Ids ids(const std::string& name) const {
    const nlohmann::json& t = json_["inputs"][name];
    return Ids(shape_of(t), t["data"].get<std::vector<Index>>());
  }
  Tensor output(const std::string& name) const { return numbers_in("outputs", name); }

  void check_output(const std::string& name, const Tensor& got) const { compare("outputs", name, got); }
  void check_gradient(const std::string& name, const Gradient& got) const {
    BOOST_REQUIRE_MESSAGE(got.defined(), id << ": " << name << " has no gradient");
    compare("grads", name, got.dense());
  }
  /// y [..] against out, and the gradients of its inputs when grad_out goes backward through it.
  void check(const Variable& y, const std::map<std::string, Variable>& inputs) const {
    check_output("out", y.value());
    if (!has_input("grad_out")) return;
    y.backward(input("grad_out"));
    for (const auto& [name, leaf] : inputs) check_gradient(name, leaf.grad());
  }

 private:
  static Shape shape_of(const nlohmann::json& t) {
    const std::vector<Index> dims = t["shape"].get<std::vector<Index>>();
    return Shape(dims.begin(), dims.end());
  }
  static double number_in(const nlohmann::json& v) {
    if (v.is_number()) return v.get<double>();
    const std::string text = v.get<std::string>();
    return text == "nan" ? NAN : text == "inf" ? INFINITY : -INFINITY;
  }
  Tensor numbers_in(const char* part, const std::string& name) const {
    BOOST_REQUIRE_MESSAGE(json_[part].contains(name), id << ": " << part << " has no " << name);
    const nlohmann::json& t = json_[part][name];
    std::vector<double> values;
    for (const nlohmann::json& v : t["data"]) values.push_back(number_in(v));
    return tensor(shape_of(t), values);
  }
  void compare(const char* part, const std::string& name, const Tensor& got) const {
    BOOST_TEST_CONTEXT(id << " " << part << " " << name) {
      const bool exact = sizeof(real) == 8;
      check_close(got, numbers_in(part, name), exact ? 1e-9 : 2e-4, exact ? 1e-11 : 2e-5);
    }
  }

  nlohmann::json json_;
};

/// The cases of an operation in this build's precision; none when the file is absent.
inline std::vector<Gold> gold_cases(const std::string& op) {
  std::vector<Gold> cases;
  const auto path = data_path("gold_nn.json");
  if (!path) return cases;
  static const nlohmann::json all = nlohmann::json::parse(std::ifstream(*path))["cases"];
  for (const nlohmann::json& c : all) {
    if (c["op"] == op && c["dtype"] == (sizeof(real) == 8 ? "float64" : "float32")) cases.emplace_back(c["id"], c);
  }
  BOOST_TEST(!cases.empty(), "gold_nn.json has no case of " << op);
  return cases;
}

}  // namespace lexigrad::testing
