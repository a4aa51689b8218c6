// summary.hpp: fmt::print("{}", model): the tree of modules with shapes and counts, ties said.
#pragma once
#include <string>

#include "nn/module.hpp"
#include "tensor/format.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

namespace detail {
std::string module_line(const std::string& name, std::string_view kind);
std::string parameter_line(const std::string& name, const Parameter& p);
std::string totals(const NamedParameters& parameters);
}  // namespace detail

/// A module as a tree: names, kinds, shapes, counts, and which parameters are tied or frozen. No newline at the end.
template <Module M>
std::string summary(const M& module) {
  M& walked = const_cast<M&>(module);  // members() lists the same members of a const module; names are set, no numbers
  const NamedParameters parameters = named_parameters(walked);
  std::string text;
  walk(
      walked, [&](const std::string& name, auto& p) { text += detail::parameter_line(name, p); },
      [&](const std::string& name, auto& m) { text += detail::module_line(name, m.kind); });
  return text + detail::totals(parameters);
}

}  // namespace lexigrad::inline LEXIGRAD_NS

/// @cond  fmt's side of it
template <lexigrad::Module M>
struct fmt::formatter<M> : lexigrad::detail::TextFormatter {
  auto format(const M& module, auto& context) const {
    return fmt::format_to(context.out(), "{}", lexigrad::summary(module));
  }
};
/// @endcond
