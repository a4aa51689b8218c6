// commands.hpp: what explore can be asked: the commands, their options, and how each is answered.
//
// The same declarations serve the command line and the lines of the prompt. Read next: commands.cpp, map_command.cpp.
#pragma once
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "explore/answers.hpp"
#include "vectors/table.hpp"

namespace lexigrad::explore {

/// What `map` is told.
struct MapCommand {
  std::string out = "map.html", before, svg, tsv, title;
  Index words = 20000;
  int groups = 12;
};

/// The options of all commands.
struct Asked {
  std::vector<std::string> words;
  std::string a, b, c;
  std::vector<std::string> from, to;
  std::vector<std::string> questions, similarity;
  std::string out;
  Index count = 10;
  bool multiply = false, dot = false;
  MapCommand map;
};

/// Declares every command to `app`.
void declare_commands(CLI::App& app, Asked& asked);
/// Answers the command that `app` has parsed; false when there was none. Throws as vectors/ does.
bool answer(const CLI::App& app, const Asked& asked, const vectors::WordTable& table, const Screen& screen);

/// Answers the lines of standard input until it ends: commands as on the command line, a word, or "king - man + woman".
/// A line that cannot be answered is told on standard error, and the next one is read. Gives the exit code: 1 when the
/// input is no terminal and a line failed.
int prompt(const vectors::WordTable& table, const Screen& screen);

/// map: the page, and the still pictures that were asked for.
void make_map(const MapCommand& asked, const vectors::WordTable& table, const Screen& screen);

}  // namespace lexigrad::explore
