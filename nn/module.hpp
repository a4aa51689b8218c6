// module.hpp: a module is a plain struct that lists its members once; everything else is a walk over that list.
//
//   struct Gated {
//     static constexpr std::string_view kind = "Gated";
//     Linear gate, up, down;
//     static void members(auto& self, auto&& visit) {
//       visit("gate", self.gate); visit("up", self.up); visit("down", self.down);
//     }
//   };
//
// A member may be a Parameter, a module, a range of modules (std::vector, std::array) or a std::optional of one;
// anything else does not compile. There is no base class and no registration that could go stale. A parameter that was
// forgotten in the list is found: backward() throws when it reaches an unnamed one while others are named.
// Read next: embedding.hpp, transformer.hpp.
#pragma once
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "nn/parameter.hpp"
#include "tensor/ops.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

namespace detail {
struct AnyVisitor {
  void operator()(std::string_view, auto&) const {}
};
}  // namespace detail

/// A struct with a static `kind`, its name in print, and a static `members(self, visit)` that calls visit(name, member)
/// for each of its members.
template <class M>
concept Module = requires(M& m) {
  { M::kind } -> std::convertible_to<std::string_view>;
  M::members(m, detail::AnyVisitor{});
};

/// One parameter of a model: its first name, a handle, and the other names of a tie.
struct NamedParameter {
  std::string name;               ///< "blocks.0.attn.qkv.weight": the path through members()
  Parameter parameter;            ///< a second handle, see Parameter::share()
  std::vector<std::string> ties;  ///< the other paths that lead to it
};
/// All parameters of a model, each once.
using NamedParameters = std::vector<NamedParameter>;

namespace detail {

void add_named(NamedParameters& list, const std::string& name, const Parameter& parameter);
std::string joined(const std::string& prefix, std::string_view name);

void walk_member(const std::string& name, auto& member, const auto& on_parameter, const auto& on_module) {
  using Plain = std::remove_cvref_t<decltype(member)>;
  if constexpr (std::same_as<Plain, Parameter>) {
    on_parameter(name, member);
  } else if constexpr (Module<Plain>) {
    on_module(name, member);
    Plain::members(member, [&](std::string_view part, auto& inner) {
      walk_member(joined(name, part), inner, on_parameter, on_module);
    });
  } else if constexpr (std::ranges::range<Plain>) {
    std::size_t i = 0;
    for (auto& element : member) walk_member(joined(name, std::to_string(i++)), element, on_parameter, on_module);
  } else if constexpr (requires { member.has_value(); }) {
    if (member.has_value()) walk_member(name, *member, on_parameter, on_module);
  } else {
    static_assert(Module<Plain>, "members() may list parameters, modules, and vectors, arrays or optionals of modules");
  }
}

}  // namespace detail

/// Calls on_parameter(name, parameter) for every parameter below `module` and on_module(name, m) for every module,
/// itself included under the name "", depth first in the order of members(). Tied parameters come once for each name.
template <Module M, class OnParameter, class OnModule = detail::AnyVisitor>
void walk(M& module, const OnParameter& on_parameter, const OnModule& on_module = {}) {
  detail::walk_member(std::string(), module, on_parameter, on_module);
}

/// Every parameter of the model once, in order of members(), and gives each its name (for errors, files, optimizers).
/// Throws ValueError when two have the same.
NamedParameters named_parameters(Module auto& module) {
  NamedParameters list;
  walk(module, [&](const std::string& name, auto& parameter) { detail::add_named(list, name, parameter); });
  return list;
}

/// Count of numbers in the model, a tied table counted once; `trainable` leaves frozen ones out.
Index count_numbers(const NamedParameters& parameters, bool trainable = false);
/// The same for a module.
Index parameter_count(Module auto& module, bool trainable = false) {
  return count_numbers(named_parameters(module), trainable);
}

/// No parameter of the model gets a gradient until thaw(). Shared ones are frozen for whoever shares them.
void freeze(Module auto& module) {
  for (NamedParameter& p : named_parameters(module)) p.parameter.freeze();
}
/// All parameters of the model get gradients again.
void thaw(Module auto& module) {
  for (NamedParameter& p : named_parameters(module)) p.parameter.thaw();
}

/// Copies all numbers of one model into another of the same structure. Throws ValueError when names or shapes differ.
void copy_values(const NamedParameters& from, const NamedParameters& to);
/// The same for two modules.
template <Module M>
void copy_values(M& from, M& to) {
  copy_values(named_parameters(from), named_parameters(to));
}

/// Every module below `module` that has a flag `training`, and what it was.
using TrainingFlags = std::vector<std::pair<bool*, bool>>;
/// The flags of a model. They point into it, so it must not move while they are used.
TrainingFlags training_flags(Module auto& module) {
  TrainingFlags flags;
  walk(module, detail::AnyVisitor{}, [&](const std::string&, auto& m) {
    if constexpr (requires { m.training = true; }) flags.emplace_back(&m.training, m.training);
  });
  return flags;
}

/// Train mode: what drops, drops. Independent of what is frozen and of what is recorded.
void train(Module auto& module) {
  for (auto& [flag, was] : training_flags(module)) *flag = true;
}
/// Eval mode: nothing is dropped.
void eval(Module auto& module) {
  for (auto& [flag, was] : training_flags(module)) *flag = false;
}

/// eval() until the scope ends; then every module is as it was. The model must not move meanwhile.
class EvalScope {
 public:
  /// Remembers the flags and sets them all to false.
  explicit EvalScope(Module auto& module) : flags_(training_flags(module)) { eval(module); }
  ~EvalScope() {
    for (auto& [flag, was] : flags_) *flag = was;
  }
  EvalScope(const EvalScope&) = delete;
  EvalScope& operator=(const EvalScope&) = delete;

 private:
  TrainingFlags flags_;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
