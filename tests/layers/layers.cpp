// layers.cpp: reads the tree and holds it against its map: tensor <- autograd <- nn <- examples, and who may know what.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

const fs::path root = LEXIGRAD_SOURCE_DIR;
const Lines layer_order = {"tensor", "autograd", "nn", "examples", "tests"};  // each may include those before it

bool starts(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

bool is_source(const std::string& path) { return path.ends_with(".cpp") || path.ends_with(".hpp"); }

// Paths of all C++ files below a folder of the tree, relative to the root, sorted.
Lines sources(const std::string& folder) {
  Lines paths;
  if (!fs::exists(root / folder)) return paths;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const std::string path = fs::relative(entry.path(), root).generic_string();
    if (entry.is_regular_file() && is_source(path)) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Lines read_lines(const std::string& path) {
  std::ifstream file(root / path);
  Lines lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

struct Include {
  std::string what;
  bool quoted = false;
};

std::vector<Include> includes_of(const Lines& lines) {
  std::vector<Include> found;
  for (const std::string& line : lines) {
    std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string::npos || line[at] != '#') continue;
    at = line.find_first_not_of(" \t", at + 1);
    if (at == std::string::npos || line.compare(at, 7, "include") != 0) continue;
    const std::size_t open = line.find_first_of("\"<", at + 7);
    if (open == std::string::npos) continue;
    const std::size_t close = line.find_first_of("\">", open + 1);
    found.push_back({line.substr(open + 1, close - open - 1), line[open] == '"'});
  }
  return found;
}

// The layer a path begins with: its place in `layer_order`; -1 for another.
int layer_of(const std::string& path) {
  const auto place = std::find(layer_order.begin(), layer_order.end(), path.substr(0, path.find('/')));
  return place == layer_order.end() ? -1 : static_cast<int>(place - layer_order.begin());
}

bool in_folder(const std::string& path, const std::string& folder) {
  return starts(path, folder) && path.find('/', folder.size()) == std::string::npos;
}

// What is wrong with one include of the file at `path`; "" when nothing is.
std::string wrong_include(const std::string& path, const Include& include) {
  const std::string& what = include.what;
  const int own = layer_of(path), other = layer_of(what);
  const bool in_tests = starts(path, "tests/"), in_examples = starts(path, "examples/");
  if (other > own) return "a layer above its own";
  if (starts(what, "tensor/kernels/") && !in_tests && !starts(path, "tensor/kernels/") &&
      !(in_folder(path, "tensor/") && path.ends_with(".cpp"))) {
    return "kernels are for tensor/*.cpp only";
  }
  if (starts(path, "tensor/kernels/") && include.quoted && !starts(what, "tensor/")) return "kernels know tensor/ only";
  if (what == "omp.h" && !starts(path, "tensor/parallel.")) return "OpenMP is for tensor/parallel.* only";
  if (starts(what, "boost/") && !in_tests) return "Boost is for tests only";
  if (starts(what, "CLI/") && !in_examples && !starts(path, "tests/bench/")) return "CLI11 is for programs only";
  if (starts(what, "nlohmann/") && !in_tests && !in_examples && !(in_folder(path, "nn/") && path.ends_with(".cpp"))) {
    return "JSON is for nn/*.cpp and examples only";
  }
  if (include.quoted && own >= 0 && own < 3 && other < 0) return "the core includes by path from the root";
  return "";
}

bool uses_openmp(const std::string& line) {
  std::istringstream words(line);
  std::string first, second, third;
  words >> first >> second >> third;
  return (first == "#pragma" && second == "omp") || (first == "#" && second == "pragma" && third == "omp") ||
         line.find("omp_") != std::string::npos || line.find("_Pragma(\"omp") != std::string::npos;
}

// Lines with code: neither blank nor comment only. Block comments are not used in this tree.
std::size_t code_lines(const Lines& lines) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    const std::size_t at = line.find_first_not_of(" \t\r");
    return at != std::string::npos && line.compare(at, 2, "//") != 0;
  }));
}

