// writing.cpp: generate and score: a text that the model makes, and how well it foretells one that is there.
#include <cmath>
#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

#include "gpt2/commands.hpp"
#include "models/perplexity.hpp"
#include "text/reading.hpp"

namespace lexigrad::gpt2 {
namespace {

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

void generate(const Transformer& model, const Tokens& tokens, const std::string& prompt,
              const models::GenerateOptions& given, std::uint64_t seed) {
  std::vector<Index> ids = tokens.encode(prompt);
  if (ids.empty()) {
    if (!tokens.end_of_text())
      throw ValueError("generate", "--prompt is empty, and there is no <|endoftext|> to begin with");
    ids.push_back(*tokens.end_of_text());
  }
  models::GenerateOptions options = given;
  const auto text = tokens.stream();
  options.stop = tokens.end_of_text();
  options.on_token = [&](Index id) {
    say(text(id));
    return true;
  };
  std::string notice;
  options.on_full = [&](Index kept) {
    notice = fmt::format("gpt2: {} tokens are more than the context of {}: read are the last {}\n", ids.size(),
                         model.options.context, kept);
    if (static_cast<Index>(ids.size()) <= model.options.context) {
      notice = fmt::format("gpt2: the context of {} was full: from there on the last {} tokens were kept\n",
                           model.options.context, kept);
    }
  };
  say(prompt);
  Rng rng(seed);
  models::generate(model, ids, options, rng);
  say(text(-1) + "\n");
  fmt::print(stderr, "{}", notice);  // behind the text: both may go to one terminal
}

void score(const Transformer& model, const Tokens& tokens, const std::string& file, Index stride) {
  const std::string text = text::read_text(file);
  const std::vector<Index> ids = tokens.encode(text);
  if (ids.size() < 2) {
    throw ValueError("score",
                     fmt::format("{}: {} token, expected two or more: the first is not foretold", file, ids.size()));
  }
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  const models::Score result = models::score(model, ids, stride, [&](Index done) {
    if (terminal) fmt::print(stderr, "\r{} of {} tokens", done, ids.size() - 1);
  });
  if (terminal) fmt::print(stderr, "\r\x1b[K");
  const double bits = result.nats / std::log(2.0);
  fmt::print("tokens      {}, all but the first foretold; windows of {}, {} apart\n", ids.size(),
             std::min(model.options.context, static_cast<Index>(ids.size()) - 1), stride);
  fmt::print("loss        {:.4f} nats a token\n", result.mean());
  fmt::print("perplexity  {:.2f}\n", result.perplexity());
  fmt::print("bits        {:.4f} a byte of text\n", bits / static_cast<double>(text.size()));
}

}  // namespace lexigrad::gpt2
