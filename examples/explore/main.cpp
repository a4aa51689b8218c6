// main.cpp of explore: questions to a table of word vectors: neighbours, analogies, cosines.
//
//   explore out neighbours cat king --count 5      out: a folder written by train_embeddings
//   explore glove.txt analogy man king woman       or a file of word vectors (word2vec text, GloVe)
//
// Searching is in vectors/neighbours.hpp, reading in vectors/word2vec_text.hpp.
#include <filesystem>

#include "cli.hpp"
#include "tensor/error.hpp"
#include "vectors/neighbours.hpp"
#include "vectors/word2vec_text.hpp"

namespace lexigrad::explore {
namespace {

struct Options {
  std::string table;
  std::vector<std::string> words;
  std::string a, b, c;
  Index count = 10;
};

vectors::WordTable read_table(const std::string& path) {
  std::string file = path;
  if (std::filesystem::is_directory(path)) {
    file = (std::filesystem::path(path) / "vectors.txt").string();
    if (!std::filesystem::exists(file)) {
      throw FileError("explore", path +
                                     ": this folder has no vectors.txt; expected a folder that train_embeddings "
                                     "wrote (not with --tokenizer char), or a file of word vectors");
    }
  }
  vectors::WordTable table = vectors::read_vectors(file);
  for (const std::string& warning : table.warnings) fmt::print(stderr, "explore: warning: {}\n", warning);
  return table;
}

void print_list(const vectors::WordTable& table, const std::vector<vectors::Scored>& found) {
  int place = 0;
  for (const auto& [id, score] : found) {
    fmt::print("{:>4}  {:<20}  {:+.4f}\n", ++place, table.words[static_cast<std::size_t>(id)], score);
  }
}

void show_neighbours(const vectors::WordTable& table, const Options& o) {
  for (const std::string& word : o.words) table.id(word);  // all are known before the first is answered
  for (const std::string& word : o.words) {
    fmt::print("near {}, by cosine\n", word);
    print_list(table, vectors::neighbours(table, word, o.count));
  }
}

void show_analogy(const vectors::WordTable& table, const Options& o) {
  const auto found = vectors::analogy(table, o.a, o.b, o.c, o.count);
  const auto first = vectors::analogy(table, o.a, o.b, o.c, 1, true);
  fmt::print("{} is to {} as {} is to ...   ({} - {} + {}, query words left out)\n", o.a, o.b, o.c, o.b, o.a, o.c);
  print_list(table, found);
  if (first.empty()) return;
  fmt::print("first with the query words: {}  {:+.4f}\n", table.words[static_cast<std::size_t>(first[0].id)],
             first[0].score);
}

void show_cosine(const vectors::WordTable& table, const Options& o) {
  fmt::print("cosine of {} and {}: {:+.4f}\n", o.a, o.b, vectors::cosine(table, o.a, o.b));
}

}  // namespace
}  // namespace lexigrad::explore

int main(int argc, char** argv) {
  using namespace lexigrad::explore;
  CLI::App app("Asks a table of word vectors: neighbours, analogies, cosines.", "explore");
  Options o;
  // Not required() for CLI11, which would then take the command of `explore neighbours --help` for the table.
  app.add_option("table", o.table, "A folder written by train_embeddings, or a file of word vectors (required)");
  const auto declare_count = [&](CLI::App* command) {
    command->add_option("--count", o.count, "Most answers to print")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
  };

  CLI::App* neighbours = app.add_subcommand("neighbours", "The words nearest to each word given");
  neighbours->add_option("words", o.words, "The words")->required();
  declare_count(neighbours);
  CLI::App* analogy = app.add_subcommand("analogy", "a is to b as c is to ...: the words nearest to b - a + c");
  analogy->add_option("a", o.a, "The first word")->required();
  analogy->add_option("b", o.b, "What it leads to")->required();
  analogy->add_option("c", o.c, "The word asked about")->required();
  declare_count(analogy);
  CLI::App* cosine = app.add_subcommand("cosine", "The cosine of two words, from -1 to 1");
  cosine->add_option("a", o.a, "One word")->required();
  cosine->add_option("b", o.b, "The other word")->required();

  return lexigrad::cli::run(app, argc, argv, [&] {
    lexigrad::cli::require(!o.table.empty(),
                           "no table: expected a folder written by train_embeddings, or a file of word "
                           "vectors (see explore --help)");
    lexigrad::cli::require(neighbours->parsed() || analogy->parsed() || cosine->parsed(),
                           "no command: expected neighbours, analogy or cosine (see explore --help)");
    const auto table = read_table(o.table);
    if (neighbours->parsed()) show_neighbours(table, o);
    if (analogy->parsed()) show_analogy(table, o);
    if (cosine->parsed()) show_cosine(table, o);
    return 0;
  });
}
