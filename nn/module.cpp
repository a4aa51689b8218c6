// module.cpp: what the walks over a model do with its parameters.
#include "nn/module.hpp"

#include <algorithm>

namespace lexigrad::inline LEXIGRAD_NS {
std::string detail::joined(const std::string& prefix, std::string_view name) {
  return prefix.empty() ? std::string(name) : prefix + "." + std::string(name);
}

void detail::add_named(NamedParameters& list, const std::string& name, const Parameter& parameter) {
  for (NamedParameter& p : list) {
    if (p.parameter.is_shared_with(parameter)) return p.ties.push_back(name);
  }
  for (const NamedParameter& p : list) {
    if (p.name != name && std::find(p.ties.begin(), p.ties.end(), name) == p.ties.end()) continue;
    throw ValueError("named_parameters", "two parameters are called " + name);
  }
  parameter.set_name(name);
  list.push_back(NamedParameter{name, parameter.share(), {}});
}

Index count_numbers(const NamedParameters& parameters, bool trainable) {
  Index count = 0;
  for (const NamedParameter& p : parameters) count += trainable && p.parameter.frozen() ? 0 : p.parameter.size();
  return count;
}

void copy_values(const NamedParameters& from, const NamedParameters& to) {
  if (from.size() != to.size()) throw ValueError("copy_values", "{} parameters against {}", from.size(), to.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i].name != to[i].name || !(from[i].parameter.shape() == to[i].parameter.shape())) {
      throw ValueError("copy_values", "{} {} does not match {} {}", from[i].name, to_string(from[i].parameter.shape()),
                       to[i].name, to_string(to[i].parameter.shape()));
    }
  }
  for (std::size_t i = 0; i < from.size(); ++i) to[i].parameter.writable().copy_from(from[i].parameter.value());
}

}  // namespace lexigrad::inline LEXIGRAD_NS
