// vectors.cpp: the ten nearest of 400,000 words of 300 numbers, one query and 64 at once; loading files.
//
// The limits: one query reads the table once, 64 queries are a matrix product. Text is measured in MB/s of the file on
// one thread, binary files against the bandwidth.
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "bench/bench.hpp"
#include "tensor/create.hpp"
#include "tensor/ops.hpp"
#include "vectors/formats.hpp"
#include "vectors/search.hpp"
#include "vectors/word2vec_binary.hpp"
#include "vectors/word2vec_text.hpp"

using namespace lexigrad;

namespace {

vectors::WordTable noise(Index words, Index dim) {
  Rng rng(1);
  std::vector<std::string> names;
  for (Index i = 0; i < words; ++i) names.push_back(fmt::format("w{}", i));
  return {names, normal({words, dim}, rng)};
}

void nearest(bench::Bench& bench) {
  constexpr Index words = 400000, dim = 300;
  if (!bench.wants({"top10_400000x300", "top10_400000x300_batch64", "read_400000x300"})) return;
  const vectors::WordTable table = noise(words, dim);
  const double bytes = static_cast<double>(words * dim) * sizeof(real);
  // Reading the table once, summed by all threads as the searches do: what a query cannot be faster than.
  const bench::LimitLoops& loops = bench::limit_loops();
  double sum = 0.0;
  const double read = bench.time("read_400000x300", [&] {
    constexpr Index block = 1 << 18;
    sum = parallel_sum(words * dim, block,
                       [&](Index begin, Index end) { return loops.read(table.vectors.data() + begin, end - begin); });
  });
  if (sum == 0.5) bench.note("the sum is used, so that it is computed");
  std::vector<vectors::Query> queries;
  for (Index row = 0; row < 64; ++row) queries.push_back({table.unit_row(row), {row}});
  const std::vector<vectors::Query> single{queries.front()};
  const double one = bench.time("top10_400000x300", [&] { vectors::search(table, single, 10); });
  bench.share_of_bandwidth(bytes, one, bytes);
  if (read > 0.0 && one > 0.0) bench.note(fmt::format("{:.2f} times as long as reading the table once", one / read));
  const double many = bench.time("top10_400000x300_batch64", [&] { vectors::search(table, queries, 10); });
  bench.share_of_peak(2.0 * 64 * static_cast<double>(words * dim), many);
  const Tensor matrix = table.vectors.rows(0, 64).clone();
  const double product = bench.time("matmul_400000x64x300", [&] { matmul(table.vectors, matrix, Transpose::b); });
  if (product > 0.0)
    bench.note(fmt::format("64 queries take {:.2f} times as long as the plain product", many / product));
}

void loading(const bench::Bench& bench) {
  if (!bench.wants({"load_text", "load_binary"})) return;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("lexigrad-bench-{}", ::getpid());
  std::filesystem::create_directories(folder);
  const auto rate = [&](const std::string& name, const std::string& path) {
    const double megabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
    const double seconds = bench.median([&] { vectors::load_table(path); }, {.seconds = 3.0});
    bench.print(name, megabytes / seconds, "MB/s");
  };
  // Text as GloVe's files have it: five decimals. Numbers of our own writer have up to nine digits.
  vectors::WordTable table = noise(40000, 100);
  const std::string full = (folder / "full.txt").string(), rounded = (folder / "rounded.txt").string();
  vectors::write_word2vec_text(full, table);
  Tensor short_numbers = table.vectors.clone();
  real* out = short_numbers.mutable_data();
  for (Index i = 0; i < short_numbers.size(); ++i)
    out[i] = static_cast<real>(static_cast<double>(static_cast<long>(static_cast<double>(out[i]) * 1e5)) / 1e5);
  vectors::write_word2vec_text(rounded, vectors::WordTable(table.words, short_numbers));
  rate("load_text_5_decimals", rounded);
  rate("load_text_all_digits", full);
  const std::string binary = (folder / "table.bin").string();
  vectors::write_word2vec_binary(binary, noise(300000, 300));
  rate("load_binary_300000x300", binary);
  std::filesystem::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv) {
  bench::Bench bench(argc, argv, "Nearest neighbours in a large table, and loading tables from files.", {1, 2});
  bench.for_threads([&] {
    nearest(bench);
    loading(bench);
  });
}
