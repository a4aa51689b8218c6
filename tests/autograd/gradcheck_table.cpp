// gradcheck_table.cpp: one row for every differentiable function: its value against a plain reference, its gradient
// against central differences (in the double build), repeated and empty shapes, and that what it saved is freed.
//
// A function of autograd/functions.hpp without a row fails the last case. The rows are in rows_*.cpp.
#include <fstream>
#include <regex>
#include <set>

#include "autograd/gradcheck_rows.hpp"

namespace lexigrad {
namespace {

using namespace testing;

std::vector<Row> table() {
  std::vector<Row> rows;
  for (const auto& part : {arithmetic_rows(), activation_rows(), shape_rows(), reduce_rows(), matrix_rows(),
                           table_rows(), empty_rows(), transformer_rows(), sampling_rows()}) {
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
