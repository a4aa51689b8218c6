// commands.cpp: shell blocks of the documents: their programs, files and options exist.
//
// Commands are read, not run: words between blanks, up to a comment. Known are the scripts of this tree, the programs
// in build/, Meson, and a few tools that are taken as they are.
#include <set>

#include "layers/documents.hpp"

using namespace documents;

namespace {

bool stands_in(const std::string& text, const std::string& option) {
  return std::regex_search(text, std::regex(option + "(?![a-z-])"));
}

// Options of an example program, looked for in its --help and in that of the commands among its words.
std::string wrong_options(const std::string& program, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (!word.starts_with("--") || word == "--") continue;
    const std::string option = word.substr(0, word.find('='));
    bool known = stands_in(output_of(command_for(program + " --help 2>&1")), option);
    for (const std::string& command : words) {
      if (known || !std::regex_match(command, std::regex("[a-z]+"))) continue;
      known = stands_in(output_of(command_for(program + " " + command + " --help 2>&1")), option);
    }
    if (!known) return fmt::format("{} has no option {}", program, option);
  }
  return "";
}

// All build files of the tests and of the tree.
const std::string& build_files() {
  static const std::string text = [] {
    std::string all = contents(source / "meson_options.txt");
    for (const auto& entry : fs::recursive_directory_iterator(source / "tests")) {
      if (entry.path().filename() == "meson.build") all += contents(entry.path());
    }
    return all;
  }();
  return text;
}

std::string wrong_meson(const std::vector<std::string>& words) {
  const std::string& help = output_of(fmt::format("meson {} --help", words.empty() ? "" : words[0]));
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string option = words[i].substr(0, words[i].find('='));
    if (option.starts_with("--") && !stands_in(help, option)) return fmt::format("meson has no {}", option);
    if (option.starts_with("-D") &&
        build_files().find(fmt::format("option('{}'", option.substr(2))) == std::string::npos &&
        !std::regex_match(option,
                          std::regex("-D(b_[a-z]+|werror|buildtype|optimization|debug|default_library|cpp_args)"))) {
      return fmt::format("there is no option {}", option);
    }
    if (words[i - 1] == "--suite" && build_files().find(fmt::format("suite: '{}'", words[i])) == std::string::npos) {
      return fmt::format("there is no suite {}", words[i]);
    }
  }
  return "";
}

// A test executable: build/tests/FOLDER/NAME.
std::string wrong_test(const fs::path& program, const std::vector<std::string>& words) {
  const fs::path folder = source / "tests" / program.parent_path().filename();
  const std::string name = program.filename().string();
  if (!fs::exists(folder / "meson.build")) return fmt::format("there is no {}", folder.string());
  if (contents(folder / "meson.build").find(name.substr(0, name.rfind('_'))) == std::string::npos)
    return name + " is not built";
  for (const std::string& word : words) {
    if (word.starts_with("--run_test=") && !fs::exists(folder / (word.substr(11) + ".cpp"))) return "no suite: " + word;
  }
  return "";
}

// What is wrong with one command; "" when nothing is.
std::string wrong_command(const std::string& line) {
  std::vector<std::string> words = words_of(line);
  while (!words.empty() && std::regex_match(words[0], std::regex("[A-Z_]+=.*"))) words.erase(words.begin());
  if (words.empty()) return "";
  const std::string program = words[0];
  words.erase(words.begin());
  std::smatch match;
  if (std::regex_match(program, match, std::regex("build[a-z-]*/examples/([a-z0-9_]+)"))) {
    const std::string name = match[1];
    return fs::exists(programs / name) ? wrong_options(name, words) : "there is no program " + name;
  }
  if (std::regex_match(program, std::regex("build[a-z-]*/tests/.*"))) return wrong_test(program, words);
  if (program == "./quickstart.sh") {
    const auto to_program = std::find(words.begin(), words.end(), "--");
    for (auto word = words.begin(); word != to_program; ++word) {
      if (*word != "test" && *word != "run" && *word != "--help") return "quickstart.sh does not know " + *word;
    }
    const bool tests = std::find(words.begin(), to_program, "test") != to_program;
    return tests ? "" : wrong_options("train_embeddings", {to_program, words.end()});
  }
  if (program == "meson") return wrong_meson(words);
  const std::string script = program == "bash" && !words.empty() ? words[0] : program;
  if (script.find('/') != std::string::npos)
    return fs::is_regular_file(source / script) ? "" : script + " does not exist";
  const std::set<std::string> taken_as_they_are = {"cd", "mkdir", "export", "git", "ninja", "g++", "clang++", "dot"};
  return taken_as_they_are.contains(program) ? "" : "unknown command " + program;
}

