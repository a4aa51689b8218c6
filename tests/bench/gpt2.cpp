// gpt2.cpp: a checkpoint of GPT-2's 124M shape with random numbers, in a folder of its own: loading it, and tokens a
// second with the key-value cache.
//
// A token reads every weight once, and memory is slower than arithmetic: so the limit is the time of reading as many
// bytes, from weights that lie in memory, at the rate of a loop that only reads. The rows of wpe and wte that are
// looked up are not all read; the head reads the whole of wte.
#include <filesystem>

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "models/generate.hpp"
#include "models/gpt2_folder.hpp"
#include "nn/kv_cache.hpp"
#include "support/folder.hpp"

using namespace lexigrad;

namespace {

volatile real sink;  // results that nobody reads, so that no loop is left out

// The weights that one token reads: all but wpe.
std::vector<Tensor> read_by_a_token(const Transformer& model) {
  std::vector<Tensor> weights;
  for (const NamedParameter& p : named_parameters(const_cast<Transformer&>(model))) {
    if (p.name != "wpe.weight") weights.push_back(p.parameter.value());
  }
  return weights;
}

// Reads every number once and does nothing else with it; gives the bytes.
double read_once(const std::vector<Tensor>& weights) {
  Index numbers = 0;
  for (const Tensor& w : weights) {
    parallel_for(w.size(), 1 << 16,
                 [&](Index begin, Index end) { sink = bench::limit_loops().read(w.data() + begin, end - begin); });
    numbers += w.size();
  }
  return static_cast<double>(numbers) * sizeof(real);
}

double seconds_of(const std::function<void()>& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// A token and one pass over the weights by turns, so that what slows memory down for a while slows both.
void tokens(bench::Bench& bench, const Transformer& model, Index before, const std::string& name) {
  if (!bench.wants({name})) return;
  Rng rng(2);
  const Ids text = bench::random_ids({before}, model.options.vocab, rng);
  KeyValueCache cache(model);
  cache.read(text.values());
  const std::vector<Tensor> weights = read_by_a_token(model);
  const Index id = 262;
  std::vector<double> token, pass;
  double bytes = 0.0;
  for (int i = 0; i < (bench.is_quick() ? 7 : 41); ++i) {
    token.push_back(seconds_of([&] { cache.read({&id, 1}); }));
    pass.push_back(seconds_of([&] { bytes = read_once(weights); }));
  }
  const double seconds = median(token), limit = median(pass);
  bench.print(name, 1e3 * seconds, "ms");
  bench.print(name + "_limit", 1e3 * limit, "ms");
  bench.note(
      fmt::format("{:.1f} tokens/s; reading the {:.0f} MB once ({:.3g} GB/s) allows {:.1f}: {:.2f} times the limit",
                  1.0 / seconds, 1e-6 * bytes, 1e-9 * bytes / limit, 1.0 / limit, seconds / limit));
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
  const testing::Folder folder;
  const ThreadScope all(2);
  bench.in_own_processes([&] {
    if (std::filesystem::exists(folder.path() + "/config.json")) return;
    Rng rng(1);
    models::save_gpt2(folder.path(), Transformer(TransformerOptions{}, rng));
  });
  bench.in_own_processes([&] { run(bench, folder.path()); });
}
