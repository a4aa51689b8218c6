// trace.cpp: a text's way through the model, with the numbers and shapes it has at each place: about thirty lines of 80
// columns, however long the text and however many the blocks.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "autograd/mode.hpp"
#include "gpt2/commands.hpp"

namespace lexigrad::gpt2 {
namespace {

constexpr std::size_t most_tokens = 5, most_blocks = 12;  // more are left out in the middle

// Which of `count` things are shown: all, or the first and last ones with a gap between them.
template <class Show>
void some_of(std::size_t count, std::size_t most, const char* gap, const Show& show) {
  const std::size_t tail = count > most ? most / 2 : 0, head = count > most ? most - tail : count;
  for (std::size_t i = 0; i < head; ++i) show(i);
  if (count > most) fmt::print("{}... {} more ...\n", gap, count - most);
  for (std::size_t i = count - tail; i < count; ++i) show(i);
}

double length_of(const Tensor& row) {
  double sum = 0.0;
  for (Index i = 0; i < row.size(); ++i) sum += std::pow(static_cast<double>(row.data()[i]), 2);
  return std::sqrt(sum);
}

// "[ 0.110 -0.039  0.033 ... -0.136]  length  3.26"
std::string numbers(const Tensor& row) {
  std::string text;
  const Index shown = std::min<Index>(row.size(), 4);
  for (Index i = 0; i < shown; ++i) text += fmt::format("{:>7.3f}", static_cast<double>(row.data()[i]));
  return fmt::format("[{}{}]  length {:.3f}", text, row.size() > shown ? " ..." : "", length_of(row));
}

Tensor last_row(const Variable& h) { return h.value().reshape({h.dim(1), h.dim(2)}).rows(h.dim(1) - 1, 1); }

std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80) --most;  // whole characters
  return text.substr(0, most) + "...";
}

std::string ids_text(const std::vector<Index>& ids) { return fmt::format("[{}]", fmt::join(ids, ", ")); }

}  // namespace

void trace(const Transformer& model, const Tokens& tokens, const std::string& text) {
  const std::vector<Index> ids = short_text(model, tokens, text);
  const auto count = static_cast<Index>(ids.size());
  const TransformerOptions& o = model.options;
  const NoGrad quiet;
  std::string pieces;
  for (const Index id : ids) pieces += (pieces.empty() ? "" : " ") + tokens.quoted(id);
  fmt::print("text    {}, {} bytes\n", cut(in_quotes(text), 50), text.size());
  fmt::print("pieces  {}\n", cut(pieces, 68));
  fmt::print("ids     {}\n\n", cut(ids_text(ids), 68));

  fmt::print("wte [{}, {}]: the row of each id\n", o.vocab, o.dim);
  some_of(ids.size(), most_tokens, "  ", [&](std::size_t i) {
    fmt::print("  {:>6} {:<12} {}\n", ids[i], cut(tokens.quoted(ids[i]), 10),
               numbers(model.wte.weight.value().rows(ids[i], 1)));
  });
  fmt::print("wpe [{}, {}]: the row of each position, added\n", o.context, o.dim);
  some_of(ids.size(), most_tokens, "  ", [&](std::size_t i) {
    fmt::print("  {:>6} {:<12} {}\n", i, "", numbers(model.wpe.weight.value().rows(static_cast<Index>(i), 1)));
  });

  Variable h = model.wte(Ids(Shape{1, count}, ids)) + rows(model.wpe.weight, 0, count);
  std::vector<std::string> lines;
  for (const Block& block : model.blocks) {
    h = block(h);
    lines.push_back(numbers(last_row(h)));
  }
  if (!model.blocks.empty()) {
    fmt::print("blocks: ln_1, qkv [1, {0}, {2}], {3} heads of {4}, proj [1, {0}, {1}], added;\n", count, o.dim,
               3 * o.dim, o.heads, o.dim / o.heads);
    fmt::print("        ln_2, up [1, {0}, {2}], gelu, down [1, {0}, {1}], added → last position\n", count, o.dim,
               4 * o.dim);
  }
  some_of(lines.size(), most_blocks, "  ", [&](std::size_t i) { fmt::print("  {:>6} {:<12} {}\n", i, "", lines[i]); });
  const Variable normed = model.ln_f(h);
  fmt::print("ln_f [1, {}, {}]: of length about {:.1f} before its scale\n", count, o.dim,
             std::sqrt(static_cast<double>(o.dim)));
  fmt::print("  {:>6} {:<12} {}\n", "", "", numbers(last_row(normed)));
  const Tensor logits = model.head(rows(reshape(normed, {count, o.dim}), count - 1, 1)).value().reshape({o.vocab});
  fmt::print("logits = h · wteᵀ [1, {}, {}]: the likeliest tokens after the last position\n", count, o.vocab);
  for (const auto& [id, chance] : models::likeliest(logits, 5)) {
    fmt::print("  {:>6} {:<12} logit {:>8.3f}   chance {:>8.4f} %\n", id, cut(tokens.quoted(id), 10),
               static_cast<double>(logits.data()[id]), 100.0 * chance);
  }
}

}  // namespace lexigrad::gpt2
