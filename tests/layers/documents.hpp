// documents.hpp: the Markdown files of the tree, their fenced blocks, and what programs print. Read next: docs.cpp.
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "support/folder.hpp"

namespace documents {

namespace fs = std::filesystem;
inline const fs::path source = LEXIGRAD_SOURCE_DIR;
inline const fs::path programs = LEXIGRAD_PROGRAM_DIR;

inline std::string contents(const fs::path& path) {
  std::ifstream file(path);
  BOOST_REQUIRE_MESSAGE(file.is_open(), path << " cannot be read");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

/// Every Markdown file.
inline std::vector<fs::path> all() {
  std::vector<fs::path> found;
  for (const char* name : {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}) found.push_back(source / name);
  for (const char* folder : {"tensor", "autograd", "nn", "examples", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source / folder)) {
      if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// What stands between two fences.
struct Block {
  std::string language;  ///< behind the opening fence: "cpp", "sh", "text"
  std::string mark;  ///< the comment on the line above, e.g. "from examples/tour/main.cpp"; empty when there is none
  std::string text;
};

/// A document taken apart: its blocks, and what stands outside of them.
struct Document {
  std::vector<Block> blocks;
  std::string prose;

  explicit Document(const std::string& text) {
    const std::regex comment("<!-- (.*) -->");
    std::string above;
    bool inside = false;
    for (const std::string& line : lines_of(text)) {
      if (line.starts_with("```")) {
        std::smatch match;
        if (!inside)
          blocks.push_back({line.substr(3), std::regex_match(above, match, comment) ? match[1].str() : "", ""});
        inside = !inside;
      } else if (inside) {
        blocks.back().text += line + "\n";
      } else {
        prose += line + "\n";
      }
      above = line;
    }
  }
};

/// What a shell command prints, run in a folder of its own; each command is run once.
inline const std::string& output_of(const std::string& command) {
  static std::map<std::string, std::string> outputs;
  const auto known = outputs.find(command);
  if (known != outputs.end()) return known->second;
  const lexigrad::testing::Folder scratch;
  const std::string line = fmt::format("cd '{}' && {}", scratch.path(), command);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(line.c_str(), "r"), ::pclose);
  BOOST_REQUIRE(pipe != nullptr);
  std::string text;
  char part[4096];
  while (const std::size_t count = std::fread(part, 1, sizeof(part), pipe.get())) text.append(part, count);
  return outputs[command] = text;
}

/// The command that runs an example program: "explore out" → "'/…/examples/explore' out".
inline std::string command_for(const std::string& program_and_arguments) {
  const std::size_t end = program_and_arguments.find(' ');
  return fmt::format("'{}'{}", (programs / program_and_arguments.substr(0, end)).string(),
                     end == std::string::npos ? "" : program_and_arguments.substr(end));
}

}  // namespace documents
