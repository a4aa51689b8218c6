// gradcheck_rows.hpp: a row of the gradcheck table, and where the rows are. Read next: gradcheck_table.cpp.
#pragma once
#include <string>
#include <vector>

#include "autograd/functions.hpp"
#include "autograd/gradcheck.hpp"
#include "autograd/plain_references.hpp"

namespace lexigrad::testing {

using Values = std::vector<Variable>;

struct Row {
  std::string function;  // as functions.hpp names it
  std::string what;
  VariableFunction call;
  std::vector<Tensor> inputs;
  Reference reference;  // the value, by other means
};

std::vector<Row> arithmetic_rows();  // rows_elementwise.cpp
std::vector<Row> activation_rows();
std::vector<Row> shape_rows();  // rows_shape.cpp
std::vector<Row> reduce_rows();
std::vector<Row> matrix_rows();  // rows_nn.cpp
std::vector<Row> table_rows();
std::vector<Row> empty_rows();
std::vector<Row> transformer_rows();
std::vector<Row> sampling_rows();  // rows_sampling.cpp

}  // namespace lexigrad::testing
