// error.cpp: putting an error's text together.
#include "tensor/error.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

Error::Error(std::string_view op, std::string_view joint, std::vector<Operand> operands, std::string reason)
    : op_(op), operands_(std::move(operands)), joint_(joint), reason_(std::move(reason)) {
  tell();
}

void Error::tell() {
  text_ = op_.empty() ? "" : fmt::format("[{}] ", op_);
  for (const Operand& operand : operands_) {
    text_ += fmt::format("{}{} {}", &operand == operands_.data() ? "" : joint_, operand.name, to_string(operand.shape));
  }
  text_ += operands_.empty() ? reason_ : ": " + reason_;
}

void Error::set_op(std::string_view op) {
  op_ = op;
  tell();
}

void Error::rename_operand(const void* buffer, std::string_view name) {
  for (Operand& operand : operands_) {
    if (buffer != nullptr && operand.buffer == buffer) operand.name = name;
  }
  tell();
}

}  // namespace lexigrad::inline LEXIGRAD_NS