Lines all_sources() {
  Lines all;
  for (const std::string& layer : layer_order) {
    const Lines paths = sources(layer);
    all.insert(all.end(), paths.begin(), paths.end());
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(the_tree_is_here) {
  for (const std::string& layer : layer_order)
    BOOST_CHECK_MESSAGE(sources(layer).size() >= 5, layer << " has few files");
}

BOOST_AUTO_TEST_CASE(files_include_what_is_below_them) {
  for (const std::string& path : all_sources()) {
    for (const Include& include : includes_of(read_lines(path))) {
      const std::string wrong = wrong_include(path, include);
      BOOST_CHECK_MESSAGE(wrong.empty(), path << " includes " << include.what << ": " << wrong);
    }
  }
}

BOOST_AUTO_TEST_CASE(quoted_includes_exist) {
  for (const std::string& path : all_sources()) {
    for (const Include& include : includes_of(read_lines(path))) {
      if (!include.quoted) continue;
      const bool found = fs::exists(root / include.what) || fs::exists(root / "examples" / include.what) ||
                         fs::exists(root / "tests" / include.what) ||
                         fs::exists((root / path).parent_path() / include.what);
      BOOST_CHECK_MESSAGE(found, path << " includes " << include.what << ", which is not in the tree");
    }
  }
}

BOOST_AUTO_TEST_CASE(openmp_is_known_to_one_file) {
  for (const char* layer : {"tensor", "autograd", "nn", "examples"}) {
    for (const std::string& path : sources(layer)) {
      if (starts(path, "tensor/parallel.")) continue;
      for (const std::string& line : read_lines(path)) {
        const bool comment = starts(line.substr(std::min(line.size(), line.find_first_not_of(' '))), "//");
        BOOST_CHECK_MESSAGE(comment || !uses_openmp(line), path << ": " << line);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(no_file_is_over_400_lines) {
  for (const std::string& path : all_sources()) {
    const std::size_t count = read_lines(path).size();
    BOOST_CHECK_MESSAGE(count <= 400, path << " has " << count << " lines");
  }
}

// The bounds are a promise to readers: about 6,000 lines are what one reads in a few days. So what is added has to
// replace something, and where code became shorter, the first bound follows.
BOOST_AUTO_TEST_CASE(the_core_does_not_grow_beyond_6590_lines_of_code_nor_its_kernels_beyond_1030) {
  std::size_t core = 0, kernels = 0;
  for (const char* layer : {"tensor", "autograd", "nn"}) {
    for (const std::string& path : sources(layer)) {
      (starts(path, "tensor/kernels/") ? kernels : core) += code_lines(read_lines(path));
    }
  }
  BOOST_TEST_MESSAGE("lines of code in tensor, autograd and nn: " << core << ", and " << kernels << " of kernels");
  BOOST_TEST(core > 1000u);  // else the files were not found
  BOOST_TEST(core + kernels <= 6590u);
  BOOST_TEST(kernels <= 1030u);
}

BOOST_AUTO_TEST_CASE(every_header_says_pragma_once) {
  for (const char* layer : {"tensor", "autograd", "nn", "examples"}) {
    for (const std::string& path : sources(layer)) {
      if (!path.ends_with(".hpp")) continue;
      const Lines lines = read_lines(path);
      BOOST_CHECK_MESSAGE(std::find(lines.begin(), lines.end(), "#pragma once") != lines.end(), path);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_core_header_is_compiled_alone) {
  std::string text;  // what the build files of the core and of this folder list
  for (const char* path :
       {"tensor/meson.build", "autograd/meson.build", "nn/meson.build", "tests/layers/meson.build"}) {
    for (const std::string& line : read_lines(path)) text += line + "\n";
  }
  for (const char* layer : {"tensor", "autograd", "nn"}) {
    for (const std::string& path : sources(layer)) {
      if (!path.ends_with(".hpp") || starts(path, "tensor/kernels/")) continue;
      const std::string name = fs::path(path).filename().string();
      const bool listed =
          text.find("'" + name + "'") != std::string::npos || text.find("/" + path + "'") != std::string::npos;
      BOOST_CHECK_MESSAGE(listed, path << " is neither a public header nor in tests/layers/meson.build");
    }
  }
}

BOOST_AUTO_TEST_CASE(core_headers_need_fmt_and_the_standard_library_only) {
  for (const char* layer : {"tensor", "autograd", "nn"}) {
    for (const std::string& path : sources(layer)) {
      if (!path.ends_with(".hpp") || starts(path, "tensor/kernels/")) continue;
      for (const Include& include : includes_of(read_lines(path))) {
        const bool standard = include.what.find_first_of("/.") == std::string::npos;  // <vector>, not <omp.h>
        const bool compilers = include.what == "emmintrin.h";  // its own, for stores past the caches
        BOOST_CHECK_MESSAGE(include.quoted || standard || compilers || starts(include.what, "fmt/"),
                            path << " includes " << include.what);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_rules_see_an_offence) {
  const auto wrong = [](const std::string& path, const std::string& line) {
    const std::vector<Include> found = includes_of({line});
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    return !wrong_include(path, found[0]).empty();
  };
  BOOST_TEST(wrong("tensor/matmul.cpp", "#include \"autograd/op.hpp\""));
  BOOST_TEST(wrong("autograd/op.hpp", "#include \"nn/module.hpp\""));
  BOOST_TEST(wrong("nn/linear.cpp", "#  include \"examples/cli.hpp\""));
  BOOST_TEST(wrong("tensor/ops.hpp", "#include \"tensor/kernels/kernels.hpp\""));
  BOOST_TEST(wrong("autograd/engine.cpp", "#include \"tensor/kernels/kernels.hpp\""));
  BOOST_TEST(wrong("tensor/reduce.cpp", "#include <omp.h>"));
  BOOST_TEST(wrong("nn/optim.cpp", "#include <boost/test/unit_test.hpp>"));
  BOOST_TEST(wrong("nn/optim.cpp", "#include <CLI/CLI.hpp>"));
  BOOST_TEST(wrong("tests/nn/optim.cpp", "#include <CLI/CLI.hpp>"));
  BOOST_TEST(wrong("nn/checkpoint.hpp", "#include <nlohmann/json.hpp>"));
  BOOST_TEST(wrong("autograd/graph.cpp", "#include <nlohmann/json.hpp>"));
  BOOST_TEST(!wrong("nn/checkpoint.cpp", "#include <nlohmann/json.hpp>"));
  BOOST_TEST(!wrong("tensor/matmul.cpp", "#include \"tensor/kernels/kernels.hpp\""));
  BOOST_TEST(!wrong("tensor/parallel.cpp", "#include <omp.h>"));
  BOOST_TEST(uses_openmp("  #pragma omp parallel for"));
  BOOST_TEST(uses_openmp("  omp_set_num_threads(2);"));
  BOOST_TEST(code_lines({"// a", "", "  int x;  // b", "}"}) == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
