// support.hpp: a folder that goes with the test, whole files as strings, the smallest tied model, parameters of one's
// own.
#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fmt/core.h>
#include <unistd.h>

#include "nn/embedding.hpp"
#include "nn/tied_head.hpp"
#include "support/compare.hpp"
#include "support/folder.hpp"

namespace lexigrad::testing {

/// An embedding and the head on its table: one parameter under two names.
struct TiedPair {
  static constexpr std::string_view kind = "TiedPair";
  Embedding wte;
  TiedHead head;
  explicit TiedPair(Tensor table) : wte(std::move(table)), head(wte) {}
  static void members(auto& self, auto&& visit) {
    visit("wte", self.wte);
    visit("head", self.head);
  }
};

/// Parameters as an optimizer takes them, called p0, p1, …
inline NamedParameters listed(const std::vector<const Parameter*>& parameters) {
  NamedParameters list;
  for (const Parameter* p : parameters) list.push_back({fmt::format("p{}", list.size()), p->share(), {}});
  return list;
}

inline void give(const Parameter& p, const std::vector<double>& gradient) {
  p.gradient() = Gradient(tensor(p.shape(), gradient));
}

}  // namespace lexigrad::testing
