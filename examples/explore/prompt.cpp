// prompt.cpp: explore without a command: questions line by line.
#include <algorithm>
#include <iostream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "cli.hpp"
#include "explore/commands.hpp"
#include "vectors/neighbours.hpp"

namespace lexigrad::explore {
namespace {

constexpr const char* help =
    "  queen                       the nearest words\n"
    "  king - man + woman          the words nearest to a sum of words\n"
    "  analogy man king woman      man is to king as woman is to ...\n"
    "  cosine cat dog              odd breakfast lunch chair dinner\n"
    "  axis --from man,boy --to woman,girl [WORDS]\n"
    "  evaluate, convert, map and the options of all commands, as on the command line; COMMAND --help tells them\n"
    "  quit";

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

bool is_sum(const std::vector<std::string>& words) {
  for (std::size_t i = 1; i < words.size(); i += 2) {
    if (words[i] != "+" && words[i] != "-") return false;
  }
  return words.size() % 2 == 1;
}

// The unit rows of words added up with their signs; the words themselves are no answers.
void show_sum(const std::vector<std::string>& words, const vectors::WordTable& table, const Screen& screen) {
  vectors::Query query{std::vector<double>(static_cast<std::size_t>(table.dim()), 0.0)};
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const Index row = table.id(words[i]);
    const std::vector<double> unit = table.unit_row(row);
    const double sign = i > 0 && words[i - 1] == "-" ? -1.0 : 1.0;
    for (std::size_t k = 0; k < unit.size(); ++k) query.numbers[k] += sign * unit[k];
    query.excluded.push_back(row);
  }
  const std::vector<vectors::Scored> found = vectors::search(table, {query}, Asked{}.count).front();
  const std::string sum = fmt::format("{}", fmt::join(words, " "));
  screen.head(fmt::format("near {}, by cosine", sum));
  screen.list(table, found);
  screen.object({{"command", "sum"}, {"sum", sum}, {"found", to_json(table, found)}});
}

void answer_line(const std::vector<std::string>& words, const vectors::WordTable& table, const Screen& screen) {
  CLI::App app("", "explore");
  Asked asked;
  declare_commands(app, asked);
  const std::vector<CLI::App*> commands = app.get_subcommands([](const CLI::App*) { return true; });
  if (std::none_of(commands.begin(), commands.end(), [&](const CLI::App* c) { return c->get_name() == words[0]; })) {
    if (is_sum(words)) return show_sum(words, table, screen);
    throw cli::UsageError(
        fmt::format("\"{}\" is neither a command nor a sum of words; help tells what can be asked", words[0]));
  }
  app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the back
  answer(app, asked, table, screen);
}

}  // namespace

int prompt(const vectors::WordTable& table, const Screen& screen) {
  const bool terminal = ::isatty(STDIN_FILENO) == 1 && screen.style() == Style::terminal;
  if (terminal) fmt::print("{} words of {} numbers. A word, king - man + woman, or help.\n", table.size(), table.dim());
  bool failed = false;
  for (std::string line;;) {
    if (terminal) {
      fmt::print("explore> ");
      std::fflush(stdout);
    }
    if (!std::getline(std::cin, line)) break;
    const std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    if (words[0] == "quit" || words[0] == "exit") break;
    try {
      words[0] == "help" || words[0] == "?" ? screen.note(help) : answer_line(words, table, screen);
    } catch (const CLI::CallForHelp&) {
      CLI::App app("", "explore");
      Asked asked;
      declare_commands(app, asked);
      screen.note(app.get_subcommand(words[0])->help());
    } catch (const std::exception& error) {
      fmt::print(stderr, "explore: {}\n", error.what());
      failed = true;
    }
    std::fflush(stdout);
  }
  if (terminal) fmt::print("\n");
  return failed && ::isatty(STDIN_FILENO) == 0 ? 1 : 0;
}

}  // namespace lexigrad::explore
