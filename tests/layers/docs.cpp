// docs.cpp: the documents against the code. A block of code in a README under <!-- from FILE --> stands in that file, a
// block of output under <!-- output of PROGRAM --> in what that example prints, and links lead somewhere.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>

#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

namespace {

namespace fs = std::filesystem;
const fs::path source = LEXIGRAD_SOURCE_DIR;
const fs::path programs = LEXIGRAD_PROGRAM_DIR;

std::string contents(const fs::path& path) {
  std::ifstream file(path);
  BOOST_REQUIRE_MESSAGE(file.is_open(), path << " cannot be read");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  BOOST_REQUIRE(pipe != nullptr);
  std::string text;
  char part[4096];
  while (const std::size_t count = std::fread(part, 1, sizeof(part), pipe.get())) text.append(part, count);
  return text;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> found;
  for (const char* name : {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}) found.push_back(source / name);
  for (const char* folder : {"tensor", "autograd", "nn", "examples", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source / folder)) {
      if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
  }
  return found;
}

struct Block {
  std::string mark, text;  // the comment above, e.g. "from examples/tour/main.cpp", and what stands between the fences
};

std::vector<Block> marked_blocks(const std::string& document) {
  std::vector<Block> blocks;
  const std::regex fenced("<!-- ((?:from|output of) [^>]*?) -->\n```[a-z]*\n([^`]*)```");
  for (auto i = std::sregex_iterator(document.begin(), document.end(), fenced); i != std::sregex_iterator(); ++i) {
    blocks.push_back({(*i)[1], (*i)[2]});
  }
  return blocks;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(docs)

BOOST_AUTO_TEST_CASE(code_in_documents_stands_in_compiled_files) {
  int seen = 0;
  for (const fs::path& document : documents()) {
    for (const Block& block : marked_blocks(contents(document))) {
      if (!block.mark.starts_with("from ")) continue;
      ++seen;
      const std::string file = block.mark.substr(5);
      BOOST_TEST((contents(source / file).find(block.text) != std::string::npos),
                 document << ": a block of code does not stand in " << file << ":\n"
                          << block.text);
    }
  }
  BOOST_TEST(seen >= 3);
}

BOOST_AUTO_TEST_CASE(output_in_documents_is_what_programs_print) {
  int seen = 0;
  for (const fs::path& document : documents()) {
    for (const Block& block : marked_blocks(contents(document))) {
      if (!block.mark.starts_with("output of ")) continue;
      ++seen;
      const std::string program = block.mark.substr(10);
      const std::string printed = output_of(fmt::format("'{}/{}'", programs.string(), program));
      BOOST_TEST((printed.find(block.text) != std::string::npos), document << ": " << program << " does not print\n"
                                                                           << block.text << "but\n"
                                                                           << printed);
    }
  }
  BOOST_TEST(seen >= 1);
}

BOOST_AUTO_TEST_CASE(links_and_named_files_exist) {
  const std::regex link("\\]\\(([^)#]+)\\)");
  int seen = 0;
  for (const fs::path& document : documents()) {
    const std::string text = contents(document);
    for (auto i = std::sregex_iterator(text.begin(), text.end(), link); i != std::sregex_iterator(); ++i) {
      const std::string target = (*i)[1];
      if (target.starts_with("http")) continue;
      ++seen;
      BOOST_TEST(fs::exists(document.parent_path() / target), document << ": " << target << " does not exist");
    }
  }
  BOOST_TEST(seen >= 5);
}

BOOST_AUTO_TEST_CASE(what_to_read_first_is_short) {
  const std::string readme = contents(source / "README.md");
  const std::size_t begin = readme.find("read these first:"), end = readme.find("\n\n", begin);
  BOOST_REQUIRE(begin != std::string::npos);
  const std::string list = readme.substr(begin, end - begin);
  const std::regex name("`([a-z_/]+\\.[a-z]+)`");
  int files = 0;
  std::ptrdiff_t lines = 0;
  for (auto i = std::sregex_iterator(list.begin(), list.end(), name); i != std::sregex_iterator(); ++i) {
    const std::string text = contents(source / (*i)[1].str());
    lines += std::count(text.begin(), text.end(), '\n');
    ++files;
  }
  BOOST_TEST(files > 0);
  BOOST_TEST(files <= 8);
  BOOST_TEST(lines <= 1200);
}

BOOST_AUTO_TEST_SUITE_END()
