// looking.cpp: what the model is, how tokens lie in its table, and what it expects next.
#include <fmt/format.h>

#include "autograd/mode.hpp"
#include "gpt2/commands.hpp"
#include "nn/kv_cache.hpp"
#include "nn/summary.hpp"
#include "vectors/neighbours.hpp"

namespace lexigrad::gpt2 {
namespace {

// The rows of wte, for searching; ids stand for the words.
vectors::WordTable table_of(const Transformer& model) {
  std::vector<std::string> names;
  for (Index id = 0; id < model.options.vocab; ++id) names.push_back(std::to_string(id));
  return vectors::WordTable(std::move(names), model.wte.weight.value());
}

// The row of a token, which must point somewhere.
std::vector<double> direction(const vectors::WordTable& table, const Tokens& tokens, Index id) {
  if (!table.has_direction(id)) {
    throw ValueError("gpt2", fmt::format("the row of {} has no direction: it is zero or no number", tokens.quoted(id)));
  }
  return table.unit_row(id);
}

std::vector<Index> ids_of(const Tokens& tokens, const std::vector<std::string>& words) {
  std::vector<Index> ids;
  for (const std::string& word : words) ids.push_back(tokens.one(word));
  return ids;
}

}  // namespace

std::vector<Index> short_text(const Transformer& model, const Tokens& tokens, const std::string& text) {
  std::vector<Index> ids = tokens.encode(text);
  if (ids.empty()) throw ValueError("gpt2", "the text is empty: expected one token or more");
  if (static_cast<Index>(ids.size()) > model.options.context) {
    throw ValueError(
        "gpt2", fmt::format("the text is {} tokens, more than the context of {}", ids.size(), model.options.context));
  }
  return ids;
}

void info(const Transformer& model) {
  const TransformerOptions& o = model.options;
  fmt::print("{}\n\n", model);
  fmt::print("{} blocks, {} wide, {} heads of {}; vocabulary {}, context {}; layer norm epsilon {:g}\n", o.layers,
             o.dim, o.heads, o.dim / o.heads, o.vocab, o.context, o.layer_norm_epsilon);
}

void neighbours(const Transformer& model, const Tokens& tokens, const std::vector<std::string>& words, Index count) {
  const std::vector<Index> ids = ids_of(tokens, words);  // all are known before the first is answered
  const vectors::WordTable table = table_of(model);
  for (const Index id : ids) {
    const std::vector<double> row = direction(table, tokens, id);
    fmt::print("near {} (id {}) in wte, by cosine\n", tokens.quoted(id), id);
    int place = 0;
    for (const auto& [other, cosine] : vectors::nearest(table, row, count, {id})) {
      fmt::print("{:>4}  {:+.4f}  {:>6}  {}\n", ++place, cosine, other, tokens.quoted(other));
    }
  }
}

void cosines(const Transformer& model, const Tokens& tokens, const std::vector<std::string>& words) {
  const std::vector<Index> ids = ids_of(tokens, words);
  const vectors::WordTable table = table_of(model);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (std::size_t j = i + 1; j < ids.size(); ++j) {
      direction(table, tokens, ids[j]);
      const double cosine = table.unit_dot(ids[j], direction(table, tokens, ids[i]));
      fmt::print("{:+.4f}  {}  {}\n", cosine, tokens.quoted(ids[i]), tokens.quoted(ids[j]));
    }
  }
}

void next(const Transformer& model, const Tokens& tokens, const std::string& text, Index count) {
  const std::vector<Index> ids = short_text(model, tokens, text);
  KeyValueCache cache(model);
  fmt::print("after {}\n", in_quotes(text));
  for (const auto& [id, chance] : models::likeliest(cache.read(ids), count)) {
    fmt::print("{:>9.4f} %  {:>6}  {}\n", 100.0 * chance, id, tokens.quoted(id));
  }
}

}  // namespace lexigrad::gpt2
