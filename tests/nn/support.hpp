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

namespace lexigrad::testing {

class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / fmt::format("lexigrad-{}-{}", name, ::getpid())) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  Index count() const { return static_cast<Index>(std::distance(std::filesystem::directory_iterator(path_), {})); }

 private:
  std::filesystem::path path_;
};

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

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