// The commands of a block: without comments, parted at && and at the ends of lines.
std::vector<std::string> commands_of(const std::string& block) {
  std::vector<std::string> commands;
  for (std::string line : lines_of(std::regex_replace(block, std::regex("\\\\\n"), " "))) {
    line = line.substr(0, line.starts_with("#") ? 0 : line.find(" #"));
    for (std::size_t at = line.find("&&"); at != std::string::npos; at = line.find("&&")) {
      commands.push_back(line.substr(0, at));
      line = line.substr(at + 2);
    }
    if (!words_of(line).empty()) commands.push_back(line);
  }
  return commands;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(programs_files_and_options_exist) {
  int seen = 0;
  for (const fs::path& path : all()) {
    for (const Block& block : Document(contents(path)).blocks) {
      if (block.language != "sh") continue;
      for (const std::string& command : commands_of(block.text)) {
        ++seen;
        const std::string wrong = wrong_command(command);
        BOOST_CHECK_MESSAGE(wrong.empty(), path << ": `" << command << "`: " << wrong);
      }
    }
  }
  BOOST_TEST(seen >= 10);
}

BOOST_AUTO_TEST_CASE(the_checks_see_an_offence) {
  const auto wrong = [](const std::string& block) {
    std::string all;
    for (const std::string& command : commands_of(block)) all += wrong_command(command);
    return all;
  };
  BOOST_TEST(wrong("# a comment --no-option\n./quickstart.sh -- --seed 2 --show dog,queen   # --no-option\n") == "");
  BOOST_TEST(wrong("./quickstart.sh tests\n") != "");
  BOOST_TEST(wrong("./quickstart.sh -- --seeds 2\n") != "");
  BOOST_TEST(wrong("./quickstarts.sh\n") != "");
  BOOST_TEST(wrong("LEXIGRAD_ISA=baseline build/examples/train_embeddings --steps=50 \\\n  --out mine\n") == "");
  BOOST_TEST(wrong("build/examples/train_embeddings --step 50\n") != "");
  BOOST_TEST(wrong("build/examples/train_embedding\n") != "");
  BOOST_TEST(wrong("build/examples/explore out neighbours cat --count 5\n") == "");
  BOOST_TEST(wrong("build/examples/explore out cosine cat dog --count 5\n") != "");
  BOOST_TEST(wrong("build/tests/tensor/tensor_tests_f32 --run_test=matmul\n") == "");
  BOOST_TEST(wrong("build/tests/tensor/tensor_tests_f32 --run_test=mat\n") != "");
  BOOST_TEST(wrong("build/tests/tensors/tensor_tests_f32\n") != "");
  BOOST_TEST(wrong("meson setup build -Dtests=enabled && meson test -C build --suite autograd\n") == "");
  BOOST_TEST(wrong("meson setup build -Dtest=enabled\n") != "");
  BOOST_TEST(wrong("meson test -C build --suites autograd\n") != "");
  BOOST_TEST(wrong("meson test -C build --suite autograds\n") != "");
  BOOST_TEST(wrong("bash .ci/run\nexamples/data/real_text.sh texts\n") == "");
  BOOST_TEST(wrong("examples/data/real_texts.sh texts\n") != "");
  BOOST_TEST(wrong("frobnicate\n") != "");
}

BOOST_AUTO_TEST_SUITE_END()
