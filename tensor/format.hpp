// format.hpp: fmt::print("{}", x) for shapes, ids and tensors.
//
// A Tensor prints as nested brackets with 4 digits behind the point ("{:.2}" for two); long axes show three numbers
// at each end. parse() is written out, since inheriting fmt's own warns at -O3 with fmt 9.
#pragma once
#include <fmt/format.h>

#include "tensor/ids.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Nested brackets, `digits` behind the point; axes longer than `most` (and than the six that are shown) are shortened
/// with "…".
std::string to_string(const Tensor& x, int digits = 4, Index most = 10);
/// The same for ids: "[[12, 45, 678]]".
std::string to_string(const Ids& ids, Index most = 16);

}  // namespace lexigrad::inline LEXIGRAD_NS

/// @cond  fmt's side of it
namespace lexigrad::inline LEXIGRAD_NS::detail {
// Of what prints as its to_string() and takes no options.
struct TextFormatter {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  auto format(const auto& value, auto& context) const { return fmt::format_to(context.out(), "{}", to_string(value)); }
};
}  // namespace lexigrad::inline LEXIGRAD_NS::detail

template <>
struct fmt::formatter<lexigrad::Shape> : lexigrad::detail::TextFormatter {};
template <>
struct fmt::formatter<lexigrad::Ids> : lexigrad::detail::TextFormatter {};
template <>
struct fmt::formatter<lexigrad::Tensor> {
  int digits = 4;
  constexpr auto parse(format_parse_context& context) {
    auto at = context.begin();
    if (at != context.end() && *at == '.') {
      digits = 0;
      for (++at; at != context.end() && *at >= '0' && *at <= '9'; ++at) digits = digits * 10 + (*at - '0');
    }
    return at;
  }
  auto format(const lexigrad::Tensor& x, auto& context) const {
    return fmt::format_to(context.out(), "{}", lexigrad::to_string(x, digits));
  }
};
/// @endcond
