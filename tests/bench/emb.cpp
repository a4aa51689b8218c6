// emb.cpp: looking ids up in a table, and the way back: 16384 ids in tables of real size.
//
// A lookup's gradient is always rows here. `sparse` figures take it as it is, `dense` ones make a tensor of the table's
// size of it first, as PyTorch does by default. Adam: `sparse` is RowUpdate::lazy, `dense` steps the whole table.
#include <fmt/core.h>

#include "autograd/mode.hpp"
#include "bench/bench.hpp"
#include "nn/embedding.hpp"
#include "nn/optim.hpp"
#include "tensor/create.hpp"

using namespace lexigrad;

namespace {

constexpr Index count = 16384;

void forward(bench::Bench& bench, const Embedding& table, const Ids& ids, const std::string& name) {
  const NoGrad quiet;
  const double seconds = bench.time(name, [&] { table(ids); });
  if (seconds <= 0.0) return;
  const double bytes = 2.0 * static_cast<double>(count * table.embedding_dim()) * sizeof(real);
  bench.print(name + "_GBps", 1e-9 * bytes / seconds, "GB/s");
  bench.share_of_bandwidth(bytes, seconds, bytes);
}

void backward(const Embedding& table, const Ids& ids, const Tensor& dy, bool dense) {
  table.weight.gradient().clear();
  table(ids).backward(dy);
  if (dense) table.weight.gradient() = table.weight.grad().dense();
}

void table_of_gpt2(bench::Bench& bench) {
  constexpr Index vocab = 50257, dim = 768;
  Rng rng(1);
  const Tensor dy = normal({count, dim}, rng);
  const Ids ids = bench::random_ids({count}, vocab, rng);
  const std::string size = "50257x768_16k";
  for (const bool dense : {true, false}) {
    const Embedding table(vocab, dim, rng);
    const std::string kind = dense ? "dense_" : "sparse_";
    if (dense) forward(bench, table, ids, "emb_fwd_" + size);
    bench.time("emb_fwdbwd_" + kind + size, [&] { backward(table, ids, dy, dense); });
    Sgd sgd(named_parameters(table), {.lr = 0.1});
    bench.time("emb_fwdbwd_sgd_" + kind + size, [&] {
      backward(table, ids, dy, dense);
      sgd.step();
    });
    Adam adam(named_parameters(table), {.rows = dense ? RowUpdate::dense : RowUpdate::lazy});
    bench.time("emb_fwdbwd_adam_" + kind + size, [&] {
      backward(table, ids, dy, dense);
      adam.step();
    });
  }
  std::vector<Index> skewed;  // most ids are small, so many repeat
  for (Index i = 0; i < count; ++i) {
    const double u = rng.uniform();
    skewed.push_back(static_cast<Index>(u * u * u * u * static_cast<double>(vocab)));
  }
  const Ids repeated(skewed);
  const Embedding table(vocab, dim, rng);
  bench.time("emb_fwdbwd_dense_skewed_" + size, [&] { backward(table, repeated, dy, true); });
}

void table_of_vectors(bench::Bench& bench) {
  if (!bench.wants({"emb_fwd_400000x300_16k", "emb_fwd_400000x300_16k_GBps"})) return;
  Rng rng(1);
  const Embedding table(400000, 300, rng);
  forward(bench, table, bench::random_ids({count}, 400000, rng), "emb_fwd_400000x300_16k");
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Looking ids up in tables, and the gradients of it.");
  bench.in_own_processes([&] {
    table_of_gpt2(bench);
    table_of_vectors(bench);
    bench.print_peak_memory("emb_rss");
  });
}
