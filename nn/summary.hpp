// summary.hpp: fmt::print("{}", model): the tree of modules with shapes and counts, ties said.
#pragma once
#include <string>

#include <fmt/format.h>

#include "nn/module.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// One line of the tree: a module, or one of its parameters.
struct SummaryLine {
  std::string name;     ///< "blocks.0.attn"
  std::string kind;     ///< of a module; empty for a parameter
  Shape shape;          ///< of a parameter
  bool tied = false;    ///< a parameter under its second name
  bool frozen = false;  ///< a parameter that gets no gradient
};

/// The tree as text, without a newline at the end.
std::string summary_text(const std::vector<SummaryLine>& lines, const NamedParameters& parameters);

/// A module as a tree: names, kinds, shapes, counts, and which parameters are tied or frozen.
template <Module M>
std::string summary(const M& module) {
  M& walked = const_cast<M&>(module);  // members() lists the same members of a const module; names are set, no numbers
  const NamedParameters parameters = named_parameters(walked);
  std::vector<SummaryLine> lines;
  walk(
      walked,
      [&](const std::string& name, auto& p) {
        lines.push_back({name, "", p.shape(), p.name() != name, p.frozen()});
      },
      [&](const std::string& name, auto& m) {
        lines.push_back({name, std::string(std::remove_cvref_t<decltype(m)>::kind), {}, false, false});
      });
  return summary_text(lines, parameters);
}

}  // namespace lexigrad::inline LEXIGRAD_NS

/// @cond  fmt's side of it
template <lexigrad::Module M>
struct fmt::formatter<M> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <class Context>
  auto format(const M& module, Context& context) const {
    return fmt::format_to(context.out(), "{}", lexigrad::summary(module));
  }
};
/// @endcond
