// docs.cpp: the documents against the code. Each fenced block is one of these, and is held against what it names:
//
//   <!-- from FILE -->          stands in that file, which is compiled
//   <!-- output of PROGRAM -->  stands in what that example prints
//   <!-- screen of PROGRAM -->  its lines begin like lines that the example prints; numbers and words are one run's
//   ```sh                       commands: see commands.cpp
//   ```text                     a formula or a figure
//
// Links and names of files lead somewhere, and what the README calls short is short. The last case shows each check an
// offence.
#include <fnmatch.h>

#include "layers/documents.hpp"

using namespace documents;

namespace {

// What a line of a screen begins with: up to two blanks that come after some text.
std::string label(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  return begin == std::string::npos ? "" : line.substr(0, line.find("  ", begin));
}

// What is wrong with a block; "" when nothing is.
std::string wrong_block(const Block& block) {
  const std::string what =
      block.mark.substr(block.mark.rfind(" of ") == std::string::npos ? 0 : block.mark.find(" of ") + 4);
  if (block.mark.starts_with("from ")) {
    const std::string file = block.mark.substr(5);
    return contents(source / file).find(block.text) != std::string::npos ? "" : "does not stand in " + file;
  }
  if (block.mark.starts_with("output of ")) {
    const std::string& printed = output_of(command_for(what));
    return printed.find(block.text) != std::string::npos ? "" : what + " prints another text:\n" + printed;
  }
  if (block.mark.starts_with("screen of ")) {
    std::vector<std::string> labels;
    for (const std::string& line : lines_of(output_of(command_for(what)))) labels.push_back(label(line));
    for (const std::string& line : lines_of(block.text)) {
      if (std::find(labels.begin(), labels.end(), label(line)) == labels.end()) {
        return fmt::format("no line of {} begins with \"{}\"", what, label(line));
      }
    }
    return "";
  }
  if (block.language == "sh" || block.language == "text") return "";
  return fmt::format("```{} has no mark that says where it is from", block.language);
}

bool is_there(const fs::path& path) {
  if (path.string().find('*') == std::string::npos) return fs::exists(path);
  if (!fs::is_directory(path.parent_path())) return false;
  const auto fits = [&](const auto& entry) { return ::fnmatch(path.c_str(), entry.path().c_str(), FNM_PATHNAME) == 0; };
  return std::any_of(fs::directory_iterator(path.parent_path()), fs::directory_iterator(), fits);
}

// Names between backticks that look like files of this tree are: as paths from the document's folder, the root,
// examples/ or tests/. What a program writes (`vectors.txt`, `build/…`) is not looked for.
std::string wrong_name(const std::string& name, const fs::path& folder) {
  const std::vector<fs::path> roots = {folder, source, source / "examples", source / "tests"};
  const std::string extension = fs::path(name).extension().string();
  bool ours = false;
  for (const char* e : {".cpp", ".hpp", ".md", ".py", ".sh", ".build"}) ours = ours || extension == e;
  if (name.find('/') != std::string::npos) {
    const std::string top = name.substr(0, name.find('/'));
    ours =
        ours || std::any_of(roots.begin(), roots.end(), [&](const fs::path& r) { return fs::is_directory(r / top); });
    ours = ours && !top.empty();
  }
  if (!ours || std::any_of(roots.begin(), roots.end(), [&](const fs::path& r) { return is_there(r / name); }))
    return "";
  return name + " does not exist";
}

// Files that the section "Read these first" lists, as rows `| N | `file` | minutes | … |`; what is wrong with the list.
std::string wrong_reading_list(const std::string& readme) {
  const std::size_t begin = readme.find("\n## Read these first");
  if (begin == std::string::npos) return "there is no section \"Read these first\"";
  const std::string list = readme.substr(begin + 1, readme.find("\n## ", begin + 1) - begin);
  const std::regex row("\\| *[0-9]+ *\\| *`([^`]+)` *\\| *[0-9]+ *\\|.*");
  int files = 0;
  std::ptrdiff_t lines = 0;
  for (const std::string& line : lines_of(list)) {
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    ++files;
    if (!fs::is_regular_file(source / match[1].str())) return match[1].str() + " does not exist";
    const std::string text = contents(source / match[1].str());
    lines += std::count(text.begin(), text.end(), '\n');
  }
  BOOST_TEST_MESSAGE("to be read first: " << files << " files, " << lines << " lines");
  if (files < 5 || files > 8) return fmt::format("{} files", files);
  return lines <= 1200 ? "" : fmt::format("{} lines", lines);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(docs)

BOOST_AUTO_TEST_CASE(blocks_are_what_the_code_says) {
  std::map<std::string, int> seen;
  for (const fs::path& path : all()) {
    for (const Block& block : Document(contents(path)).blocks) {
      ++seen[block.mark.empty() ? block.language : block.mark.substr(0, block.mark.find(' '))];
      const std::string wrong = wrong_block(block);
      BOOST_CHECK_MESSAGE(wrong.empty(), path << ": a block is wrong: " << wrong << "\nthe block:\n" << block.text);
    }
  }
  for (const char* kind : {"from", "output", "screen", "sh", "text"}) BOOST_TEST(seen[kind] >= 1, kind);
  BOOST_TEST(seen["from"] >= 5);
}

BOOST_AUTO_TEST_CASE(links_and_named_files_exist) {
  const std::regex link("\\]\\(([^)#]+)[^)]*\\)"), name("`([A-Za-z0-9_.*/-]+)`");
  int links = 0, names = 0;
  for (const fs::path& path : all()) {
    const std::string prose = Document(contents(path)).prose;
    for (auto i = std::sregex_iterator(prose.begin(), prose.end(), link); i != std::sregex_iterator(); ++i) {
      const std::string target = (*i)[1];
      if (target.starts_with("http")) continue;
      ++links;
      BOOST_TEST(fs::exists(path.parent_path() / target), path << ": " << target << " does not exist");
    }
    for (auto i = std::sregex_iterator(prose.begin(), prose.end(), name); i != std::sregex_iterator(); ++i) {
      ++names;
      const std::string wrong = wrong_name((*i)[1], path.parent_path());
      BOOST_CHECK_MESSAGE(wrong.empty(), path << ": " << wrong);
    }
  }
  BOOST_TEST(links >= 5);
  BOOST_TEST(names >= 50);
}

BOOST_AUTO_TEST_CASE(what_to_read_first_is_short) {
  BOOST_TEST(wrong_reading_list(contents(source / "README.md")) == "");
}

BOOST_AUTO_TEST_CASE(the_checks_see_an_offence) {
  const auto wrong = [](const std::string& text) { return wrong_block(Document(text).blocks.at(0)); };
  const std::string code = "struct Silu {  // y = x · σ(x)\n```\n";
  BOOST_TEST(wrong("<!-- from examples/tour/main.cpp -->\n```cpp\n" + code) == "");
  BOOST_TEST(wrong("<!-- from examples/explore/main.cpp -->\n```cpp\n" + code) != "");
  BOOST_TEST(wrong("<!-- from examples/tour/main.cpp -->\n\n```cpp\n" + code) != "");  // the mark stands apart
  BOOST_TEST(wrong("```cpp\nint x;\n```\n") != "");
  BOOST_TEST(wrong("<!-- see above -->\n```cpp\nint x;\n```\n") != "");
  BOOST_TEST(wrong("```\nx\n```\n") != "");
  BOOST_TEST(wrong("<!-- output of tour -->\n```text\nafter 4 comes 5\n```\n") == "");
  BOOST_TEST(wrong("<!-- output of tour -->\n```text\nafter 4 comes 6\n```\n") != "");
  BOOST_TEST(wrong("<!-- screen of tour -->\n```text\nafter 4 comes 5\n  wte       anything\n```\n") == "");
  BOOST_TEST(wrong("<!-- screen of tour -->\n```text\n  wpe       anything\n```\n") != "");

  BOOST_TEST(wrong_name("tensor/tensor.hpp", source) == "");
  BOOST_TEST(wrong_name("tensor.hpp", source / "tensor") == "");
  BOOST_TEST(wrong_name("tensor/*.cpp", source) == "");
  BOOST_TEST(wrong_name("vectors/axis.*", source) == "");
  BOOST_TEST(wrong_name("out/map.svg", source) == "");
  BOOST_TEST(wrong_name("tensor.hpp", source / "nn") != "");
  BOOST_TEST(wrong_name("tensor/tensors.hpp", source) != "");
  BOOST_TEST(wrong_name("tensor/kernel/", source) != "");
  BOOST_TEST(wrong_name("tensor/*.rs", source) != "");

  std::string list = "# x\n\n## Read these first\n\n";
  for (const char* file : {"README.md", "LICENSE", "meson.build", "CHANGELOG.md"})
    list += fmt::format("| 1 | `{}` | 5 | x |\n", file);
  BOOST_TEST(wrong_reading_list(list) == "4 files");
  BOOST_TEST(wrong_reading_list(list + "| 5 | `quickstart.sh` | 5 | x |\n") == "");
  BOOST_TEST(wrong_reading_list(list + "| 5 | `quickstarts.sh` | 5 | x |\n") == "quickstarts.sh does not exist");
  BOOST_TEST(wrong_reading_list(list + "| 5 | `examples/data/corpus.txt` | 5 | x |\n").ends_with(" lines"));
  BOOST_TEST(wrong_reading_list("# x\n") != "");
}

BOOST_AUTO_TEST_SUITE_END()
