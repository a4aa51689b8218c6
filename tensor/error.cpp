// error.cpp: putting an error's text together.
#include "tensor/error.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

const char* Error::what() const noexcept {
  if (!text_.empty()) return text_.c_str();
  try {
    std::string text;
    if (!op_.empty()) text = fmt::format("[{}] ", op_);
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      if (i > 0) text += joint_;
      text += fmt::format("{} {}", operands_[i].name, to_string(operands_[i].shape));
    }
    text_ = fmt::format("{}{}{}", text, operands_.empty() ? "" : ": ", reason_);
  } catch (...) {
    return reason_.c_str();  // out of memory while telling of an error: the bare reason is better than nothing
  }
  return text_.c_str();
}

void Error::set_op(std::string_view op) {
  op_ = op;
  text_.clear();
}

void Error::rename_operand(const void* buffer, std::string_view name) {
  if (buffer == nullptr) return;
  for (Operand& operand : operands_) {
    if (operand.buffer == buffer) operand.name = name;
  }
  text_.clear();
}

}  // namespace lexigrad::inline LEXIGRAD_NS
