// gpt2.cpp: a checkpoint of GPT-2's 124M shape with random numbers, in a folder of its own: loading it, and tokens a
// second with the key-value cache.
//
// A token reads every weight once, and memory is slower than arithmetic: so the limit is the time of reading as many
// bytes, from weights that lie in memory, at the rate of a loop that only reads. The rows of wpe and wte that are
// looked up are not all read; the head reads the whole of wte.
#include <filesystem>

#include <fmt/core.h>
#include <unistd.h>

#include "bench/bench.hpp"
#include "models/generate.hpp"
#include "models/gpt2_folder.hpp"
#include "nn/kv_cache.hpp"

using namespace lexigrad;

namespace {

class Folder {
 public:
  Folder() { std::filesystem::create_directories(path_); }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / fmt::format("lexigrad-bench-gpt2-{}", ::getpid());
};

// Bytes of weights that one token reads: all but wpe.
double bytes_a_token(const TransformerOptions& o) {
  return static_cast<double>(o.vocab * o.dim + 12 * o.layers * o.dim * o.dim) * sizeof(real);
}

void tokens(bench::Bench& bench, const Transformer& model, Index before, const std::string& name) {
  if (!bench.wants({name})) return;
  Rng rng(2);
  const Ids text = bench::random_ids({before}, model.options.vocab, rng);
  KeyValueCache cache(model);
  cache.read(text.values());
  const Index id = 262;
  const double seconds = bench.time(name,
                                    [&] {
                                      if (cache.room() == 0) {
                                        cache.clear();
                                        cache.read(text.values());
                                      }
                                      cache.read({&id, 1});
                                    },
                                    {.seconds = 4.0, .most = 60});
  const double bytes = bytes_a_token(model.options);
  const double limit = bench::measure_traffic(bench, bench::Traffic::read, Index{512} << 20);
  bench.note(
      fmt::format("{:.1f} tokens/s; weights {:.0f} MB at {:.3g} GB/s; reading alone at {:.3g} GB/s takes {:.3g} ms: "
                  "{:.2f} times as long",
                  1.0 / seconds, 1e-6 * bytes, 1e-9 * bytes / seconds, limit, 1e-6 * bytes / limit,
                  seconds / (1e-9 * bytes / limit)));
}

void run(bench::Bench& bench, const std::string& folder) {
  bench.time("gpt2_124m_load", [&] { models::load_model(folder); }, {.seconds = 6.0, .least = 3, .most = 7});
  bench.print_peak_memory("gpt2_124m_load_rss");
  if (!bench.wants({"gpt2_124m_token", "gpt2_124m_token_after_900", "gpt2_124m_prompt_512"})) return;
  const Transformer model = models::load_model(folder);
  tokens(bench, model, 16, "gpt2_124m_token");
  tokens(bench, model, 900, "gpt2_124m_token_after_900");
  Rng rng(3);
  const Ids prompt = bench::random_ids({512}, model.options.vocab, rng);
  bench.time("gpt2_124m_prompt_512",
             [&] {
               KeyValueCache cache(model);
               cache.read(prompt.values());
             },
             {.seconds = 5.0, .least = 3});
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "GPT-2 124M, random weights: loading, tokens a second.", {1, 2});
  const Folder folder;
  const ThreadScope all(2);
  bench.in_own_processes([&] {
    if (std::filesystem::exists(folder.path() + "/config.json")) return;
    Rng rng(1);
    models::save_gpt2(folder.path(), Transformer(TransformerOptions{}, rng));
  });
  bench.in_own_processes([&] { run(bench, folder.path()); });
}
