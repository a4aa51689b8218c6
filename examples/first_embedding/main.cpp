// main.cpp of first_embedding: an embedding in five short parts: what it is, what it is not, how it learns, its size.
//
// One screen, no files, no data. Reading order: lookup.cpp, learning.cpp, sizes.cpp; then the program train_embeddings,
// which does with a real text what part 4 does with four sentences.
#include <cstdint>

#include "cli.hpp"
#include "first_embedding/sections.hpp"

namespace lexigrad::first_embedding {
namespace {

int body(std::uint64_t seed) {
  const Rng rng(seed);
  show_lookup(rng.fork("lookup"));
  show_labels();
  show_one_step(rng.fork("one step"));
  show_learning(rng.fork("learning"));
  show_sizes(rng.fork("sizes"));
  fmt::print("\nNext: train_embeddings, where rows of noise become neighbours, analogies and a map.\n");
  return 0;
}

}  // namespace

std::string thousands(Index number) {
  std::string text = fmt::format("{}", number);
  for (auto at = static_cast<int>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return text;
}

void heading(int number, const char* title) { fmt::print("{}── {}. {} ──\n", number > 1 ? "\n" : "", number, title); }

}  // namespace lexigrad::first_embedding

int main(int argc, char** argv) {
  CLI::App app("A first embedding: a table, a lookup, one step of training, and what it all means.", "first_embedding");
  std::uint64_t seed = 1;
  app.add_option("--seed", seed, "Seed of all random numbers")->check(lexigrad::cli::seed())->capture_default_str();
  return lexigrad::cli::run(app, argc, argv, [&] { return lexigrad::first_embedding::body(seed); });
}
