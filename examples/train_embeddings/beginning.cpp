// beginning.cpp: looking rows up, centring and scaling them.
#include "train_embeddings/beginning.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tensor/ops.hpp"
#include "text/utf8.hpp"
#include "vectors/formats.hpp"

namespace lexigrad::train_embeddings {
namespace {

// The row of each token in the file's table; -1 where it has none.
std::vector<Index> find_rows(const vectors::WordTable& from, const Lexicon& lexicon) {
  std::vector<Index> rows;
  for (Index id = 0; id < lexicon.size(); ++id) {
    const std::string& token = lexicon.names[static_cast<std::size_t>(id)];
    auto row = from.find(token);
    if (!row) row = from.find(text::lowercase(token));
    rows.push_back(row && from.has_direction(*row) ? *row : -1);
  }
  return rows;
}

}  // namespace

std::string begin_with(Model& model, const Lexicon& lexicon, const std::string& path) {
  const vectors::WordTable from = vectors::load_table(path);
  Tensor table = model.transformer.wte.weight.writable();
  const Index dim = table.dim(1);
  if (from.dim() != dim) {
    throw FileError(
        "--init", fmt::format("{} has {} numbers a word; expected {}, or --dim {}", path, from.dim(), dim, from.dim()));
  }
  const std::vector<Index> rows = find_rows(from, lexicon);
  const auto found = static_cast<double>(std::count_if(rows.begin(), rows.end(), [](Index row) { return row >= 0; }));
  if (found == 0.0)
    throw FileError("--init", fmt::format("{} has none of the {} words of the text", path, lexicon.size()));

  std::vector<double> mean(static_cast<std::size_t>(dim), 0.0);
  const auto at = [&](Index row, Index i) { return static_cast<double>(from.vectors.data()[row * dim + i]); };
  for (const Index row : rows) {
    for (Index i = 0; i < dim && row >= 0; ++i) mean[static_cast<std::size_t>(i)] += at(row, i) / found;
  }
  double squares = 0.0;
  for (const Index row : rows) {
    for (Index i = 0; i < dim && row >= 0; ++i) squares += std::pow(at(row, i) - mean[static_cast<std::size_t>(i)], 2);
  }
  const double noise = std::sqrt(sum_squares(table) / static_cast<double>(table.size()));
  const double scale = squares > 0.0 ? noise / std::sqrt(squares / (found * static_cast<double>(dim))) : 0.0;
  real* out = table.mutable_data();
  for (std::size_t id = 0; id < rows.size(); ++id) {
    real* to = out + static_cast<Index>(id) * dim;
    for (Index i = 0; i < dim && rows[id] >= 0; ++i)
      to[i] = static_cast<real>(scale * (at(rows[id], i) - mean[static_cast<std::size_t>(i)]));
  }
  return fmt::format("table: {:.0f} of {} words begin with the vectors of {}\n", found, rows.size(), path);
}

}  // namespace lexigrad::train_embeddings
