// commands.cpp: declaring the commands and answering them.
#include "explore/commands.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli.hpp"
#include "nn/printable.hpp"
#include "vectors/axis.hpp"
#include "vectors/formats.hpp"
#include "vectors/neighbours.hpp"
#include "vectors/test_sets.hpp"

namespace lexigrad::explore {
namespace {

using vectors::Scored;
using vectors::WordTable;

void show_neighbours(const Asked& asked, const WordTable& table, const Screen& screen) {
  for (const std::string& word : asked.words) table.id(word);  // all are known before the first is answered
  for (const std::string& word : asked.words) {
    std::vector<Scored> found;
    if (asked.dot) {
      const Index row = table.id(word);
      std::vector<double> numbers = table.unit_row(row);
      for (double& x : numbers) x *= table.length(row);
      found = vectors::search(table, {{numbers, {row}}}, asked.count, vectors::Similarity::dot).front();
    } else {
      found = vectors::neighbours(table, word, asked.count);
    }
    screen.head(fmt::format("near {}, by {}", word, asked.dot ? "dot product" : "cosine"));
    screen.list(table, found, asked.dot && !found.empty() ? found[0].score : 1.0);
    screen.object({{"command", "neighbours"},
                   {"word", word},
                   {"by", asked.dot ? "dot" : "cosine"},
                   {"found", to_json(table, found)}});
  }
}

void show_analogy(const Asked& o, const WordTable& table, const Screen& screen) {
  const auto ask = o.multiply ? &vectors::analogy_by_product : &vectors::analogy;
  const auto found = ask(table, o.a, o.b, o.c, o.count, false);
  const auto first = ask(table, o.a, o.b, o.c, 1, true);
  const std::string formula =
      o.multiply ? fmt::format("{} · {} / {}", o.b, o.c, o.a) : fmt::format("{} - {} + {}", o.b, o.a, o.c);
  screen.head(fmt::format("{} is to {} as {} is to ...   ({}, query words left out)", o.a, o.b, o.c, formula));
  screen.list(table, found);
  Json object = {{"command", "analogy"},
                 {"a", o.a},
                 {"b", o.b},
                 {"c", o.c},
                 {"method", o.multiply ? "3CosMul" : "3CosAdd"},
                 {"found", to_json(table, found)}};
  if (!first.empty()) {
    screen.note(fmt::format("first with the query words: {}  {:+.4f}",
                            printable(table.words[static_cast<std::size_t>(first[0].id)]), first[0].score));
    object["first_with_query_words"] = to_json(table, first)[0];
  }
  screen.object(object);
}

void show_cosine(const Asked& asked, const WordTable& table, const Screen& screen) {
  const double cosine = vectors::cosine(table, asked.a, asked.b);
  screen.note(fmt::format("cosine of {} and {}: {:+.4f}", asked.a, asked.b, cosine));
  screen.object({{"command", "cosine"}, {"a", asked.a}, {"b", asked.b}, {"cosine", cosine}});
}

void show_odd(const Asked& asked, const WordTable& table, const Screen& screen) {
  cli::require(asked.words.size() >= 3, "odd: expected three words or more");
  const std::vector<Scored> found = vectors::odd_one_out(table, asked.words);
  const std::string& odd = table.words[static_cast<std::size_t>(found[0].id)];
  screen.head(fmt::format("{} does not belong   (cosines with the mean of all)", odd));
  screen.list(table, found);
  screen.object({{"command", "odd"}, {"odd", odd}, {"found", to_json(table, found)}});
}

void show_axis(const Asked& asked, const WordTable& table, const Screen& screen) {
  const vectors::Axis axis = vectors::make_axis(table, asked.to, asked.from);
  Json object = {{"command", "axis"}, {"from", asked.from}, {"to", asked.to}};
  const std::string name = fmt::format("from {} to {}", fmt::join(asked.from, ", "), fmt::join(asked.to, ", "));
  if (!asked.words.empty()) {
    std::vector<Scored> found;
    for (const std::string& word : asked.words) found.push_back({table.id(word), vectors::project(table, axis, word)});
    std::stable_sort(found.begin(), found.end(), [](const Scored& x, const Scored& y) { return x.score < y.score; });
    screen.head(name + ", in that order");
    screen.list(table, found, 0.5);
    object["found"] = to_json(table, found);
  } else {
    const vectors::Extremes ends = vectors::extremes(table, axis, asked.count);
    screen.head(fmt::format("{}: the words furthest to the end of {}", name, asked.from[0]));
    screen.list(table, ends.negative, 0.5);
    screen.head(fmt::format("and to the end of {}", asked.to[0]));
    screen.list(table, ends.positive, 0.5);
    object["from_end"] = to_json(table, ends.negative);
    object["to_end"] = to_json(table, ends.positive);
  }
  screen.object(object);
}

Json to_json(const vectors::SectionResult& r) {
  return {{"section", r.name}, {"right", r.right}, {"asked", r.asked}, {"skipped", r.skipped}, {"accuracy", r.share()}};
}

void show_questions(const std::string& path, const Asked& asked, const WordTable& table, const Screen& screen) {
  const auto method = asked.multiply ? vectors::AnalogyMethod::multiply : vectors::AnalogyMethod::add;
  std::vector<vectors::SectionResult> results = vectors::ask(table, vectors::read_questions(path), method);
  results.push_back(vectors::total(results));
  screen.head(fmt::format("{}, {}: the nearest word is the answer", path, asked.multiply ? "3CosMul" : "3CosAdd"));
  Json sections = Json::array();
  for (const vectors::SectionResult& r : results) {
    screen.note(fmt::format("  {:<30} {:>5.1f} %  {:>6} of {:<6}{}", r.name, 100.0 * r.share(), r.right, r.asked,
                            r.skipped > 0 ? fmt::format(" {} left out, a word is unknown", r.skipped) : ""));
    sections.push_back(to_json(r));
  }
  screen.object({{"command", "evaluate"},
                 {"questions", path},
                 {"method", asked.multiply ? "3CosMul" : "3CosAdd"},
                 {"sections", sections}});
}

void evaluate(const Asked& asked, const WordTable& table, const Screen& screen) {
  cli::require(!asked.questions.empty() || !asked.similarity.empty(),
               "evaluate: expected --questions or --similarity with a file");
  for (const std::string& path : asked.questions) show_questions(path, asked, table, screen);
  if (!asked.similarity.empty()) screen.head("Spearman's rho of cosines and people's scores");
  for (const std::string& path : asked.similarity) {
    const vectors::SimilarityResult r = vectors::compare(table, vectors::read_similarities(path));
    screen.note(fmt::format("  {:<40} {:>6.3f}  over {} of {} pairs", path, r.spearman, r.known, r.pairs));
    screen.object({{"command", "evaluate"},
                   {"similarity", path},
                   {"spearman", r.spearman},
                   {"known", r.known},
                   {"pairs", r.pairs}});
  }
}

void convert(const Asked& asked, const WordTable& table, const Screen& screen) {
  vectors::save_table(asked.out, table);
  screen.note(fmt::format("written: {}, {} words of {} numbers", asked.out, table.size(), table.dim()));
  screen.object({{"command", "convert"}, {"out", asked.out}, {"words", table.size()}, {"dim", table.dim()}});
}

void declare_count(CLI::App* command, Asked& asked) {
  command->add_option("--count", asked.count, "Most answers to print")
      ->check(CLI::Range(0, 1000000000))
      ->capture_default_str();
}

void declare_multiply(CLI::App* command, Asked& asked) {
  command->add_flag("--multiply", asked.multiply, "3CosMul: multiply cosines (default: 3CosAdd, add vectors)");
}

void declare_map(CLI::App& app, MapCommand& map) {
  CLI::App* command =
      app.add_subcommand("map", "One HTML file with all words on a plane, to be looked at in a browser");
  command->add_option("--out", map.out, "The file")->capture_default_str();
  command->add_option("--before", map.before, "A table to compare with, untrained say (default: none)");
  command->add_option("--max-words", map.words, "Most words, the first of the table")
      ->check(CLI::Range(2, 200000))
      ->capture_default_str();
  command->add_option("--groups", map.groups, "Groups that are coloured")
      ->check(CLI::Range(1, 24))
      ->capture_default_str();
  command->add_option("--title", map.title, "What stands above it (default: the name of the table)");
  command->add_option("--svg", map.svg, "A still picture of the commonest words, too, into this file");
  command->add_option("--tsv", map.tsv, "NAME.vectors.tsv and NAME.words.tsv, too, for the TensorBoard projector");
}

}  // namespace

void declare_commands(CLI::App& app, Asked& asked) {
  CLI::App* neighbours = app.add_subcommand("neighbours", "The words nearest to each word given");
  neighbours->add_option("words", asked.words, "The words")->required();
  neighbours->add_flag("--dot", asked.dot, "By dot product, where long vectors come first (default: by cosine)");
  declare_count(neighbours, asked);
  CLI::App* analogy = app.add_subcommand("analogy", "a is to b as c is to ...: the words nearest to b - a + c");
  analogy->add_option("a", asked.a, "The first word")->required();
  analogy->add_option("b", asked.b, "What it leads to")->required();
  analogy->add_option("c", asked.c, "The word asked about")->required();
  declare_count(analogy, asked);
  declare_multiply(analogy, asked);
  CLI::App* cosine = app.add_subcommand("cosine", "The cosine of two words, from -1 to 1");
  cosine->add_option("a", asked.a, "One word")->required();
  cosine->add_option("b", asked.b, "The other word")->required();
  CLI::App* odd = app.add_subcommand("odd", "Which of three words or more does not belong");
  odd->add_option("words", asked.words, "The words")->required();
  CLI::App* axis = app.add_subcommand("axis", "A direction between two sets of words, and what lies at its ends");
  axis->add_option("--from", asked.from, "Words at one end, with commas between")->delimiter(',')->required();
  axis->add_option("--to", asked.to, "Words at the other end")->delimiter(',')->required();
  axis->add_option("words", asked.words, "Words to be placed along it (default: the outermost of the table)");
  declare_count(axis, asked);
  CLI::App* evaluation = app.add_subcommand("evaluate", "Test sets: analogies by section, similarities");
  evaluation->add_option("--questions", asked.questions,
                         "Files of analogies, four words a line, sections after colons");
  evaluation->add_option("--similarity", asked.similarity, "Files of pairs of words with people's scores");
  declare_multiply(evaluation, asked);
  CLI::App* conversion = app.add_subcommand("convert", "Writes the table in another format, told by the name's ending");
  conversion->add_option("out", asked.out, "NAME.txt, .bin, .npy or .safetensors; .txt.gz and .bin.gz")->required();
  declare_map(app, asked.map);
}

bool answer(const CLI::App& app, const Asked& asked, const WordTable& table, const Screen& screen) {
  const auto is = [&](const char* name) { return app.got_subcommand(name); };
  if (is("neighbours")) return show_neighbours(asked, table, screen), true;
  if (is("analogy")) return show_analogy(asked, table, screen), true;
  if (is("cosine")) return show_cosine(asked, table, screen), true;
  if (is("odd")) return show_odd(asked, table, screen), true;
  if (is("axis")) return show_axis(asked, table, screen), true;
  if (is("evaluate")) return evaluate(asked, table, screen), true;
  if (is("convert")) return convert(asked, table, screen), true;
  if (is("map")) return make_map(asked.map, table, screen), true;
  return false;
}

}  // namespace lexigrad::explore
