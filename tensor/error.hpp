// error.hpp: the errors of the library and the one grammar of their texts:
//
//   [matmul] x [8, 64, 128] @ blocks.3.qkv.weight [96, 384]: inner dimensions 128 and 96 differ
//    op      operand               operand                   reason
//
// The function that finds the fault knows the op, the shapes and the reason; only autograd's apply() knows what the
// operands are called. So an Error carries the parts, and its text is put together again when one of them changes.
// Read next: tensor.hpp.
#pragma once
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "tensor/shape.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// One operand as an error names it. `buffer` is only compared, never read: apply() finds a slot's name by it.
struct Operand {
  std::string name;              ///< as the function calls it, or as its slot does: "blocks.3.qkv.weight"
  Shape shape;                   ///< printed behind the name
  const void* buffer = nullptr;  ///< Tensor::buffer()
};

/// Base of all errors thrown by the library. what() gives `[op] operands: reason`.
class Error : public std::exception {
 public:
  /// Without an op: the text is the reason alone.
  explicit Error(std::string reason) : Error("", std::move(reason)) {}
  /// Without operands: `[op] reason`.
  Error(std::string_view op, std::string reason) : Error(op, {}, std::move(reason)) {}
  Error(std::string_view op, std::vector<Operand> operands, std::string reason)
      : Error(op, ", ", std::move(operands), std::move(reason)) {}
  /// `joint` stands between the operands in the text, e.g. " @ " for a matrix product.
  Error(std::string_view op, std::string_view joint, std::vector<Operand> operands, std::string reason);

  /// Reasons that are put together: `Error(op, operands, "{} rows", count)`.
  template <class... Parts>
  Error(std::string_view op, fmt::format_string<Parts...> reason, Parts&&... parts)
      : Error(op, fmt::format(reason, std::forward<Parts>(parts)...)) {}
  template <class... Parts>
  Error(std::string_view op, std::vector<Operand> operands, fmt::format_string<Parts...> reason, Parts&&... parts)
      : Error(op, ", ", std::move(operands), fmt::format(reason, std::forward<Parts>(parts)...)) {}

  const char* what() const noexcept override { return text_.c_str(); }  ///< the whole text

  const std::string& op() const { return op_; }                       ///< "matmul"; may be empty
  const std::string& reason() const { return reason_; }               ///< what stands behind the colon
  const std::vector<Operand>& operands() const { return operands_; }  ///< may be none

  /// For apply(): the op as the user called it, in place of the tensor function under it.
  void set_op(std::string_view op);
  /// For apply(): gives the operand with this buffer the name of its slot.
  void rename_operand(const void* buffer, std::string_view name);

 private:
  void tell();  // puts text_ together

  std::string op_;
  std::vector<Operand> operands_;
  std::string joint_, reason_, text_;
};

/// Shapes that do not fit each other or the function.
struct ShapeError : Error {
  using Error::Error;
};
/// A token id, class, row or axis outside its range.
struct IndexError : Error {
  using Error::Error;
};
/// An option or number that makes no sense (lr NaN, dropout 1.5, 3 heads on width 10).
struct ValueError : Error {
  using Error::Error;
};
/// Something used at the wrong time: backward on a freed graph, a saved buffer written to.
struct StateError : Error {
  using Error::Error;
};
/// A loss, a value or a gradient that is infinite or NaN.
struct NonFiniteError : Error {
  using Error::Error;
};
/// A file that cannot be read, written or understood.
struct FileError : Error {
  using Error::Error;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
