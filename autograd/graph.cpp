// graph.cpp: walking from a variable to its leaves, without recursion, and writing down what is met.
#include "autograd/graph.hpp"

#include <iomanip>
#include <map>
#include <sstream>

#include "autograd/op.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

std::string to_dot(const Variable& y) {
  std::ostringstream text;
  std::map<const Slot*, std::string> names;
  std::vector<Slot*> waiting;
  // The slot's name in the picture; declares it, and lists it for the walk, when it is met first.
  const auto named = [&](Slot& slot) -> std::string {
    const auto [known, fresh] = names.try_emplace(&slot, fmt::format("n{}", names.size()));
    if (!fresh) return known->second;
    waiting.push_back(&slot);
    const std::string leaf = (slot.name.empty() ? "leaf" : slot.name) + " " + to_string(slot.shape);
    const std::string label = slot.maker == nullptr ? leaf : std::string(slot.maker->op());
    text << "  " << known->second << (slot.maker == nullptr ? " [shape=box, label=" : " [label=") << std::quoted(label)
         << "];\n";
    return known->second;
  };
  if (y.requires_grad()) {
    const std::string last = named(*y.slot());
    text << "  y [shape=plaintext];\n  " << last << " -> y [label=\"" << to_string(y.shape()) << "\"];\n";
  }
  while (!waiting.empty()) {
    Slot& slot = *waiting.back();
    waiting.pop_back();
    if (slot.maker == nullptr) continue;
    for (const auto& input : slot.maker->inputs()) {
      if (input == nullptr) continue;
      const std::string from = named(*input), to = named(slot);
      text << "  " << from << " -> " << to << " [label=\"" << to_string(input->shape) << "\"];\n";
    }
  }
  return "digraph recorded {\n  rankdir=BT;\n" + text.str() + "}\n";
}

}  // namespace lexigrad::inline LEXIGRAD_NS
