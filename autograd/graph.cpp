// graph.cpp: walking from a variable to its leaves, without recursion, and writing down what is met.
#include "autograd/graph.hpp"

#include <map>
#include <vector>

#include <fmt/core.h>

#include "autograd/op.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

class Drawing {
 public:
  // The slot's name in the picture; declares it, and lists it for the walk, when it is met first.
  std::string key(Slot& slot) {
    const auto [known, fresh] = keys_.try_emplace(&slot, fmt::format("n{}", keys_.size()));
    if (!fresh) return known->second;
    waiting.push_back(&slot);
    if (slot.maker != nullptr) {
      text += fmt::format("  {} [label={}];\n", known->second, quoted(slot.maker->op()));
    } else {
      const std::string label = (slot.name.empty() ? "leaf" : slot.name) + " " + to_string(slot.shape);
      text += fmt::format("  {} [shape=box, label={}];\n", known->second, quoted(label));
    }
    return known->second;
  }

  std::string text;
  std::vector<Slot*> waiting;

 private:
  std::map<const Slot*, std::string> keys_;
};

}  // namespace

std::string to_dot(const Variable& y) {
  Drawing drawing;
  if (y.requires_grad()) {
    const std::string last = drawing.key(*y.slot());
    drawing.text += fmt::format("  y [shape=plaintext];\n  {} -> y [label={}];\n", last, quoted(to_string(y.shape())));
  }
  while (!drawing.waiting.empty()) {
    Slot& slot = *drawing.waiting.back();
    drawing.waiting.pop_back();
    if (slot.maker == nullptr) continue;
    for (const auto& input : slot.maker->inputs()) {
      if (input == nullptr) continue;
      const std::string from = drawing.key(*input), to = drawing.key(slot);
      drawing.text += fmt::format("  {} -> {} [label={}];\n", from, to, quoted(to_string(input->shape)));
    }
  }
  return "digraph recorded {\n  rankdir=BT;\n" + drawing.text + "}\n";
}

}  // namespace lexigrad::inline LEXIGRAD_NS
